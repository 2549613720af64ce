// Confidence intervals of the premium, by the bootstrap over aligned units (lines, articles): a unit of a language and the
// same unit of the baseline are drawn together, since a long line is long in both.

import { LEVEL, MIN_INTERVAL_UNITS, RESAMPLING, ratioBounds, resampledSums, sum } from "./bootstrap.ts";
import type { FertilityInterval } from "./interval.ts";

/** One text under one tokenizer. */
export interface PremiumFigures {
  /** Tokens of each unit. */
  readonly tokens: Float64Array;
  /** Those of the baseline. */
  readonly baseline: Float64Array;
  /** Over all units, of which those given may be a sample; the deviations of the resamples are centred on it. */
  readonly premium: number | undefined;
}

/**
 * The interval of each premium. All see the same resamples. Undefined below 30 units, or where a resample of the baseline
 * has no token.
 * @param unit what is aligned, for the method: "line"
 */
export function premiumIntervals(
  figures: readonly PremiumFigures[],
  unit: string,
  seed: number,
): readonly (FertilityInterval | undefined)[] {
  const units = figures[0]?.tokens.length ?? 0;
  if (units < MIN_INTERVAL_UNITS) return figures.map(() => undefined);
  const method = `bootstrap of the premium over aligned ${unit}s, pairs drawn together, ${RESAMPLING}, deviations centred on the exact premium`;
  // The baseline is summed once for all.
  const values = [...new Set(figures.flatMap(({ tokens, baseline }) => [tokens, baseline]))];
  const sums = resampledSums(values, units, seed);
  const sumsOf = new Map(values.map((value, i) => [value, sums[i]!]));
  return figures.map(({ tokens, baseline, premium }) => {
    if (premium === undefined) return undefined;
    const sampled = sum(tokens) / sum(baseline);
    const bounds = ratioBounds(premium, sampled, sumsOf.get(tokens)!, sumsOf.get(baseline)!);
    return bounds && { level: LEVEL, ...bounds, method, documents: units };
  });
}
