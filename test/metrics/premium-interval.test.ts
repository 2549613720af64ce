import { expect, test } from "vitest";
import { premiumIntervals } from "../../src/metrics/premium-interval.ts";
import { premiumBoundsSlowly } from "../reference/premium-interval.ts";
import { Random } from "../tokenizer/hostile-text.ts";

const random = new Random(11);
const baseline = Float64Array.from({ length: 41 }, () => random.integer(5, 44));
const languages = [2, 9].map((times) => baseline.map((tokens) => tokens * times + random.integer(0, 29)));

test("as the slow twin, whatever is computed beside it", () => {
  const figures = languages.map((tokens, i) => ({ tokens, baseline, premium: 2 + i }));
  const together = premiumIntervals(figures, "line", 7);
  languages.forEach((tokens, i) => {
    const pairs = [...tokens].map((own, line) => [own, baseline[line]!] as const);
    const [low, high] = premiumBoundsSlowly(pairs, 2 + i, 7);
    expect(together[i]!.low).toBeCloseTo(low, 12);
    expect(together[i]!.high).toBeCloseTo(high, 12);
    expect(high - low).toBeGreaterThan(0.01);
    expect(together[i]).toMatchObject({ level: 0.95, documents: 41 });
    expect(premiumIntervals([figures[i]!], "line", 7)).toEqual([together[i]]);
  });
  expect(premiumIntervals(figures, "line", 8)).not.toEqual(together);
  expect(together[0]!.method).toContain(
    "of the premium over aligned lines, pairs drawn together, 1000 resamples",
  );
});

test("pairs are drawn together: twice the tokens in every line leave nothing to chance", () => {
  const tokens = baseline.map((own) => 2 * own);
  const [interval] = premiumIntervals([{ tokens, baseline, premium: 2 }], "line", 0);
  expect([interval!.low, interval!.high]).toEqual([2, 2]);
});

test("none below 30 units, without a premium, or where the baseline may have no token", () => {
  const few = new Float64Array(29).fill(1);
  expect(premiumIntervals([{ tokens: few, baseline: few, premium: 1 }], "article", 0)).toEqual([undefined]);
  expect(premiumIntervals([{ tokens: baseline, baseline, premium: undefined }], "line", 0)).toEqual([
    undefined,
  ]);
  const rare = new Float64Array(41);
  rare[3] = 1;
  expect(premiumIntervals([{ tokens: baseline, baseline: rare, premium: 1 }], "line", 0)).toEqual([
    undefined,
  ]);
});
