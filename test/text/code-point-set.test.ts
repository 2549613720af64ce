import { describe, expect, it } from "vitest";
import * as sets from "../../src/text/code-point-set.ts";

const { complement, difference, equals, fromCodePoints, fromRanges, has, intersect, union } = sets;
const upper = fromRanges([[65, 91]]);
const letters = fromRanges([
  [97, 123],
  [65, 91],
]);

describe("code point sets", () => {
  it("sorts and merges ranges that overlap or touch", () => {
    const set = fromRanges([
      [10, 20],
      [1, 3],
      [3, 5],
      [15, 25],
      [12, 13],
      [7, 7],
    ]);
    expect([...set.ranges]).toEqual([1, 5, 10, 25]);
    expect([...fromCodePoints([5, 3, 4, 4, 9]).ranges]).toEqual([3, 6, 9, 10]);
  });

  it("finds members at the borders of ranges", () => {
    const members = [64, 65, 90, 91, 96, 97, 122, 123, 0x10ffff].filter((c) => has(letters, c));
    expect(members).toEqual([65, 90, 97, 122]);
    expect(has(fromRanges([]), 0)).toBe(false);
    expect(has(complement(letters), 0)).toBe(true);
    expect(has(complement(letters), 0x10ffff)).toBe(true);
  });

  it("combines", () => {
    expect([...difference(letters, upper).ranges]).toEqual([97, 123]);
    expect([...intersect(letters, upper).ranges]).toEqual([65, 91]);
    expect([...union(upper, fromRanges([[91, 93]]), fromRanges([[1, 2]])).ranges]).toEqual([1, 2, 65, 93]);
    expect([...complement(upper).ranges]).toEqual([0, 65, 91, 0x110000]);
    expect(sets.isEmpty(intersect(upper, complement(upper)))).toBe(true);
    expect(sets.isEmpty(union())).toBe(true);
  });

  it("obeys the laws of sets on random ranges", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const a = randomSet(seed);
      const b = randomSet(seed + 1000);
      expect(equals(complement(complement(a)), a)).toBe(true);
      expect(equals(union(difference(a, b), intersect(a, b)), a)).toBe(true);
      expect(equals(complement(union(a, b)), intersect(complement(a), complement(b)))).toBe(true);
      for (let c = 0; c < 64; c++) expect(has(difference(a, b), c)).toBe(has(a, c) && !has(b, c));
    }
  });

  it("refuses what is not a code point", () => {
    expect(() => fromRanges([[0, 0x110001]])).toThrow(RangeError);
    expect(() => fromCodePoints([-1])).toThrow(RangeError);
  });
});

function randomSet(seed: number): sets.CodePointSet {
  let state = seed * 2654435761;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 26;
  };
  return fromCodePoints(Array.from({ length: 20 }, next));
}
