// The 16-bit formats of model weights, by hand: JavaScript has neither. From float64 there is one rounding, to nearest, ties to
// even; by way of float32 there would be two.

const single = new Float32Array(1);
const singleBits = new Uint32Array(single.buffer);

/** Sign, 5 bits of exponent, 10 of fraction. */
export function float16ToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (fraction + 1024) * 2 ** (exponent - 25);
}

/** The upper half of a float32. */
export function bfloat16ToNumber(bits: number): number {
  singleBits[0] = bits << 16;
  return single[0]!;
}

/** A value that is not a number becomes 0x7e00. */
export function numberToFloat16(value: number): number {
  const bits = oddSingleBits(value);
  const sign = (bits >>> 16) & 0x8000;
  const size = bits & 0x7fffffff;
  if (size > 0x7f800000) return 0x7e00;
  // From 2¹⁶ on; what lies between the greatest float16 and that becomes infinity by the carry of the rounding.
  if (size >= 0x47800000) return sign | 0x7c00;
  if (size >= 0x38800000) return sign | shiftedToEven(size - 0x38000000, 13);
  return sign | subnormalFloat16(size);
}

/** A value that is not a number becomes 0x7fc0. */
export function numberToBfloat16(value: number): number {
  const bits = oddSingleBits(value);
  if ((bits & 0x7fffffff) > 0x7f800000) return 0x7fc0;
  return ((bits >>> 16) & 0x8000) | shiftedToEven(bits & 0x7fffffff, 16);
}

// Units of 2⁻²⁴; a float32 of exponent e is its 24-bit significand times 2^(e − 150). Below 2⁻²⁵ all is zero.
function subnormalFloat16(size: number): number {
  const exponent = size >>> 23;
  return exponent < 102 ? 0 : shiftedToEven((size & 0x7fffff) | 0x800000, 126 - exponent);
}

/**
 * The bits of a float32 rounded to odd: towards zero, and then the last bit is set where anything was lost. A second rounding,
 * to a format at least two bits shorter, then comes out as if it were the only one (Boldo and Melquiond, 2008).
 */
function oddSingleBits(value: number): number {
  single[0] = value;
  const nearest = single[0]!;
  if (nearest === value || Number.isNaN(value)) return singleBits[0]!;
  const towardsZero = singleBits[0]! - (Math.abs(nearest) > Math.abs(value) ? 1 : 0);
  return (towardsZero | 1) >>> 0;
}

function shiftedToEven(bits: number, by: number): number {
  const kept = bits >>> by;
  const lost = bits & ((1 << by) - 1);
  const middle = 1 << (by - 1);
  return lost > middle || (lost === middle && (kept & 1) === 1) ? kept + 1 : kept;
}
