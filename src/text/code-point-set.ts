// Immutable sets of code points as sorted ranges; the currency between Unicode tables, regexes and byte tables.

/** Sorted, disjoint, non-touching ranges as pairs `start, end` (end exclusive): [65, 91, 97, 123] is A–Z and a–z. */
export interface CodePointSet {
  readonly ranges: Int32Array;
}

/** One past the last code point. */
export const CODE_POINT_LIMIT = 0x110000;

/** The set of all code points in the given `[start, end)` ranges; they may overlap and come in any order. */
export function fromRanges(ranges: Iterable<readonly [start: number, end: number]>): CodePointSet {
  const sorted = [...ranges].filter(([start, end]) => start < end).sort((a, b) => a[0] - b[0]);
  const merged: number[] = [];
  for (const [start, end] of sorted) {
    if (start < 0 || end > CODE_POINT_LIMIT)
      throw new RangeError(`not a range of code points: ${start}–${end}`);
    const last = merged.length - 1;
    if (last > 0 && start <= merged[last]) merged[last] = Math.max(merged[last], end);
    else merged.push(start, end);
  }
  return { ranges: Int32Array.from(merged) };
}

/** The set of the given code points. */
export function fromCodePoints(codePoints: Iterable<number>): CodePointSet {
  return fromRanges(Array.from(codePoints, (c) => [c, c + 1] as const));
}

/** Whether `set` contains `codePoint`; a binary search. */
export function has(set: CodePointSet, codePoint: number): boolean {
  const { ranges } = set;
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ranges[middle] <= codePoint) low = middle + 1;
    else high = middle;
  }
  return low % 2 === 1;
}

/** Code points in any of the sets. */
export function union(...sets: readonly CodePointSet[]): CodePointSet {
  return sets.reduce((a, b) => combine(a, b, (inA, inB) => inA || inB), EMPTY);
}

/** Code points in both sets. */
export function intersect(a: CodePointSet, b: CodePointSet): CodePointSet {
  return combine(a, b, (inA, inB) => inA && inB);
}

/** Code points in `a` that are not in `b`. */
export function difference(a: CodePointSet, b: CodePointSet): CodePointSet {
  return combine(a, b, (inA, inB) => inA && !inB);
}

/** Code points not in `set`, surrogates included. */
export function complement(set: CodePointSet): CodePointSet {
  return difference(EVERYTHING, set);
}

/** Whether the set has no member. */
export function isEmpty(set: CodePointSet): boolean {
  return set.ranges.length === 0;
}

/** Whether the sets have the same members. */
export function equals(a: CodePointSet, b: CodePointSet): boolean {
  return a.ranges.length === b.ranges.length && a.ranges.every((edge, i) => edge === b.ranges[i]);
}

const EMPTY: CodePointSet = { ranges: new Int32Array(0) };
const EVERYTHING: CodePointSet = { ranges: Int32Array.of(0, CODE_POINT_LIMIT) };

/** Walks the edges of both sets in order and keeps those where membership in the result flips. */
function combine(
  a: CodePointSet,
  b: CodePointSet,
  keep: (inA: boolean, inB: boolean) => boolean,
): CodePointSet {
  const out = new Int32Array(a.ranges.length + b.ranges.length);
  let size = 0;
  let i = 0;
  let j = 0;
  while (i < a.ranges.length || j < b.ranges.length) {
    const edge = Math.min(a.ranges[i] ?? CODE_POINT_LIMIT, b.ranges[j] ?? CODE_POINT_LIMIT);
    if (a.ranges[i] === edge) i++;
    if (b.ranges[j] === edge) j++;
    if (keep(i % 2 === 1, j % 2 === 1) !== (size % 2 === 1)) out[size++] = edge;
  }
  return { ranges: out.slice(0, size) };
}
