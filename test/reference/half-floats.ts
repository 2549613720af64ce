// Slow twin of src/embeddings/half-floats.ts: a 16-bit format is a table of its numbers, and rounding looks for the nearest.

/** All finite numbers of a format that are not negative, in order: a pattern of bits is an index. */
export function sizesOf(exponentBits: number, fractionBits: number): number[] {
  const bias = 2 ** (exponentBits - 1) - 1;
  const end = (2 ** exponentBits - 1) * 2 ** fractionBits;
  return Array.from({ length: end }, (_, bits) => {
    const exponent = Math.floor(bits / 2 ** fractionBits);
    const fraction = (bits % 2 ** fractionBits) / 2 ** fractionBits;
    return exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias);
  });
}

/** Index of the nearest number, of two that are as near the even one; the number of all of them stands for infinity. */
export function nearest(sizes: readonly number[], size: number): number {
  let low = 0;
  let high = sizes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sizes[middle]! < size) low = middle + 1;
    else high = middle;
  }
  if (low === 0 || sizes[low] === size) return low;
  const [below, above] = [sizes[low - 1]!, sizes[low] ?? 2 * sizes.at(-1)! - sizes.at(-2)!];
  // Halves and sums of neighbours are exact in float64, which has many more bits.
  const middle = below / 2 + above / 2;
  if (size === middle) return low % 2 === 0 ? low : low - 1;
  return size > middle ? low : low - 1;
}
