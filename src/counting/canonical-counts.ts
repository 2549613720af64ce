// Puts counts that are in memory into the order of the counts format, and sums up how much text they are of.

import type { SegmentCounts } from "./segment-counts.ts";
import { sortPlaces } from "./sort-places.ts";

/** The indices of the segments in the order of `compareSegments`. */
export function sortedOrder({ bytes, offsets, counts }: SegmentCounts): Uint32Array {
  const indices = Uint32Array.from({ length: counts.length }, (_, i) => i);
  return sortPlaces(indices, {
    bytesOf: () => bytes,
    startOf: (i) => offsets[i]!,
    endOf: (i) => offsets[i + 1]!,
  });
}

/** The same segments, in order. */
export function sortCounts(table: SegmentCounts): SegmentCounts {
  const { bytes, offsets, counts } = table;
  const order = sortedOrder(table);
  const sorted = {
    bytes: new Uint8Array(bytes.length),
    offsets: new Uint32Array(offsets.length),
    counts: Float64Array.from(order, (i) => counts[i]!),
  };
  order.forEach((i, at) => {
    sorted.bytes.set(bytes.subarray(offsets[i]!, offsets[i + 1]!), sorted.offsets[at]!);
    sorted.offsets[at + 1] = sorted.offsets[at]! + offsets[i + 1]! - offsets[i]!;
  });
  return sorted;
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
