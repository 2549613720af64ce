// The one order of segments that every run agrees on, so that files of counts are the same bytes however they were made.

import type { SegmentCounts } from "./segment-counts.ts";

/** Bytes of a segment that its sorting key holds: six fit a double exactly. */
const KEY_BYTES = 6;

/** The indices of the segments in ascending order of their bytes, a prefix before what it begins. */
export function sortedOrder({ bytes, offsets, counts }: SegmentCounts): Uint32Array {
  const keys = new Float64Array(counts.length);
  for (let i = 0; i < counts.length; i++) {
    const start = offsets[i]!;
    const end = offsets[i + 1]!;
    let key = 0;
    for (let at = start; at < start + KEY_BYTES; at++) key = key * 256 + (at < end ? bytes[at]! : 0);
    keys[i] = key;
  }
  const order = Uint32Array.from({ length: counts.length }, (_, i) => i);
  return order.sort((a, b) => keys[a]! - keys[b]! || compareBytes(bytes, offsets, a, b));
}

function compareBytes(bytes: Uint8Array, offsets: Uint32Array, a: number, b: number): number {
  const startA = offsets[a]!;
  const startB = offsets[b]!;
  const lengthA = offsets[a + 1]! - startA;
  const lengthB = offsets[b + 1]! - startB;
  const common = Math.min(lengthA, lengthB);
  for (let i = 0; i < common; i++) {
    const difference = bytes[startA + i]! - bytes[startB + i]!;
    if (difference !== 0) return difference;
  }
  return lengthA - lengthB;
}

/** Bytes and characters of all the text that was counted. */
export function textSize({ bytes, offsets, counts }: SegmentCounts): { bytes: number; characters: number } {
  let size = 0;
  let characters = 0;
  for (let i = 0; i < counts.length; i++) {
    let length = 0;
    let starts = 0;
    for (let at = offsets[i]!; at < offsets[i + 1]!; at++) {
      // Neither the mark of a document's start nor a continuation byte begins a character.
      if ((bytes[at]! & 0xc0) !== 0x80 && bytes[at] !== 0xff) starts++;
      if (bytes[at] !== 0xff) length++;
    }
    size += length * counts[i]!;
    characters += starts * counts[i]!;
  }
  return { bytes: size, characters };
}
