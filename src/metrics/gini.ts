// How unequal a tokenizer treats languages, in one number.

/**
 * The Gini coefficient Σᵢ Σⱼ |xᵢ − xⱼ| / (2 n² x̄): 0 where all values are equal, near 1 where one has all.
 * Computed from the values in ascending order, where it is Σᵢ (2i − n − 1) xᵢ / (n Σ x) with i from 1.
 * [1, 3] → 2 · 2 / (2 · 4 · 2) = 0.25. Undefined for no value, and where all are 0.
 */
export function gini(values: readonly number[]): number | undefined {
  const sorted = Float64Array.from(values).sort();
  const total = sorted.reduce((sum, value) => sum + value, 0);
  if (total === 0) return undefined;
  const n = sorted.length;
  return sorted.reduce((sum, value, i) => sum + (2 * i + 1 - n) * value, 0) / (n * total);
}
