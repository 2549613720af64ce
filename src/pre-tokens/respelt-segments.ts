// Segments that normalization changed, or a space put before them, collected to be divided together.

import { SEGMENT_PADDING, type SegmentCounts } from "../counting/segment-counts.ts";

const SPACE = 0x20;

export class RespeltSegments {
  /** Where each stands in the block that it comes from. */
  readonly indices: number[] = [];
  private readonly ends: number[] = [];
  private bytes = new Uint8Array(1 << 16);
  private length = 0;

  get size(): number {
    return this.indices.length;
  }

  /** Adds `bytes[start, end)`. */
  add(bytes: Uint8Array, start: number, end: number, index: number): void {
    this.makeRoom(end - start);
    for (let at = start; at < end; at++) this.bytes[this.length++] = bytes[at]!;
    this.ends.push(this.length);
    this.indices.push(index);
  }

  /** Adds `bytes[start, end)` with a space before it. */
  addAfterSpace(bytes: Uint8Array, start: number, end: number, index: number): void {
    this.makeRoom(1);
    this.bytes[this.length++] = SPACE;
    this.add(bytes, start, end, index);
  }

  /** The texts as a block of their own, in order; each counts 1. */
  block(): SegmentCounts {
    this.makeRoom(0);
    const offsets = new Uint32Array(this.size + 1);
    offsets.set(this.ends, 1);
    return { bytes: this.bytes, offsets, counts: new Float64Array(this.size).fill(1) };
  }

  // For `more` bytes and the padding of a block.
  private makeRoom(more: number): void {
    const least = this.length + more + SEGMENT_PADDING;
    if (least <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.bytes.length, least));
    larger.set(this.bytes);
    this.bytes = larger;
  }
}
