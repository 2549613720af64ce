// How the constituents of a new token are weighted in its two rows.

/** A row is the sum of base rows, each times its weight, added up in this order. Ids may repeat; weights sum to 1. */
export interface WeightedRows {
  readonly ids: readonly number[];
  readonly weights: readonly number[];
}

export const PLAN_METHODS = ["mean", "last-first", "mean-median-norm"] as const;

/**
 * - "mean": the mean of the constituents in both rows, which then lie within the convex hull of old rows.
 * - "last-first": the embedding is that of the last constituent (the position at which a causal model had read all of the
 *   word); in the head each constituent weighs half of the one before it, so that the first counts most (it is the one the
 *   model predicted when the word was due). As transplant-vocab does it (github.com/jukofyork/transplant-vocab,
 *   `--weighting-decay-factor 0.5`).
 * - "mean-median-norm": as "mean", then stretched to the median norm of base rows of the script: a mean of rows is shorter
 *   than they are.
 */
export type PlanMethod = (typeof PLAN_METHODS)[number];

/** Weight of a constituent in the head's row relative to the one before it ("last-first"): "decreasing weights" of transplant-vocab. */
const DECAY = 0.5;

/** @param constituents base ids, at least one */
export function initialWeights(
  method: PlanMethod,
  constituents: readonly number[],
): { readonly input: WeightedRows; readonly output: WeightedRows } {
  if (method !== "last-first") {
    const mean = { ids: constituents, weights: constituents.map(() => 1 / constituents.length) };
    return { input: mean, output: mean };
  }
  return {
    input: { ids: constituents.slice(-1), weights: [1] },
    output: { ids: constituents, weights: decayingWeights(constituents.length) },
  };
}

// Powers of two by division alone: the same on every machine. [4/7, 2/7, 1/7] for three.
function decayingWeights(count: number): number[] {
  const raw: number[] = [1];
  while (raw.length < count) raw.push(raw[raw.length - 1]! * DECAY);
  const sum = raw.reduce((total, weight) => total + weight, 0);
  return raw.map((weight) => weight / sum);
}
