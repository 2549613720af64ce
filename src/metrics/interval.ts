// Confidence intervals of fertility, by the bootstrap over sampled documents.

import { LEVEL, MIN_INTERVAL_UNITS, RESAMPLING, ratioBounds, resampledSums, sum } from "./bootstrap.ts";

/** Documents that intervals are computed from, at most. */
export const SAMPLE_DOCUMENTS = 10_000;

export interface FertilityInterval {
  readonly level: number;
  readonly low: number;
  readonly high: number;
  readonly method: string;
  /** Documents resampled. */
  readonly documents: number;
}

export const INTERVAL_METHOD = `bootstrap over documents, ${RESAMPLING}, deviations centred on the exact fertility`;

/** Tokens of each sampled document under each tokenizer, and words of each. */
export interface DocumentFigures {
  readonly tokens: readonly Float64Array[];
  readonly words: Float64Array;
}

/**
 * The interval of tokens per word of each tokenizer: what similar text would give. All tokenizers see the same resamples.
 * Undefined below 30 documents, or where a resample has no word.
 * @param exact fertility over the whole corpus, on which the deviations of the resamples are centred
 */
export function fertilityIntervals(
  figures: DocumentFigures,
  exact: readonly (number | undefined)[],
  seed: number,
): readonly (FertilityInterval | undefined)[] {
  const documents = figures.words.length;
  if (documents < MIN_INTERVAL_UNITS) return exact.map(() => undefined);
  const [words, ...tokens] = resampledSums([figures.words, ...figures.tokens], documents, seed);
  return exact.map((fertility, t) => {
    if (fertility === undefined) return undefined;
    const sampled = sum(figures.tokens[t]!) / sum(figures.words);
    const bounds = ratioBounds(fertility, sampled, tokens[t]!, words!);
    return bounds && { level: LEVEL, ...bounds, method: INTERVAL_METHOD, documents };
  });
}
