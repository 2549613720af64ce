// The slow twin of the premium's interval: every resample draws pairs (a line of the language, the same line of the
// baseline), one by one, and takes the ratio of their sums.

import { Sfc32 } from "../../src/metrics/bootstrap.ts";

export function premiumBoundsSlowly(
  pairs: readonly (readonly [tokens: number, baseline: number])[],
  exact: number,
  seed: number,
): readonly [low: number, high: number] {
  const random = new Sfc32(seed);
  const drawn = new Int32Array(pairs.length);
  const ratios: number[] = [];
  for (let resample = 0; resample < 1000; resample++) {
    random.fill(drawn, pairs.length);
    ratios.push(premiumOf([...drawn].map((line) => pairs[line]!)));
  }
  ratios.sort((a, b) => a - b);
  const sampled = premiumOf(pairs);
  return [exact + ratios[24]! - sampled, exact + ratios[974]! - sampled];
}

function premiumOf(pairs: readonly (readonly [number, number])[]): number {
  const [above, below] = pairs.reduce(([a, b], [tokens, baseline]) => [a + tokens, b + baseline], [0, 0]);
  return above / below;
}
