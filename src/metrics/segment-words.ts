// The words of the segments of a block by the word rule of the measurement.

import { type SegmentCounts, segmentStart } from "../counting/segment-counts.ts";
import { ONE_STRETCH, ONLY_SPACE } from "../pre-tokens/segment-traits.ts";
import { addWordRanges, createRangeList, type RangeList, type TextWordRule } from "../text/words.ts";

/**
 * Words of each segment. Where the words of segment i are not simply its one stretch without white space, they are the
 * byte ranges `ranges[starts[i], ends[i])`, pairs of start and end within `block.bytes`.
 */
export interface SegmentWords {
  readonly counts: Uint32Array;
  /** 1: the segment is white space and one word up to its end. */
  readonly isOneWord: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly ranges: RangeList;
  /** The segments that have such ranges. */
  readonly ranged: readonly number[];
}

/** Words of a measurement: the rule, and the language whose word breaks `uax29` follows. */
export interface WordOptions {
  readonly rule: TextWordRule | "none";
  readonly locale: string;
}

export function findWords(block: SegmentCounts, bits: Uint8Array, options: WordOptions): SegmentWords {
  const size = block.counts.length;
  const ranged: number[] = [];
  const words = {
    counts: new Uint32Array(size),
    isOneWord: new Uint8Array(size),
    starts: new Int32Array(size),
    ends: new Int32Array(size),
    ranges: createRangeList(),
    ranged,
  };
  if (options.rule === "none") return words;
  for (let i = 0; i < size; i++) {
    const trait = bits[i]!;
    // To `uax29`, two U+202F are a word: they are ExtendNumLet as well as white space.
    if (options.rule === "whitespace" && (trait & (ONLY_SPACE | ONE_STRETCH)) !== 0) {
      words.counts[i] = words.isOneWord[i] = (trait & ONE_STRETCH) !== 0 ? 1 : 0;
      continue;
    }
    const start = segmentStart(block.bytes, block.offsets[i]!);
    words.starts[i] = words.ranges.length;
    addWordRanges(block.bytes, start, block.offsets[i + 1]!, options.rule, options.locale, words.ranges);
    words.ends[i] = words.ranges.length;
    words.counts[i] = (words.ends[i]! - words.starts[i]!) / 2;
    if (words.counts[i]! > 0) ranged.push(i);
  }
  return words;
}
