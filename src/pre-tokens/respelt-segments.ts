// Segments that normalization changed, or a space put before them, collected to be divided together.

import { SEGMENT_PADDING, type SegmentCounts } from "../counting/segment-counts.ts";

const SPACE = 0x20;

export class RespeltSegments {
  /** Where each stands in the block that it comes from. */
  readonly indices: number[] = [];
  private readonly texts: Uint8Array[] = [];
  /** 1 for those that have a space before them. */
  private readonly spaces: number[] = [];

  get size(): number {
    return this.indices.length;
  }

  add(text: Uint8Array, index: number): void {
    this.texts.push(text);
    this.spaces.push(0);
    this.indices.push(index);
  }

  addAfterSpace(text: Uint8Array, index: number): void {
    this.add(text, index);
    this.spaces[this.size - 1] = 1;
  }

  /** The texts as a block of their own, in order; each counts 1. */
  block(): SegmentCounts {
    const offsets = new Uint32Array(this.size + 1);
    this.texts.forEach((text, i) => {
      offsets[i + 1] = offsets[i]! + this.spaces[i]! + text.length;
    });
    const bytes = new Uint8Array(offsets[this.size]! + SEGMENT_PADDING).fill(SPACE);
    this.texts.forEach((text, i) => {
      bytes.set(text, offsets[i]! + this.spaces[i]!);
    });
    return { bytes, offsets, counts: new Float64Array(this.size).fill(1) };
  }
}
