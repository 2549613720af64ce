// How many bits an element takes, by the names that safetensors gives to its formats (safetensors 0.6, `Dtype::bitsize`).

const BITS: ReadonlyMap<string, number> = new Map([
  ["F4", 4],
  ["F6_E2M3", 6],
  ["F6_E3M2", 6],
  ["BOOL", 8],
  ["U8", 8],
  ["I8", 8],
  ["F8_E5M2", 8],
  ["F8_E4M3", 8],
  ["F8_E8M0", 8],
  ["I16", 16],
  ["U16", 16],
  ["F16", 16],
  ["BF16", 16],
  ["I32", 32],
  ["U32", 32],
  ["F32", 32],
  ["C64", 64],
  ["F64", 64],
  ["I64", 64],
  ["U64", 64],
]);

/** Undefined for a format that is not known here: such tensors can be copied, but not checked. */
export function bitsOf(dtype: string): number | undefined {
  return BITS.get(dtype);
}

/** The elements of a shape; NaN where they are too many to count. */
export function elementsOf(shape: readonly number[]): number {
  const product = shape.reduce((total, size) => total * size, 1);
  return Number.isSafeInteger(product) ? product : Number.NaN;
}
