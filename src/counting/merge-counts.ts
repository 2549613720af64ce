// Adds up the segment counts of several workers.

import { DOCUMENT_START, SEGMENT_PADDING, type SegmentCounts } from "./segment-counts.ts";
import { hashInline, hashLong, INLINE_BYTES, SegmentTable } from "./segment-table.ts";

/**
 * The sum of `parts` less that of `minus`, whose segments stand in `parts` as often or more. Counts of equal segments are
 * added; the order of the result means nothing.
 */
export function mergeCounts(
  parts: readonly SegmentCounts[],
  minus: readonly SegmentCounts[] = [],
): SegmentCounts {
  const taken = minus.filter(({ counts }) => counts.length > 0);
  if (parts.length === 1 && taken.length === 0) return parts[0]!;
  const most = parts.reduce((sum, part) => sum + part.counts.length, 0);
  const table = new SegmentTable(() => {}, 0, 2 ** Math.ceil(Math.log2(2 + 1.5 * most)));
  for (const part of parts) addCounts(table, part, 1);
  for (const part of taken) addCounts(table, part, -1);
  return taken.length === 0 ? table.export() : withoutZeros(table.export());
}

function withoutZeros({ bytes, offsets, counts }: SegmentCounts): SegmentCounts {
  const left = { bytes, offsets: new Uint32Array(offsets.length), counts: new Float64Array(counts.length) };
  let size = 0;
  let length = 0;
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] === 0) continue;
    // Moves to the front only: the bytes behind are not read yet.
    bytes.copyWithin(length, offsets[i]!, offsets[i + 1]!);
    length += offsets[i + 1]! - offsets[i]!;
    left.counts[size++] = counts[i]!;
    left.offsets[size] = length;
  }
  return {
    bytes: bytes.subarray(0, length + SEGMENT_PADDING),
    offsets: left.offsets.subarray(0, size + 1),
    counts: left.counts.subarray(0, size),
  };
}

/** Adds all of them to a table, or takes them off. */
export function addCounts(
  table: SegmentTable,
  { bytes, offsets, counts }: SegmentCounts,
  factor: 1 | -1,
): void {
  const words = new Int32Array(4);
  const wordBytes = new Uint8Array(words.buffer);
  for (let i = 0; i < counts.length; i++) {
    const start = offsets[i]!;
    const end = offsets[i + 1]!;
    let isInline = end - start <= INLINE_BYTES && bytes[start] !== DOCUMENT_START;
    words.fill(0);
    for (let at = start; isInline && at < end; at++) {
      wordBytes[at - start] = bytes[at]!;
      isInline = bytes[at] !== 0;
    }
    if (isInline) {
      const hash = hashInline(words[0]!, words[1]!, words[2]!, words[3]!);
      table.addInline(words[0]!, words[1]!, words[2]!, words[3]!, hash, factor * counts[i]!);
    } else table.addLong(bytes, start, end, hashLong(bytes, start, end), factor * counts[i]!);
  }
}
