// Segments in the order of the counts format: by their bytes, a prefix before what it begins, and of two equal ones that
// which opens its document last (docs/counts.md). Counts in this order are merged without holding them.

import { isCutSpace } from "../text/cut-rule.ts";
import { DOCUMENT_START, SEGMENT_PADDING, type SegmentCounts } from "./segment-counts.ts";

/** Blocks of segments, in ascending order from the first to the last; a segment may stand twice. Valid until the next call. */
export interface SortedSource {
  next(): SegmentCounts | undefined | Promise<SegmentCounts | undefined>;
  close(): void;
}

/** Below 0: the segment `a[startA, endA)` comes before `b[startB, endB)`; both may bear the mark of a document's start. */
export function compareSegments(
  a: Uint8Array,
  startA: number,
  endA: number,
  b: Uint8Array,
  startB: number,
  endB: number,
): number {
  const fromA = a[startA] === DOCUMENT_START ? startA + 1 : startA;
  const fromB = b[startB] === DOCUMENT_START ? startB + 1 : startB;
  const lengthA = endA - fromA;
  const lengthB = endB - fromB;
  const common = Math.min(lengthA, lengthB);
  for (let i = 0; i < common; i++) {
    const difference = a[fromA + i]! - b[fromB + i]!;
    if (difference !== 0) return difference;
  }
  return lengthA - lengthB || fromA - startA - (fromB - startB);
}

/** Whether a segment opens its document: the marked ones do, and those without white space at their start. */
export function opensDocument(bytes: Uint8Array, start: number): boolean {
  return bytes[start] === DOCUMENT_START || !isCutSpace(bytes[start]!);
}

/** Gathers segments into a block. */
export class BlockBuilder {
  size = 0;
  private bytes = new Uint8Array(1 << 16);
  private offsets = new Uint32Array(1 << 12);
  private counts = new Float64Array(1 << 12);

  /** Bytes of the segments so far. */
  get length(): number {
    return this.offsets[this.size]!;
  }

  add(bytes: Uint8Array, start: number, end: number, count: number): void {
    const at = this.open(end - start);
    // Most segments are too short for a call to be worth it.
    for (let i = start; i < end; i++) this.bytes[at + i - start] = bytes[i]!;
    this.closeAt(at + end - start, count);
  }

  /** Adds a segment with the mark of a document's start before it. */
  addMarked(bytes: Uint8Array, count: number): void {
    const at = this.open(bytes.length + 1);
    this.bytes[at] = DOCUMENT_START;
    this.bytes.set(bytes, at + 1);
    this.closeAt(at + 1 + bytes.length, count);
  }

  /** Adds to the count of the last segment. */
  addToLast(count: number): void {
    this.counts[this.size - 1]! += count;
  }

  get lastCount(): number {
    return this.counts[this.size - 1]!;
  }

  removeLast(): void {
    this.size--;
  }

  /** Whether the last segment is `bytes[start, end)`. */
  lastIs(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.size === 0) return false;
    const from = this.offsets[this.size - 1]!;
    return compareSegments(this.bytes, from, this.length, bytes, start, end) === 0;
  }

  /** Whether the last segment does not come behind the one before it. */
  isLastOutOfOrder(): boolean {
    if (this.size < 2) return false;
    const { bytes, offsets, size } = this;
    const [first, second] = [offsets[size - 2]!, offsets[size - 1]!];
    return compareSegments(bytes, first, second, bytes, second, this.length) >= 0;
  }

  /** The block, valid until the next segment is added. */
  block(): SegmentCounts {
    return {
      bytes: this.bytes,
      offsets: this.offsets.subarray(0, this.size + 1),
      counts: this.counts.subarray(0, this.size),
    };
  }

  clear(): void {
    this.size = 0;
  }

  private open(size: number): number {
    const at = this.length;
    if (at + size + SEGMENT_PADDING > this.bytes.length) {
      const larger = new Uint8Array(2 * (at + size + SEGMENT_PADDING));
      larger.set(this.bytes.subarray(0, at));
      this.bytes = larger;
    }
    if (this.size + 2 > this.offsets.length) {
      const offsets = new Uint32Array(2 * this.offsets.length);
      offsets.set(this.offsets);
      this.offsets = offsets;
      const counts = new Float64Array(2 * this.counts.length);
      counts.set(this.counts);
      this.counts = counts;
    }
    return at;
  }

  private closeAt(end: number, count: number): void {
    this.counts[this.size++] = count;
    this.offsets[this.size] = end;
  }
}
