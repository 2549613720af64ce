// Sorts segments where they lie, by their places. Most segments differ in their first 16 bytes: these are gathered once, and
// sorted by their digits, least significant first. Measured on a full table of a million segments: a sort that compares
// takes 20 times as long, for each comparison waits for memory four times.

import { DOCUMENT_START } from "./segment-counts.ts";
import { compareSegments } from "./sorted-counts.ts";

/** Words of four bytes that a key has. */
const KEY_WORDS = 4;
const DIGITS = 1 << 16;
/** Below this, passing over all digits takes longer than comparing. */
const FEW = 1 << 11;

/** Where a segment lies: `bytesOf(place)[startOf(place), endOf(place))`. */
export interface Places {
  bytesOf(place: number): Uint8Array;
  startOf(place: number): number;
  endOf(place: number): number;
}

/** `places` in the order of their segments. */
export function sortPlaces(places: Uint32Array, segments: Places): Uint32Array {
  const compare = (a: number, b: number) =>
    compareSegments(
      segments.bytesOf(a),
      segments.startOf(a),
      segments.endOf(a),
      segments.bytesOf(b),
      segments.startOf(b),
      segments.endOf(b),
    );
  if (places.length < FEW) return places.slice().sort(compare);
  const keys = keysOf(places, segments);
  const order = sortByKeys(keys, places.length);
  const sorted = order.map((i) => places[i]!);
  sortEqual(keys, order, sorted, compare);
  return sorted;
}

// The first 16 bytes of each segment as big-endian words, zeros behind what is shorter.
function keysOf(places: Uint32Array, segments: Places): Uint32Array {
  const keys = new Uint32Array(places.length * KEY_WORDS);
  for (let i = 0; i < places.length; i++) {
    const place = places[i]!;
    const bytes = segments.bytesOf(place);
    const end = segments.endOf(place);
    let at = segments.startOf(place);
    if (bytes[at] === DOCUMENT_START) at++;
    for (let word = i * KEY_WORDS; word < (i + 1) * KEY_WORDS && at < end; word++) {
      let value = 0;
      for (let shift = 24; shift >= 0; shift -= 8, at++) if (at < end) value |= bytes[at]! << shift;
      keys[word] = value;
    }
  }
  return keys;
}

function sortByKeys(keys: Uint32Array, size: number): Uint32Array {
  let order = Uint32Array.from({ length: size }, (_, i) => i);
  let next = new Uint32Array(size);
  const starts = new Uint32Array(DIGITS + 1);
  for (let word = KEY_WORDS - 1; word >= 0; word--)
    for (const shift of [0, 16]) {
      starts.fill(0);
      for (let i = 0; i < size; i++) starts[((keys[i * KEY_WORDS + word]! >>> shift) & 0xffff) + 1]!++;
      // All have the same digit, as behind the end of short segments.
      if (starts.includes(size)) continue;
      for (let digit = 0; digit < DIGITS; digit++) starts[digit + 1]! += starts[digit]!;
      for (let i = 0; i < size; i++) {
        const index = order[i]!;
        next[starts[(keys[index * KEY_WORDS + word]! >>> shift) & 0xffff]!++] = index;
      }
      [order, next] = [next, order];
    }
  return order;
}

// Segments that have the same key, and differ behind it or in their length, are compared.
function sortEqual(
  keys: Uint32Array,
  order: Uint32Array,
  sorted: Uint32Array,
  compare: (a: number, b: number) => number,
): void {
  const isSame = (i: number, j: number) => {
    for (let word = 0; word < KEY_WORDS; word++)
      if (keys[order[i]! * KEY_WORDS + word] !== keys[order[j]! * KEY_WORDS + word]) return false;
    return true;
  };
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && isSame(from, to)) to++;
    if (to > from + 1) sorted.subarray(from, to).sort(compare);
    from = to;
  }
}
