// Takes out of documents the lines that have been seen before, in these or in other documents.

import { type DigestSet, digestOf } from "./digest-set.ts";

const LINE_FEED = 0x0a;
const RETURN = 0x0d;

export interface FilteredLines {
  /** Undefined when lines were taken out and none is left that is not empty. */
  readonly rest: Uint8Array | undefined;
  /** How many lines were taken out. */
  readonly lines: number;
}

export class LineFilter {
  private readonly seen: DigestSet;

  constructor(seen: DigestSet) {
    this.seen = seen;
  }

  /**
   * A line goes with its line end (LF or CRLF), which is not compared; empty lines stay.
   * "a\nb\n\na\nc" → "a\nb\n\nc"
   */
  pass(document: Uint8Array): FilteredLines {
    const kept = new Uint8Array(document.length);
    let size = 0;
    let lines = 0;
    let hasText = false;
    for (let start = 0; start < document.length; ) {
      const feed = document.indexOf(LINE_FEED, start);
      const next = feed < 0 ? document.length : feed + 1;
      const end = feed < 0 ? next : feed > start && document[feed - 1] === RETURN ? feed - 1 : feed;
      if (end > start && !this.seen.add(digestOf(document.subarray(start, end)))) lines++;
      else {
        hasText ||= end > start;
        kept.set(document.subarray(start, next), size);
        size += next - start;
      }
      start = next;
    }
    if (lines === 0) return { rest: document, lines };
    return { rest: hasText ? kept.subarray(0, size) : undefined, lines };
  }
}
