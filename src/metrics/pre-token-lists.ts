// The pre-tokens of each segment of a block for one tokenizer, as lists of numbers in a pool that all tokenizers share.

/** A segment that was not divided into pre-tokens: it is encoded as a whole. */
export const WHOLE = -1;

export class PreTokenPool {
  list = new Int32Array(1 << 16);
  size = 0;

  add(preToken: number): void {
    if (this.size === this.list.length) {
      const larger = new Int32Array(2 * this.list.length);
      larger.set(this.list);
      this.list = larger;
    }
    this.list[this.size++] = preToken;
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
