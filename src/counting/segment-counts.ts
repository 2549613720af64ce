// Segments and how often each occurs: what counting makes, workers exchange, and every measurement reads.

/** At least this many bytes follow the last segment, so that it may be read in whole words. */
export const SEGMENT_PADDING = 16;

/** Segment i is `bytes[offsets[i], offsets[i + 1])` and occurs `counts[i]` times. Each segment stands once; the order means nothing. */
export interface SegmentCounts {
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
  readonly counts: Float64Array;
}

/**
 * First byte of a segment that opens its document with white space. It is no byte of UTF-8, so such a segment differs
 * from the same text inside a document. (A segment without white space at its start always opens a document.)
 */
export const DOCUMENT_START = 0xff;

/** Where the text of a segment begins that lies at `offset`: behind its `DOCUMENT_START`, where it has one. */
export function segmentStart(bytes: Uint8Array, offset: number): number {
  return bytes[offset] === DOCUMENT_START ? offset + 1 : offset;
}
