// Segments too long for the table (text without spaces makes long, unique ones) leave the worker in blocks as they come,
// so that they are measured at once and no memory grows with them.

import { DOCUMENT_START, SEGMENT_PADDING, type SegmentCounts } from "./segment-counts.ts";

/** A segment above this goes into a block. Of Persian segments 1 in 400,000 is longer; of Thai bytes 60 % lie in longer ones. */
export const LONG_SEGMENT_BYTES = 96;

const BLOCK_BYTES = 1 << 20;
const BLOCK_SEGMENTS = BLOCK_BYTES / LONG_SEGMENT_BYTES;

/** Gets a full block, every count 1; a segment may stand in it more than once. */
export type BlockSink = (block: SegmentCounts) => void;

export class LongSegments {
  private bytes = new Uint8Array(BLOCK_BYTES);
  private offsets = new Uint32Array(BLOCK_SEGMENTS + 2);
  private count = 0;
  private readonly sink: BlockSink;

  constructor(sink: BlockSink) {
    this.sink = sink;
  }

  add(bytes: Uint8Array, start: number, end: number, opensWithSpace: boolean): void {
    const size = end - start + (opensWithSpace ? 1 : 0);
    if (
      this.offsets[this.count]! + size + SEGMENT_PADDING > this.bytes.length ||
      this.count >= BLOCK_SEGMENTS
    )
      this.flush(size);
    let at = this.offsets[this.count]!;
    if (opensWithSpace) this.bytes[at++] = DOCUMENT_START;
    this.bytes.set(bytes.subarray(start, end), at);
    this.offsets[++this.count] = at + end - start;
  }

  /** Hands over what is there; the next block has room for `size` bytes at least. */
  flush(size = 0): void {
    if (this.count > 0) {
      const counts = new Float64Array(this.count).fill(1);
      this.sink({ bytes: this.bytes, offsets: this.offsets.slice(0, this.count + 1), counts });
    }
    this.bytes = new Uint8Array(Math.max(BLOCK_BYTES, size + SEGMENT_PADDING));
    this.offsets[0] = 0;
    this.count = 0;
  }
}

/** Whether a segment, marked or not, is too long for the table of a scanner. */
export function isLong(bytes: Uint8Array, start: number, end: number): boolean {
  return end - (bytes[start] === DOCUMENT_START ? start + 1 : start) > LONG_SEGMENT_BYTES;
}

/** The segments that the table of a scanner holds: those that are not long. */
export function withoutLong({ bytes, offsets, counts }: SegmentCounts): SegmentCounts {
  const short: number[] = [];
  for (let i = 0; i < counts.length; i++) if (!isLong(bytes, offsets[i]!, offsets[i + 1]!)) short.push(i);
  if (short.length === counts.length) return { bytes, offsets, counts };
  const size = short.reduce((sum, i) => sum + offsets[i + 1]! - offsets[i]!, 0);
  const kept = {
    bytes: new Uint8Array(size + SEGMENT_PADDING),
    offsets: new Uint32Array(short.length + 1),
    counts: Float64Array.from(short, (i) => counts[i]!),
  };
  short.forEach((i, at) => {
    kept.bytes.set(bytes.subarray(offsets[i]!, offsets[i + 1]!), kept.offsets[at]!);
    kept.offsets[at + 1] = kept.offsets[at]! + offsets[i + 1]! - offsets[i]!;
  });
  return kept;
}
