// Segments that normalization changed, collected to be divided together.

import { SEGMENT_PADDING, type SegmentCounts } from "../counting/segment-counts.ts";

export class NormalizedSegments {
  /** Where each stands in the block that it comes from. */
  readonly indices: number[] = [];
  private readonly texts: Uint8Array[] = [];

  get size(): number {
    return this.indices.length;
  }

  add(text: Uint8Array, index: number): void {
    this.texts.push(text);
    this.indices.push(index);
  }

  /** The texts as a block of their own, in order; each counts 1. */
  block(): SegmentCounts {
    const offsets = new Uint32Array(this.size + 1);
    this.texts.forEach((text, i) => {
      offsets[i + 1] = offsets[i]! + text.length;
    });
    const bytes = new Uint8Array(offsets[this.size]! + SEGMENT_PADDING);
    this.texts.forEach((text, i) => {
      bytes.set(text, offsets[i]!);
    });
    return { bytes, offsets, counts: new Float64Array(this.size).fill(1) };
  }
}
