// Adds up the segment counts of several workers.

import { DOCUMENT_START, type SegmentCounts } from "./segment-counts.ts";
import { hashInline, hashLong, INLINE_BYTES, SegmentTable } from "./segment-table.ts";

/** The sum of `parts`. Counts of equal segments are added; the order of the result means nothing. */
export function mergeCounts(parts: readonly SegmentCounts[]): SegmentCounts {
  if (parts.length === 1) return parts[0]!;
  const most = parts.reduce((sum, part) => sum + part.counts.length, 0);
  const table = new SegmentTable(() => {}, 0, 2 ** Math.ceil(Math.log2(1 + 1.5 * most)));
  for (const part of parts) addCounts(table, part);
  return table.export();
}

function addCounts(table: SegmentTable, { bytes, offsets, counts }: SegmentCounts): void {
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
      table.addInline(words[0]!, words[1]!, words[2]!, words[3]!, hash, counts[i]!);
    } else table.addLong(bytes, start, end, hashLong(bytes, start, end), counts[i]!);
  }
}
