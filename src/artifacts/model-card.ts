// README.md of the artifact folder: what a model card has to say of the expanded tokenizer, and how to go on from here.

import type { PlanMethod } from "../embeddings/methods.ts";
import type { EmbeddingPlan } from "../embeddings/plan.ts";
import { KNOWN_TOKENIZERS } from "../tokenizer/known-tokenizers.ts";
import { version } from "../version.ts";

/** Figures of one text under the base and under the expanded tokenizer. */
export interface BeforeAndAfter {
  readonly documents: number;
  readonly bytes: number;
  /** SHA-256 of the text's files, or of the corpus that it is a part of. */
  /** Absent for counts that another program made. */
  readonly sha256?: string | undefined;
  /** Where it is a part: one document in so many of the corpus, chosen by a seeded hash. */
  readonly every?: number | undefined;
  readonly seed?: number | undefined;
  readonly tokens: readonly [before: number, after: number];
  /** Tokens that stand for characters which the tokenizer does not know; absent where there are none. */
  readonly unknownTokens?: readonly [before: number, after: number] | undefined;
  /** Tokens per word; absent where words were not counted. */
  readonly fertility?: readonly [before: number, after: number] | undefined;
  /** The least fertility that added tokens can reach; differs where the pre-tokenizer was relaxed. */
  readonly floor?: readonly [before: number, after: number] | undefined;
  readonly bytesPerToken?: readonly [before: number, after: number] | undefined;
}

/** What the folder holds, as data: also the core of what the verb `expand` returns. */
export interface ExpansionSummary {
  readonly languages: readonly { readonly tag: string; readonly name: string }[];
  readonly base: EmbeddingPlan["base"] & { readonly name: string; readonly source: string };
  /** Kind of the tokenizer's model. */
  readonly model: "bpe" | "unigram";
  readonly target: EmbeddingPlan["target"];
  readonly placement: EmbeddingPlan["placement"];
  readonly method: PlanMethod;
  readonly added: {
    readonly tokens: number;
    readonly firstId: number;
    readonly merges: number;
    /** Tokens that stop inside a character and only lead to others. */
    readonly stones: number;
    /** Single characters that the base spells in bytes. */
    readonly characters: number;
    /** Tokens of the base that only new merges make. */
    readonly revived: number;
  };
  readonly relaxed: boolean;
  /** By language; empty where candidates came from a file and no text was named. */
  readonly texts: readonly MeasuredTexts[];
}

export interface MeasuredTexts {
  /** Of the language. */
  readonly tag: string;
  readonly training: BeforeAndAfter;
  readonly heldOut?: BeforeAndAfter | undefined;
}

/** One line of the certificate. */
export interface CheckLine {
  readonly id: string;
  readonly ok: boolean;
  readonly detail: string;
}

export function modelCard(
  summary: ExpansionSummary,
  checks: readonly CheckLine[],
  leftOut: readonly string[],
): string {
  return `${[
    ...heading(summary),
    ...measured(summary),
    ...guarantees(checks),
    ...embeddings(summary),
    ...licence(summary),
    ...files(leftOut),
  ].join("\n")}\n`;
}

function heading({ languages, base, model, added, relaxed }: ExpansionSummary): string[] {
  const last = added.firstId + added.tokens - 1;
  const ids = added.tokens === 0 ? "no new ids" : `ids ${added.firstId} to ${last}`;
  const notes = [
    added.characters > 0 ? `${count(added.characters)} single characters ${charactersNote(model)}` : "",
    added.stones > 0 ? `${count(added.stones)} that stop inside a character and lead to others` : "",
    added.revived > 0 ? `new merges also make ${count(added.revived)} tokens of the base` : "",
  ].filter((note) => note !== "");
  return [
    `# ${base.name} with ${count(added.tokens)} tokens for ${languages.map(({ tag, name }) => `${name} (${tag})`).join(", ")}`,
    "",
    `The tokenizer of ${base.name} (\`${base.source}\`, SHA-256 \`${base.sha256}\`, ${count(base.vocabSize)} ids) with`,
    ...(model === "unigram"
      ? [
          `${count(added.tokens)} more pieces (${ids}) behind its own. Unigram: scores fitted on the counts of the training text, the`,
          `base's scores as they were, with vocab ${version}.${among(notes)}`,
          "",
          "Every id of the base keeps its piece and its score. That text is only cut more coarsely is *not* guaranteed for a Unigram",
          "model: where a new piece occurs, the best path around it can be another. Text without a character of the new pieces is cut",
          "as before; what changes in other languages of the script is measured below (G6).",
        ]
      : [
          `${count(added.tokens)} more tokens (${ids}) and ${count(added.merges)} merges behind its own, learned by continued BPE with`,
          `vocab ${version}.${among(notes)}`,
          "",
          "Every id of the base keeps its token, and its merges keep their ranks: text is cut as before, or more coarsely.",
        ]),
    ...(relaxed
      ? [
          "",
          "**The pre-tokenizer is not the base's**: words hold combining marks (`\\p{L}` became `[\\p{L}\\p{M}]`). Text with such",
          "marks is cut in other places than by the base even where no new token occurs (G13 below).",
        ]
      : []),
    "",
  ];
}

function among(notes: readonly string[]): string {
  return notes.length === 0 ? "" : ` Among them: ${notes.join("; ")}.`;
}

/** What single characters are. */
export function charactersNote(model: ExpansionSummary["model"]): string {
  return model === "unigram" ? "that the base has no piece for" : "that the base spells in bytes";
}

function measured(summary: ExpansionSummary): string[] {
  const texts = summary.texts.flatMap(({ tag, training, heldOut }) => [
    ...(heldOut === undefined ? [] : [{ name: `held-out, ${tag}`, ...heldOut }]),
    { name: `training, ${tag}`, ...training },
  ]);
  if (texts.length === 0) return [];
  const isJudged = summary.texts.every(({ heldOut }) => heldOut !== undefined);
  return [
    "## Measured",
    "",
    "| text | documents | tokens before | after | change | tokens per word | floor | bytes per token |",
    "| --- | --: | --: | --: | --: | --- | --- | --- |",
    ...texts.map(
      ({ name, documents, tokens, fertility, floor, bytesPerToken }) =>
        `| ${name} | ${count(documents)} | ${count(tokens[0])} | ${count(tokens[1])} | ${change(tokens)} | ${pair(fertility)} | ${pair(floor)} | ${pair(bytesPerToken)} |`,
    ),
    "",
    ...texts.map(({ name, bytes, sha256, every, seed }) => {
      const part =
        every === undefined ? "" : `one document in ${every} (seed ${seed}) of the corpus with the `;
      return `- ${name}: ${count(bytes)} bytes, ${part}${sha256 === undefined ? "of unknown files" : `SHA-256 \`${sha256}\``}`;
    }),
    ...texts.flatMap(({ name, unknownTokens: unknown }) =>
      unknown === undefined
        ? []
        : [`- ${name}: ${count(unknown[0])} unknown tokens before, ${count(unknown[1])} after`],
    ),
    ...(isJudged ? [] : ["- no text was held out: the figures of the training text flatter"]),
    "",
  ];
}

function pair(values: readonly [number, number] | undefined): string {
  return values === undefined ? "n/a" : `${values[0].toFixed(3)} → ${values[1].toFixed(3)}`;
}

function guarantees(checks: readonly CheckLine[]): string[] {
  return [
    "## Guarantees",
    "",
    "Checked by `vocab verify`; `certificate.json` has the figures.",
    "",
    ...checks.map(({ id, ok, detail }) => `- ${id} ${ok ? "holds" : "**does not hold**"}: ${detail}`),
    "",
  ];
}

function embeddings({ base, target, method, placement }: ExpansionSummary): string[] {
  const rows = base.embeddingRows === null ? "unknown" : count(base.embeddingRows);
  return [
    "## Embeddings",
    "",
    `Rows of the embedding matrix: ${rows} in the base, at least ${count(target.embeddingRows ?? target.vocabSize)} now (placement`,
    `\`${placement}\`${target.padToMultipleOf === null ? "" : `, a multiple of ${target.padToMultipleOf}`}). What the new rows start from is data in \`embedding-plan.json\` (method \`${method}\`). With transformers:`,
    "",
    "```sh",
    "python finetune/resize_embeddings.py --model BASE_MODEL --out RESIZED_MODEL",
    "```",
    "",
    "The new rows are a starting point: the model has to be trained on text of the language before they are of use.",
    "",
  ];
}

function licence({ base }: ExpansionSummary): string[] {
  const known = KNOWN_TOKENIZERS.find(({ id }) => id === base.tokenizer);
  return [
    "## Licence",
    "",
    known === undefined
      ? "This tokenizer is derived from the base's: the licence of the base model applies to it, with all its conditions."
      : `Derived from ${known.name} (${known.maker}), ${known.licence.name}. Conditions: ${known.licence.conditions}.`,
    "The tokenizer was modified: tokens were added as described above.",
    "",
  ];
}

function files(leftOut: readonly string[]): string[] {
  return [
    "## Files",
    "",
    "- `tokenizer.json`, `tokenizer_config.json`: for `AutoTokenizer.from_pretrained` on this folder; the class named there",
    "  is one with which transformers keeps the pre-tokenizer as it is written",
    "- `embedding-plan.json`: what the rows of the new ids start from; `finetune/resize_embeddings.py` carries it out",
    "- `new-tokens.tsv`: the new tokens, with their constituents and how often they occur in the training text",
    "- `certificate.json`: what was checked, with the hashes of the inputs",
    ...(leftOut.length === 0
      ? []
      : [
          `- left out, since they hold the base's vocabulary: ${leftOut.map((name) => `\`${name}\``).join(", ")}`,
        ]),
  ];
}

/** 12345 → "12,345", whatever the machine's language. */
function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

function change([before, after]: readonly [number, number]): string {
  if (before === 0) return "n/a";
  const percent = (100 * (after - before)) / before;
  return `${percent <= 0 ? "−" : "+"}${Math.abs(percent).toFixed(1)} %`;
}
