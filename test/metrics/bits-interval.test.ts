import { expect, test } from "vitest";
import { bitsIntervals } from "../../src/metrics/bits-interval.ts";
import { premiumBoundsSlowly } from "../reference/premium-interval.ts";
import { Random } from "../tokenizer/hostile-text.ts";

const random = new Random(5);
const bytes = Float64Array.from({ length: 37 }, () => random.integer(5, 400));
const bits = bytes.map((size) => size * (1 + random.integer(0, 99) / 100));

test("as the slow twin, whatever is computed beside it", () => {
  const difference = bits.map((value, i) => 0.3 * value - bytes[i]! / 3);
  const figures = [bits, difference].map((values, i) => ({ bits: values, exact: i }));
  const together = bitsIntervals(figures, bytes, 3);
  for (const [i, values] of [bits, difference].entries()) {
    const pairs = [...values].map((value, d) => [value, bytes[d]!] as const);
    const [low, high] = premiumBoundsSlowly(pairs, i, 3);
    expect(together[i]!.low).toBeCloseTo(low, 12);
    expect(together[i]!.high).toBeCloseTo(high, 12);
    expect(high - low).toBeGreaterThan(0.01);
  }
  expect(bitsIntervals(figures, bytes, 3)).toEqual(together);
  expect(bitsIntervals(figures, bytes, 4)).not.toEqual(together);
});

test("none below 30 documents", () => {
  const few = bytes.subarray(0, 29);
  expect(bitsIntervals([{ bits: few, exact: 1 }], few, 0)).toEqual([undefined]);
});
