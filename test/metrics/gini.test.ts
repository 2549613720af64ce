import { expect, test } from "vitest";
import { gini } from "../../src/metrics/gini.ts";
import { Random } from "../tokenizer/hostile-text.ts";

test.each([
  // |1−3| stands twice in the double sum: 4 / (2 · 2² · 2)
  [[1, 3], 0.25],
  // 2 (6 + 3 + 3) / (2 · 3² · 6)
  [[3, 9, 6], 24 / 108],
  // One of four has all: 1 − 1/4
  [[0, 8, 0, 0], 0.75],
  [[7, 7, 7], 0],
  [[5], 0],
])("%j", (values, expected) => {
  expect(gini(values)).toBeCloseTo(expected, 15);
});

test("nothing to divide: undefined, not 0", () => {
  expect(gini([])).toBeUndefined();
  expect(gini([0, 0])).toBeUndefined();
});

test("as the double sum of its definition", () => {
  const random = new Random(5);
  const values = random.times(50, () => random.integer(0, 999));
  let differences = 0;
  for (const x of values) for (const y of values) differences += Math.abs(x - y);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(gini(values)).toBeCloseTo(differences / (2 * values.length ** 2 * mean), 12);
});
