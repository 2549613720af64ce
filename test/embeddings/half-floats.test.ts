import { describe, expect, test } from "vitest";
import {
  bfloat16ToNumber,
  float16ToNumber,
  numberToBfloat16,
  numberToFloat16,
} from "../../src/embeddings/half-floats.ts";
import { nearest, sizesOf } from "../reference/half-floats.ts";

const FORMATS = [
  { name: "float16", decode: float16ToNumber, encode: numberToFloat16, sizes: sizesOf(5, 10), nan: 0x7e00 },
  { name: "bfloat16", decode: bfloat16ToNumber, encode: numberToBfloat16, sizes: sizesOf(8, 7), nan: 0x7fc0 },
] as const;

// The next float64 of a positive number, up or down.
function neighbour(value: number, step: 1n | -1n): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + step);
  return view.getFloat64(0);
}

describe.each(FORMATS)("$name", ({ decode, encode, sizes, nan }) => {
  test("all 65,536 patterns of bits", () => {
    const wrong: number[] = [];
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = decode(bits);
      const size = bits & 0x7fff;
      const expected = size < sizes.length ? sizes[size]! : size === sizes.length ? Infinity : NaN;
      const isRight = Object.is(value, bits & 0x8000 && size <= sizes.length ? -expected : expected);
      const back = Number.isNaN(expected) ? nan : bits;
      if (!isRight || encode(value) !== back) wrong.push(bits);
    }
    expect(wrong).toEqual([]);
  });

  test("the middle of every two neighbours, and just beside it", () => {
    const wrong: number[] = [];
    for (let bits = 0; bits < sizes.length; bits++) {
      const above = sizes[bits + 1] ?? 2 * sizes.at(-1)! - sizes.at(-2)!;
      const middle = sizes[bits]! / 2 + above / 2;
      const even = bits % 2 === 0 ? bits : bits + 1;
      for (const [value, expected] of [
        [middle, even],
        [neighbour(middle, 1n), bits + 1],
        [neighbour(middle, -1n), bits],
      ] as const)
        if (encode(value) !== expected || encode(-value) !== (expected | 0x8000)) wrong.push(bits);
    }
    expect(wrong).toEqual([]);
  });

  test("random numbers of every size", () => {
    let seed = 1;
    const random = () => {
      seed = (seed * 48271) % 0x7fffffff;
      return seed / 0x7fffffff;
    };
    for (let i = 0; i < 20_000; i++) {
      const value = (1 + random()) * 2 ** Math.floor(random() * 290 - 150);
      expect(encode(value)).toBe(nearest(sizes, value));
    }
  });

  test("the ends: nothing at all, the smallest float64, more than fits", () => {
    expect([0, -0, 5e-324, -5e-324].map(encode)).toEqual([0, 0x8000, 0, 0x8000]);
    expect([1e300, -1e300, Infinity].map(encode)).toEqual([
      sizes.length,
      sizes.length | 0x8000,
      sizes.length,
    ]);
  });
});

test("bfloat16 is rounded once: float32 would go to the middle first, and from there down to the even one", () => {
  const value = 1 + 2 ** -8 + 2 ** -40;
  expect(numberToBfloat16(Math.fround(value))).toBe(0x3f80);
  expect(numberToBfloat16(value)).toBe(0x3f81);
});
