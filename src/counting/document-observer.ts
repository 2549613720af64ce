// What is told of every document that the scanner ends: the sample for the intervals, and what divides a corpus into
// training and held-out text.

export interface DocumentObserver {
  /** Documents up to this size should still be at hand when they are offered. */
  readonly keepBytes: number;
  /**
   * Offers the document `buffer[start, end)`; a negative start says that its beginning is no longer in the buffer.
   * @param hashA, hashB two independent 32-bit hashes of its segments
   * @param bufferOffset where the buffer's first byte lies in the file
   */
  offer(
    hashA: number,
    hashB: number,
    buffer: Uint8Array,
    start: number,
    end: number,
    bufferOffset: number,
  ): void;
}
