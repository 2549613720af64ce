// Rows of numbers as a matrix stores them, little-endian, to and from float64.

import { bfloat16ToNumber, float16ToNumber, numberToBfloat16, numberToFloat16 } from "./half-floats.ts";

export interface NumberFormat {
  readonly bytes: number;
  /** From this size on numbers become infinite: half a step above the greatest. */
  readonly limit: number;
  /** Puts the `to.length` numbers that lie at `at` into `to`. */
  readonly decode: (from: DataView, at: number, to: Float64Array) => void;
  /** Writes all numbers, rounded once to nearest even. */
  readonly encode: (from: Float64Array, to: DataView, at: number) => void;
}

/** Undefined for formats that do not hold a number of its own in each element, or that nobody computes rows in. */
export function numberFormat(dtype: string): NumberFormat | undefined {
  return FORMATS.get(dtype);
}

// 65,536 numbers: decoding by table takes half the time.
function tableOf(decode: (bits: number) => number): () => Float64Array {
  let table: Float64Array | undefined;
  return () => {
    table ??= Float64Array.from({ length: 0x10000 }, (_, bits) => decode(bits));
    return table;
  };
}

function halfFormat(
  limit: number,
  decode: (bits: number) => number,
  encode: (value: number) => number,
): NumberFormat {
  const numbers = tableOf(decode);
  return {
    bytes: 2,
    limit,
    decode(from, at, to) {
      const table = numbers();
      for (let i = 0; i < to.length; i++) to[i] = table[from.getUint16(at + 2 * i, true)]!;
    },
    encode(from, to, at) {
      for (let i = 0; i < from.length; i++) to.setUint16(at + 2 * i, encode(from[i]!), true);
    },
  };
}

const FORMATS: ReadonlyMap<string, NumberFormat> = new Map([
  ["F16", halfFormat((2 - 2 ** -11) * 2 ** 15, float16ToNumber, numberToFloat16)],
  ["BF16", halfFormat((2 - 2 ** -8) * 2 ** 127, bfloat16ToNumber, numberToBfloat16)],
  [
    "F32",
    {
      bytes: 4,
      limit: (2 - 2 ** -24) * 2 ** 127,
      decode(from, at, to) {
        for (let i = 0; i < to.length; i++) to[i] = from.getFloat32(at + 4 * i, true);
      },
      encode(from, to, at) {
        for (let i = 0; i < from.length; i++) to.setFloat32(at + 4 * i, from[i]!, true);
      },
    },
  ],
  [
    "F64",
    {
      bytes: 8,
      limit: Number.POSITIVE_INFINITY,
      decode(from, at, to) {
        for (let i = 0; i < to.length; i++) to[i] = from.getFloat64(at + 8 * i, true);
      },
      encode(from, to, at) {
        for (let i = 0; i < from.length; i++) to.setFloat64(at + 8 * i, from[i]!, true);
      },
    },
  ],
]);
