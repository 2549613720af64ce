// Confidence intervals of the premium, by the bootstrap over aligned units (lines, articles): a unit of a language and the
// same unit of the baseline are drawn together, since a long line is long in both.

import { LEVEL, MIN_INTERVAL_UNITS, RESAMPLING, ratioBounds, resampledSums, sum } from "./bootstrap.ts";
import type { FertilityInterval } from "./interval.ts";

/** The baseline under the same tokenizers: its resamples are summed once for all languages. */
export class PremiumIntervals {
  private readonly seed: number;
  private readonly units: number;
  private readonly sums: readonly number[];
  private readonly resampled: readonly Float64Array[];
  private readonly method: string;

  /**
   * @param baseline tokens of each unit, under each tokenizer
   * @param unit what is aligned, for the method: "line"
   */
  constructor(baseline: readonly Float64Array[], unit: string, seed: number) {
    this.seed = seed;
    this.units = baseline[0]?.length ?? 0;
    this.sums = baseline.map(sum);
    this.resampled = this.units < MIN_INTERVAL_UNITS ? [] : resampledSums(baseline, this.units, seed);
    this.method = `bootstrap of the premium over aligned ${unit}s, pairs drawn together, ${RESAMPLING}, deviations centred on the exact premium`;
  }

  /**
   * The interval under each tokenizer; undefined below 30 units, or where a resample of the baseline has no token.
   * @param tokens of each unit of a language, under each tokenizer
   * @param exact premium over all units, of which those given may be a sample
   */
  of(
    tokens: readonly Float64Array[],
    exact: readonly (number | undefined)[],
  ): readonly (FertilityInterval | undefined)[] {
    if (this.units < MIN_INTERVAL_UNITS) return exact.map(() => undefined);
    const resampled = resampledSums(tokens, this.units, this.seed);
    return exact.map((premium, t) => {
      if (premium === undefined) return undefined;
      const sampled = sum(tokens[t]!) / this.sums[t]!;
      const bounds = ratioBounds(premium, sampled, resampled[t]!, this.resampled[t]!);
      return bounds && { level: LEVEL, ...bounds, method: this.method, documents: this.units };
    });
  }
}
