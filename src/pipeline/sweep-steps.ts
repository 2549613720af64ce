// Held-out text, and what prefixes of learned tokens make of it. `sweep` shows the steps, `expand --add auto` takes the
// number that they recommend.

import type { SegmentCounts } from "../counting/segment-counts.ts";
import { VocabError } from "../errors.ts";
import type { Language } from "../text/languages.ts";
import type { TextWordRule, WordRule } from "../text/words.ts";
import { isUnigram } from "../tokenizer/require-bpe.ts";
import { type LearnedTokens, prefixLength } from "../training/candidates.ts";
import { evaluatePrefixes, type PrefixFigures } from "../training/prefix-evaluation.ts";
import { TrainingWords } from "../training/training-words.ts";
import { type CorpusFigures, CorpusMeasurement } from "./corpus-measurement.ts";
import type { TextSink } from "./learn-from-text.ts";
import { sweepSteps } from "./sweep-grid.ts";
import type { SweepFigures, SweepStep, SweptLanguage } from "./sweep-result.ts";
import type { TrainingBase } from "./training-base.ts";
import type { TrainingText } from "./training-text.ts";

export class HeldOutText implements TextSink {
  readonly words: TrainingWords;
  private readonly measurements: readonly CorpusMeasurement[];
  private readonly rules: readonly WordRule[];

  /**
   * @param rules by language, what a word is
   * @throws VocabError `not-swept` for a Unigram base
   */
  constructor(base: TrainingBase, languages: readonly Language[], rules: readonly (TextWordRule | "none")[]) {
    if (isUnigram(base.tokenizer.definition)) throw notSwept(base);
    this.words = new TrainingWords(base.tokenizer, languages.length, { isForLearning: false });
    const loaded = { ...base, sha256: base.sha256 ?? "" };
    this.rules = rules;
    this.measurements = languages.map(
      ({ tag }, i) => new CorpusMeasurement([loaded], { rule: rules[i]!, locale: tag }, 0),
    );
  }

  block(block: SegmentCounts, language: number): void {
    if (!this.words.needsDocuments) this.words.addBlock(block, language);
    this.measurements[language]!.addBlock(block);
  }

  document(bytes: Uint8Array, language: number): void {
    this.words.addDocument(bytes, language);
    this.measurements[language]!.addDocument(bytes);
  }

  end(texts: readonly TrainingText[]): void {
    for (const { language, heldOut } of texts) if (heldOut.documents === 0) throw nothingHeldOut(language);
  }

  /** Of each language, under the base. To be called once, when all text has been added. */
  figures(): CorpusFigures[] {
    return this.measurements.map((measurement) => measurement.finish([]));
  }

  describe(
    language: number,
    { text, tokenizers }: CorpusFigures,
  ): Omit<SweptLanguage, "language" | "corpus" | "heldOut"> {
    const { floor, floorRule } = tokenizers[0]!.figures;
    return { words: text.words, wordRule: this.rules[language]!, floor, floorRule };
  }
}

/** @param figures of the held-out text under the base, by language */
export function sweptSteps(
  learned: LearnedTokens,
  heldOut: HeldOutText,
  figures: readonly CorpusFigures[],
): SweepStep[] {
  const before = figures.map(({ tokenizers }) => tokenizers[0]!.figures.tokens);
  const steps: SweepStep[] = [];
  let added: readonly number[] | undefined;
  const all = sweepSteps(learned.candidates.length).map((count) => prefixLength(learned, count));
  for (const prefix of evaluatePrefixes(heldOut.words, learned, [...new Set(all)])) {
    // Added tokens that stand in the text, whatever is learned.
    added ??= before.map((tokens, i) => tokens - prefix.tokens[i]!);
    const tokens = prefix.tokens.map((own, i) => own + added![i]!);
    const each = figures.map(({ text }, i) => stepFigures(tokens[i]!, before[i]!, text.words, text.bytes));
    steps.push({
      count: prefix.count,
      ...(each.length === 1 ? each[0]! : sumOf(tokens, before, figures)),
      ...newTokenUses(prefix, learned.firstId),
      languages: each.length === 1 ? undefined : each,
    });
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
  tokens: readonly number[],
  before: readonly number[],
  figures: readonly CorpusFigures[],
): SweepFigures {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const words = figures.every(({ text }) => text.words !== undefined)
    ? sum(figures.map(({ text }) => text.words!))
    : undefined;
  return stepFigures(sum(tokens), sum(before), words, sum(figures.map(({ text }) => text.bytes)));
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

// The scores of its pieces are fitted for one number of them: a prefix is not what fewer would have been.
function notSwept({ source }: TrainingBase): VocabError {
  return new VocabError("not-swept", `${source} is a Unigram tokenizer, which is not swept`, {
    kind: "usage",
    hint: "`vocab expand --add N` says what N pieces save on held-out text: try a few N",
  });
}

function nothingHeldOut({ name }: Language): VocabError {
  return new VocabError("nothing-held-out", `no document of ${name} is held out to judge by`, {
    hint: "--held-out FILE…, a larger corpus, or --hold-out 5 for one document in five",
  });
}
