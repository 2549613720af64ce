// Confidence intervals of bits per byte and of its difference between two models, by the bootstrap over documents: a document
// is drawn with its bits under all models, since what one finds hard the others do, too.

import { LEVEL, MIN_INTERVAL_UNITS, RESAMPLING, ratioBounds, resampledSums, sum } from "./bootstrap.ts";
import type { FertilityInterval } from "./interval.ts";

export type RatioInterval = FertilityInterval;

/** Bits (or a difference of bits) of each document, and their ratio to the bytes over all documents, of which these may be a sample. */
export interface BitsFigures {
  readonly bits: Float64Array;
  readonly exact: number;
}

const METHOD = `bootstrap over documents, drawn with their bits under all models, ${RESAMPLING}, deviations centred on the exact value`;

/**
 * The interval of bits per byte of each of `figures`. All see the same resamples. Undefined below 30 documents.
 * @param bytes of each document
 */
export function bitsIntervals(
  figures: readonly BitsFigures[],
  bytes: Float64Array,
  seed: number,
): readonly (RatioInterval | undefined)[] {
  const documents = bytes.length;
  if (documents < MIN_INTERVAL_UNITS) return figures.map(() => undefined);
  const [below, ...above] = resampledSums([bytes, ...figures.map(({ bits }) => bits)], documents, seed);
  return figures.map(({ bits, exact }, f) => {
    const bounds = ratioBounds(exact, sum(bits) / sum(bytes), above[f]!, below!);
    return bounds && { level: LEVEL, ...bounds, method: METHOD, documents };
  });
}
