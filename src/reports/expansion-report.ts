// An expansion as text for the terminal: what was added, what it saves, where it is, and the certificate.

import { type BeforeAndAfter, charactersNote } from "../artifacts/model-card.ts";
import type { ExpansionResult } from "../pipeline/expansion-result.ts";
import { KNOWN_TOKENIZERS } from "../tokenizer/known-tokenizers.ts";
import { certificateReport } from "./certificate-report.ts";
import { formatBytes, formatCount, formatRatio, formatShare } from "./format.ts";
import { bold, type ReportOptions } from "./style.ts";
import { renderTable, type TableColumn } from "./text-table.ts";
import { visibleText } from "./visible-text.ts";

export function expansionReport(result: ExpansionResult, options: ReportOptions): string {
  const { languages, base, added } = result;
  const name = visibleText(base.name).replaceAll("␣", " ");
  const heading = `${bold(`${name} + ${formatCount(added.tokens)} tokens`, options)} for ${languages.map(({ tag, name: language }) => `${language} (${tag})`).join(", ")}`;
  const blocks = [
    `${heading}\n${notes(result).join("\n")}`,
    textTable(result, options),
    unknownNotes(result),
    result.findings.map((finding) => `- ${finding}`).join("\n"),
    certificateReport(result.certificate, options).trimEnd(),
    closing(result),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function notes({
  base,
  model,
  target,
  added,
  placement,
  method,
  relaxed,
  stopped,
  recommended,
}: ExpansionResult): string[] {
  const last = added.firstId + added.tokens - 1;
  const rows = base.embeddingRows === null ? "rows not known" : `${formatCount(base.embeddingRows)} rows`;
  return [
    `- ids ${formatCount(added.firstId)} to ${formatCount(last)}, ${model === "unigram" ? "scores fitted on the counts" : `${formatCount(added.merges)} merges`}${stopped === undefined ? "" : `; ${stopped}`}`,
    ...(recommended === undefined ? [] : [`- ${recommended}`]),
    ...countNote(added.characters, "is a single character", "are single characters", charactersNote(model)),
    ...countNote(added.stones, "stops", "stop", "inside a character, on the way to others"),
    ...countNote(
      added.revived,
      "token of the base is",
      "tokens of the base are",
      "made by new merges: check their rows",
    ),
    ...(relaxed ? ["- words hold combining marks: the pre-tokenizer is not the base's"] : []),
    `- embeddings: ${rows} → at least ${formatCount(target.embeddingRows ?? target.vocabSize)} (${placement}); new rows by ${method}`,
  ];
}

function countNote(count: number, one: string, many: string, rest: string): string[] {
  return count === 0 ? [] : [`- ${formatCount(count)} ${count === 1 ? one : many} ${rest}`];
}

const COLUMNS: readonly TableColumn[] = [
  "text",
  "documents",
  "size",
  "tokens before",
  "after",
  "change",
  "fertility before",
  "after",
  "floor",
].map((title, i) => ({ title, align: i === 0 ? "left" : "right" }));

function textTable({ texts }: ExpansionResult, options: ReportOptions): string {
  const rows = texts.flatMap(({ tag, training, heldOut }) => [
    ...(heldOut === undefined ? [] : [textRow(`held-out, ${tag}`, heldOut)]),
    textRow(`training, ${tag}`, training),
  ]);
  return rows.length === 0 ? "" : renderTable(COLUMNS, rows, options);
}

function unknownNotes({ texts }: ExpansionResult): string {
  const lines = texts.flatMap(({ tag, training, heldOut }) => [
    ...unknownNote(`held-out, ${tag}`, heldOut),
    ...unknownNote(`training, ${tag}`, training),
  ]);
  return lines.join("\n");
}

// Under the base many unknown characters side by side are one token, so that more tokens can be less that is lost.
function unknownNote(name: string, text: BeforeAndAfter | undefined): string[] {
  const [before, after] = text?.unknownTokens ?? [];
  if (before === undefined || after === undefined) return [];
  return [
    `- ${name}: ${formatCount(before)} → ${formatCount(after)} unknown tokens, each of one or more characters`,
  ];
}

function textRow(name: string, { documents, bytes, tokens, fertility, floor }: BeforeAndAfter): string[] {
  const [before, after] = tokens;
  return [
    name,
    formatCount(documents),
    formatBytes(bytes),
    formatCount(before),
    formatCount(after),
    before === 0 ? "n/a" : formatShare(after / before - 1).replace("-", "−"),
    formatRatio(fertility?.[0], 3),
    formatRatio(fertility?.[1], 3),
    formatRatio(floor?.[1], 3),
  ];
}

function closing({ base, out, texts }: ExpansionResult): string {
  const known = KNOWN_TOKENIZERS.find(({ id }) => id === base.tokenizer);
  return [
    ...(texts.some(({ heldOut }) => heldOut === undefined)
      ? ["no text was held out: the figures of the training text flatter"]
      : []),
    `written: ${visibleText(out).replaceAll("␣", " ")} (README.md there says how to go on)`,
    ...(known === undefined
      ? []
      : [`licence of the base: ${known.licence.name}: ${known.licence.conditions}`]),
  ].join("\n");
}
