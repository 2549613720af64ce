// The pre-tokens of each segment of a block for one tokenizer, as lists of numbers in a pool that all tokenizers share.

/** A segment that was not divided into pre-tokens: it is encoded as a whole. */
export const WHOLE = -1;

export class PreTokenPool {
  list = new Int32Array(1 << 16);
  size = 0;

  /** Makes room for `more`, to be written behind `size` by the caller. */
  reserve(more: number): void {
    if (this.size + more <= this.list.length) return;
    const larger = new Int32Array(Math.max(2 * this.list.length, this.size + more));
    larger.set(this.list);
    this.list = larger;
  }
}

/** Segment i has the pre-tokens `pool.list[starts[i], ends[i])`, or `starts[i]` is WHOLE. */
export interface PreTokenLists {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

export function emptyLists(segments: number): PreTokenLists {
  return { starts: new Int32Array(segments).fill(WHOLE), ends: new Int32Array(segments).fill(WHOLE) };
}
