// The pre-tokens of each segment of a block for one tokenizer, as lists of numbers in a pool that all tokenizers share.

/** A segment that was not divided into pre-tokens: it is encoded as a whole. */
export const WHOLE = -1;

export class PreTokenPool {
  list: Int32Array;
  size = 0;

  /** @param expected pre-tokens that there is room for at once */
  constructor(expected: number) {
    this.list = new Int32Array(expected);
  }

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

/** The lists of one tokenizer. */
export interface TokenizerLists extends PreTokenLists {
  /** The segments whose lists are not those of the tokenizer that the others were taken over from, in order. */
  readonly own: Int32Array;
  /** The segments that were not divided, in order. */
  readonly wholes: readonly number[];
}

export function emptyLists(segments: number): PreTokenLists {
  return { starts: new Int32Array(segments).fill(WHOLE), ends: new Int32Array(segments).fill(WHOLE) };
}
