// The verb `expand`: learns tokens, enters them into the base's tokenizer.json, plans their embeddings, verifies the result
// and writes the artifact folder; or writes nothing and says why.

import { createHash } from "node:crypto";
import { artifactFiles } from "../artifacts/artifact-files.ts";
import { requireReplaceable, writeArtifactFolder } from "../artifacts/folder.ts";
import { type ExpansionSummary, modelCard } from "../artifacts/model-card.ts";
import type { PlanMethod } from "../embeddings/methods.ts";
import { type EmbeddingPlan, makePlan } from "../embeddings/plan.ts";
import { scriptRows } from "../embeddings/script-rows.ts";
import { expandTokenizerJson } from "../expansion/expand-tokenizer-json.ts";
import { type Placement, type PlacementOptions, placeRows } from "../expansion/placement.ts";
import { canonicalJson } from "../io/canonical-json.ts";
import { type Language, resolveLanguage } from "../text/languages.ts";
import type { LoadedTokenizer } from "../tokenizer/load-tokenizer.ts";
import { parseTokenizerJson } from "../tokenizer/parse-tokenizer-json.ts";
import { Tokenizer } from "../tokenizer/tokenizer.ts";
import type { LearnedTokens } from "../training/candidates.ts";
import type { Certificate } from "../verification/certificate.ts";
import type { Budgets } from "../verification/panel-budget.ts";
import { type ExpansionBase, loadBase } from "./expansion-base.ts";
import { type ExpansionLearning, type LearningOptions, learnForExpansion } from "./expansion-learning.ts";
import { type MeasuredExpansion, measureExpansion } from "./expansion-measurement.ts";
import type { ExpansionResult } from "./expansion-result.ts";
import { type Run, startRun } from "./run-record.ts";
import type { RunText } from "./run-text.ts";
import { panelTexts, type TextOptions } from "./verification-texts.ts";
import { verifyUnfinished } from "./verify-unfinished.ts";

export interface ExpandOptions extends LearningOptions {
  /** Known name or path of the tokenizer to expand. */
  readonly base: string;
  /** Artifact folder to write; one of ours is replaced. */
  readonly out: string;
  /** Default "append". */
  readonly placement?: Placement | undefined;
  /** Rows of the base's embedding matrix. Default: where they are known. */
  readonly embeddingRows?: number | undefined;
  /** The rows become a multiple of this. Default: as many as needed. */
  readonly padTo?: number | undefined;
  /** Words may hold combining marks. Default: the pre-tokenizer stays as it is. */
  readonly relaxPreTokenizer?: "marks" | undefined;
  /** Globs of text of other languages that is reported on. Default: the declarations and code. */
  readonly panel?: readonly string[] | undefined;
  /** Share of the documents that may change, by the name of a panel text. Default: 0 for "en" and "code". */
  readonly budgets?: Budgets | undefined;
  /** Default "mean". */
  readonly method?: PlanMethod | undefined;
}

/**
 * @param lang BCP 47 tag
 * @throws VocabError whose `kind` says whether the request or the contents of a file is wrong; `guarantee-failed` when the
 * result does not hold what it promises
 */
export async function expand(lang: string, options: ExpandOptions): Promise<ExpansionResult> {
  const run = startRun();
  const language = resolveLanguage(lang);
  await requireReplaceable(options.out);
  const base = run.loading(() =>
    loadBase(options.base, {
      relaxPreTokenizer: options.relaxPreTokenizer,
      embeddingRows: options.embeddingRows,
    }),
  );
  const rows = placementOf(base, options);
  // What cannot fit is known before anything is read.
  if (typeof options.add === "number")
    placeRows(base.loaded.tokenizer.definition.vocabSize, options.add, rows);
  const learning = await learnForExpansion(language, base, options);
  options.onProgress?.({ phase: "expanding" });
  return new Expansion(language, base, rows, learning, options).write(run);
}

function placementOf({ embeddingRows }: ExpansionBase, options: ExpandOptions): PlacementOptions {
  return { placement: options.placement ?? "append", embeddingRows, padToMultipleOf: options.padTo };
}

/** What was learned, on its way into a folder. */
class Expansion {
  private readonly language: Language;
  private readonly base: ExpansionBase;
  private readonly learned: LearnedTokens;
  private readonly learning: ExpansionLearning;
  private readonly options: ExpandOptions;
  private readonly plan: EmbeddingPlan;
  private readonly expanded: LoadedTokenizer;
  private readonly tokenizerJson: string;

  constructor(
    language: Language,
    base: ExpansionBase,
    rows: PlacementOptions,
    learning: ExpansionLearning,
    options: ExpandOptions,
  ) {
    this.language = language;
    this.base = base;
    this.learning = learning;
    this.learned = learning.learned;
    this.options = options;
    this.plan = planOf(language, base, rows, learning.learned, options.method ?? "mean");
    this.tokenizerJson = expandTokenizerJson(base.text, base.trained.definition, learning.learned);
    this.expanded = loadExpanded(base.loaded, this.tokenizerJson);
  }

  async write(run: Run): Promise<ExpansionResult> {
    const { options, base, learned, plan, tokenizerJson, learning } = this;
    const training = this.measure(learning.text.training);
    const heldOut = this.measure(learning.text.heldOut);
    const summary = this.summarize(training, heldOut);
    const usesOfId = (id: number) => training?.usesOfId[id];
    const files = artifactFiles({ base: base.files, tokenizerJson, learned, plan, usesOfId });
    let certificate: Certificate | undefined;
    await writeArtifactFolder(options.out, files, async (unfinished) => {
      certificate = await this.verify(unfinished, training);
      options.signal?.throwIfAborted();
      return {
        "certificate.json": canonicalJson(certificate),
        "README.md": modelCard(summary, certificate.checks, base.files.leftOut),
      };
    });
    return {
      schema: "vocab.expansion/1",
      ...summary,
      out: options.out,
      stopped: learning.stopped,
      recommended: learning.recommended,
      findings: learning.findings,
      certificate: certificate!,
      run: run.end(training?.figures.bytes ?? 0, options.workers ?? 1),
    };
  }

  private measure(text: RunText | undefined): MeasuredExpansion | undefined {
    if (text === undefined || text.about.documents === 0) return undefined;
    const words = { rule: this.language.wordRule, locale: this.language.tag };
    return measureExpansion(text, [this.base.loaded, this.expanded], words);
  }

  private async verify(unfinished: string, training: MeasuredExpansion | undefined): Promise<Certificate> {
    const { options, learning, base, language } = this;
    const { seed = 0, signal, budgets } = options;
    const { heldOutDocuments, overlap } = learning.text;
    options.onProgress?.({ phase: "verifying" });
    return verifyUnfinished(
      unfinished,
      {
        base: { source: base.loaded.source, text: base.files.tokenizerJson },
        languages: [language.tag],
        ...(options.panel === undefined
          ? {}
          : { panel: await panelTexts(options.panel, panelOptions(options)) }),
        training: {
          ...(training === undefined ? {} : { usesOfId: training.usesOfId }),
          ...(overlap === undefined ? {} : { overlap }),
        },
        ...(heldOutDocuments.length === 0
          ? {}
          : { heldOut: { name: "held-out", source: "--held-out", documents: heldOutDocuments } }),
      },
      { seed, signal, ...(budgets === undefined ? {} : { budgets }) },
    );
  }

  private summarize(
    training: MeasuredExpansion | undefined,
    heldOut: MeasuredExpansion | undefined,
  ): ExpansionSummary {
    const { plan, learned, language, base, learning } = this;
    const kinds = (kind: string) => learned.candidates.filter((candidate) => candidate.kind === kind).length;
    return {
      language: { tag: language.tag, name: language.name },
      base: { ...plan.base, name: base.loaded.name, source: base.loaded.source },
      target: plan.target,
      placement: plan.placement,
      method: plan.method,
      added: {
        tokens: learned.candidates.length,
        firstId: learned.firstId,
        merges: learned.merges.length,
        stones: kinds("stone"),
        characters: kinds("character"),
        revived: learning.revived,
      },
      relaxed: this.options.relaxPreTokenizer !== undefined,
      training: training?.figures,
      heldOut: heldOut?.figures,
    };
  }
}

function panelOptions({ textField, seed, signal }: ExpandOptions): TextOptions {
  return {
    signal,
    ...(textField === undefined ? {} : { textField }),
    ...(seed === undefined ? {} : { seed }),
  };
}

function planOf(
  language: Language,
  { loaded, embeddingRows }: ExpansionBase,
  rows: PlacementOptions,
  learned: LearnedTokens,
  method: PlanMethod,
): EmbeddingPlan {
  const { id, sha256, tokenizer } = loaded;
  const { vocabSize } = tokenizer.definition;
  return makePlan(learned, {
    base: { tokenizer: id, sha256, vocabSize, embeddingRows: embeddingRows ?? null },
    target: placeRows(vocabSize, learned.candidates.length, rows),
    placement: rows.placement,
    method,
    scriptIds: method === "mean-median-norm" ? scriptRows(tokenizer.definition, language.script) : [],
  });
}

function loadExpanded({ id, name }: LoadedTokenizer, text: string): LoadedTokenizer {
  return {
    id: `${id} expanded`,
    name: `${name}, expanded`,
    source: "tokenizer.json",
    sha256: createHash("sha256").update(text).digest("hex"),
    tokenizer: new Tokenizer(parseTokenizerJson(text, "tokenizer.json")),
  };
}
