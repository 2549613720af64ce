// The verb `sweep`: how many tokens to add. One training run; held-out figures for prefixes of what it learned.

import type { SegmentCounts } from "../counting/segment-counts.ts";
import { VocabError } from "../errors.ts";
import type { Language } from "../text/languages.ts";
import type { TextWordRule, WordRule } from "../text/words.ts";
import { evaluatePrefixes, type PrefixFigures } from "../training/prefix-evaluation.ts";
import { TrainingWords } from "../training/training-words.ts";
import { version } from "../version.ts";
import { type CorpusFigures, CorpusMeasurement } from "./corpus-measurement.ts";
import { type LearnedFromText, learnFromText, type TextSink, type TextSinks } from "./learn-from-text.ts";
import { startRun } from "./run-record.ts";
import {
  decidingModel,
  kneeOf,
  type ModelCost,
  modelCosts,
  type Recommendation,
  recommend,
} from "./sweep-choice.ts";
import { sweepSteps } from "./sweep-grid.ts";
import type { SweepFigures, SweepResult, SweepStep, SweptLanguage } from "./sweep-result.ts";
import { type LearningOptions, requireCount } from "./train-options.ts";
import { describeBase, describeText } from "./train-result.ts";
import type { TrainingBase } from "./training-base.ts";

export interface SweepOptions extends Omit<LearningOptions, "langs"> {
  /** New tokens at the last step, at most. */
  readonly max: number;
  /** What a word is in the held-out text. Default by script. */
  readonly wordRule?: TextWordRule | "none" | undefined;
  /** The model whose cost decides, by name. Default: the smallest that uses the tokenizer. */
  readonly model?: string | undefined;
}

/**
 * @param lang BCP 47 tag, or several
 * @throws VocabError
 */
export async function sweep(lang: string | readonly string[], options: SweepOptions): Promise<SweepResult> {
  const run = startRun();
  const langs = typeof lang === "string" ? [lang] : lang;
  const { trained, texts, steps, costs, model, recommended } = await sweepText({ ...options, langs });
  const bytes = trained.texts.reduce((sum, { corpus }) => sum + corpus.bytes, 0);
  return {
    schema: "vocab.sweep/1",
    version,
    base: describeBase(trained.base, trained.learned.firstId),
    languages: trained.texts.map((text, i) => ({ ...describeText(text), ...texts[i]! })),
    options: { max: options.max, balance: options.balance ?? "size", constraints: trained.constraints },
    stopped: trained.learned.stopped,
    stopDetail: trained.learned.stopDetail,
    steps,
    knee: kneeOf(steps),
    models: costs,
    model: model?.name,
    recommended,
    findings: trained.texts.flatMap(({ findings }) => findings),
    run: run.end(bytes, options.workers ?? 1),
  };
}

/** A sweep as `sweep` and `expand --add auto` have it. */
export interface Swept {
  readonly trained: LearnedFromText;
  /** By language. */
  readonly texts: readonly SweptText[];
  readonly steps: readonly SweepStep[];
  readonly costs: readonly ModelCost[];
  /** The model that decides. */
  readonly model: ModelCost | undefined;
  readonly recommended: Recommendation;
}

/**
 * @param more gets the text as well
 * @param loaded the base, where it is loaded already
 */
export async function sweepText(
  options: SweepOptions & Pick<LearningOptions, "langs">,
  more: { readonly training?: TextSink; readonly heldOut?: TextSink } = {},
  loaded?: TrainingBase,
): Promise<Swept> {
  requireCount("--max", options.max, 1);
  // A name that is not known should not be found out after the training.
  decidingModel(modelCosts(options.base, [{ count: 0, tokens: 1 }]), options.model);
  let heldOut: HeldOutText | undefined;
  const sinks: TextSinks = {
    ...(more.training === undefined ? {} : { training: more.training }),
    heldOut: (base, languages) => {
      heldOut = new HeldOutText(base, languages, options.wordRule, more.heldOut);
      return heldOut;
    },
  };
  const trained = await learnFromText(options, options.max, sinks, loaded);
  trained.texts.forEach(({ language, heldOut: { documents } }) => {
    if (documents === 0) throw nothingHeldOut(language);
  });
  const figures = heldOut!.figures();
  const steps = sweptSteps(trained, heldOut!, figures, options);
  const costs = modelCosts(options.base, steps);
  const model = decidingModel(costs, options.model);
  const texts = figures.map((one, i) => heldOut!.describe(i, one));
  return { trained, texts, steps, costs, model, recommended: recommend(steps, model) };
}

type SweptText = Omit<SweptLanguage, "language" | "corpus" | "heldOut">;

class HeldOutText implements TextSink {
  readonly words: TrainingWords;
  private readonly measurements: readonly CorpusMeasurement[];
  private readonly rules: readonly WordRule[];
  private readonly also: TextSink | undefined;

  /** @param also gets the text as well */
  constructor(
    base: TrainingBase,
    languages: readonly Language[],
    rule: TextWordRule | "none" | undefined,
    also: TextSink | undefined,
  ) {
    this.also = also;
    this.words = new TrainingWords(base.tokenizer, languages.length, { isForLearning: false });
    const loaded = { ...base, sha256: base.sha256 ?? "" };
    this.rules = languages.map(({ wordRule }) => rule ?? wordRule);
    this.measurements = languages.map(
      ({ tag, wordRule }) => new CorpusMeasurement([loaded], { rule: rule ?? wordRule, locale: tag }, 0),
    );
  }

  block(block: SegmentCounts, language: number): void {
    if (!this.words.needsDocuments) this.words.addBlock(block, language);
    this.measurements[language]!.addBlock(block);
    this.also?.block(block, language);
  }

  document(bytes: Uint8Array, language: number): void {
    this.words.addDocument(bytes, language);
    this.measurements[language]!.addDocument(bytes);
    this.also?.document(bytes, language);
  }

  /** Of the base. */
  figures(): CorpusFigures[] {
    return this.measurements.map((measurement) => measurement.finish([]));
  }

  describe(language: number, { text, tokenizers }: CorpusFigures): SweptText {
    const { floor, floorRule } = tokenizers[0]!.figures;
    return { words: text.words, wordRule: this.rules[language]!, floor, floorRule };
  }
}

function sweptSteps(
  { learned, texts }: LearnedFromText,
  heldOut: HeldOutText,
  figures: readonly CorpusFigures[],
  options: SweepOptions,
): SweepStep[] {
  const counts = sweepSteps(learned.candidates.length);
  const base = figures.map(({ tokenizers }) => tokenizers[0]!.figures.tokens);
  const steps: SweepStep[] = [];
  let added: readonly number[] | undefined;
  for (const prefix of evaluatePrefixes(heldOut.words, learned, counts)) {
    // Added tokens that stand in the text, whatever is learned.
    added ??= base.map((tokens, i) => tokens - prefix.tokens[i]!);
    const each = figures.map((one, i) =>
      stepFigures(prefix.tokens[i]! + added![i]!, base[i]!, one.text.words, texts[i]!.heldOut.bytes),
    );
    steps.push({
      count: prefix.count,
      ...(each.length === 1 ? each[0]! : sumOf(each, base, figures, texts)),
      ...newTokenUses(prefix, learned.firstId),
      languages: each.length === 1 ? undefined : each,
    });
    options.onProgress?.({ phase: "evaluating", done: prefix.count, total: learned.candidates.length });
  }
  return steps;
}

function stepFigures(tokens: number, before: number, words: number | undefined, bytes: number): SweepFigures {
  return {
    tokens,
    fertility: words === undefined || words === 0 ? undefined : tokens / words,
    bytesPerToken: tokens === 0 ? undefined : bytes / tokens,
    saved: before === 0 ? 0 : 1 - tokens / before,
  };
}

function sumOf(
  each: readonly SweepFigures[],
  base: readonly number[],
  figures: readonly CorpusFigures[],
  texts: LearnedFromText["texts"],
): SweepFigures {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const words = figures.every(({ text }) => text.words !== undefined)
    ? sum(figures.map(({ text }) => text.words!))
    : undefined;
  const bytes = sum(texts.map(({ heldOut }) => heldOut.bytes));
  return stepFigures(sum(each.map(({ tokens }) => tokens)), sum(base), words, bytes);
}

function newTokenUses(
  { count, uses }: PrefixFigures,
  firstId: number,
): Pick<SweepStep, "usedShare" | "medianUses"> {
  if (count === 0) return {};
  const sorted = uses.slice(firstId, firstId + count).sort();
  const middle = count >> 1;
  return {
    usedShare: sorted.filter((times) => times > 0).length / count,
    medianUses: count % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2,
  };
}

function nothingHeldOut({ name }: Language): VocabError {
  return new VocabError("nothing-held-out", `no document of ${name} is held out to judge by`, {
    hint: "--held-out FILE…, a larger corpus, or --hold-out 5 for one document in five",
  });
}
