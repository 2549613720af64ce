// Measures blocks of segments under all tokenizers at once: each distinct segment is divided once for tokenizers that
// agree, each distinct pre-token is encoded once per tokenizer, and everything is weighted by how often it occurs.

import { ByteStringTable } from "../counting/byte-string-table.ts";
import { DOCUMENT_START, type SegmentCounts, segmentStart } from "../counting/segment-counts.ts";
import { PieceLoops } from "../pre-tokens/piece-loops.ts";
import {
  type PreTokenLists,
  PreTokenPool,
  type TokenizerLists,
  WHOLE,
} from "../pre-tokens/pre-token-lists.ts";
import { SegmentDivider, type SegmentPlan } from "../pre-tokens/segment-divider.ts";
import { findTraits, OPENS_DOCUMENT } from "../pre-tokens/segment-traits.ts";
import { createRangeList, whitespaceWordRanges } from "../text/words.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import { PreTokenSpaces } from "./pre-token-spaces.ts";
import { findWords, type SegmentWords, type WordOptions } from "./segment-words.ts";
import { TokenizerTally } from "./tokenizer-tally.ts";

/** Totals of the text itself, whatever the tokenizer. */
export interface TextTotals {
  bytes: number;
  characters: number;
  words: number;
}

/** Tokens of each segment of a block under each tokenizer, and words of each: for documents measured one by one. */
export interface BlockFigures {
  readonly tokens: readonly Int32Array[];
  readonly words: Uint32Array;
}

export interface PlannedTokenizer {
  readonly tokenizer: Tokenizer;
  readonly plan: SegmentPlan;
}

/**
 * Segments measured together, so that memory stays bounded. Large, because each tokenizer's tables then fill the caches in
 * turn: with 16,384 segments the three tokenizers took 1.3 times as long.
 */
const SLICE_SEGMENTS = 1 << 20;
/** Pre-tokens of a segment under several tokenizers together, about. */
const EXPECTED_PRE_TOKENS = 3;

export class SegmentMeasurer {
  readonly text: TextTotals = { bytes: 0, characters: 0, words: 0 };
  readonly tallies: readonly TokenizerTally[];
  private readonly table = new ByteStringTable();
  private readonly spaces = new PreTokenSpaces(this.table);
  private readonly dividers: SegmentDivider[] = [];
  private readonly words: WordOptions;
  private readonly addedFirstPairs = new Uint8Array(0x10000);

  constructor(tokenizers: readonly PlannedTokenizer[], words: WordOptions) {
    this.words = words;
    const stretchesAreWords = words.rule === "whitespace" || words.rule === "none";
    const loops = PieceLoops.over(this.table);
    for (const { tokenizer, plan } of tokenizers) {
      this.dividers.push(
        new SegmentDivider(tokenizer, plan, this.table, loops, stretchesAreWords, [...this.dividers]),
      );
      for (const matcher of tokenizer.textMatchers) {
        const { firstPairs } = matcher;
        for (let pair = 0; pair < firstPairs.length; pair++) this.addedFirstPairs[pair]! |= firstPairs[pair]!;
      }
    }
    const spaces = this.spaces;
    const tallies = new Map<SegmentDivider, TokenizerTally>();
    for (const divider of this.dividers) {
      const parent = divider.parent === undefined ? undefined : tallies.get(divider.parent);
      const readsPieces = divider.plan.kind === "pieces";
      tallies.set(divider, new TokenizerTally(divider.tokenizer, this.table, spaces, readsPieces, parent));
    }
    this.tallies = [...tallies.values()];
  }

  /** Adds a block to all totals. */
  add(block: SegmentCounts): void {
    for (const { slice } of this.slicesOf(block)) this.addSlice(slice);
  }

  /** Adds a block to all totals, and returns the figures of each segment, also of those that count 0. */
  measure(block: SegmentCounts): BlockFigures {
    const size = block.counts.length;
    const tokens = this.dividers.map(() => new Int32Array(size));
    const words = new Uint32Array(size);
    for (const { slice, start, end } of this.slicesOf(block)) {
      const each = tokens.map((values) => values.subarray(start, end));
      words.set(this.addSlice(slice, each), start);
    }
    return { tokens, words };
  }

  // Makes room for the whole block first.
  private *slicesOf(block: SegmentCounts): Generator<{ slice: SegmentCounts; start: number; end: number }> {
    const size = block.counts.length;
    // Measured: of 10 distinct segments 6 or 7 make a pre-token that was not there before, with 6 in 10 of the bytes.
    const bytes = block.offsets[size]! - block.offsets[0]!;
    this.table.reserve(Math.floor(size * 0.7), Math.floor(bytes * 0.6));
    for (let start = 0; start < size; start += SLICE_SEGMENTS) {
      const end = Math.min(size, start + SLICE_SEGMENTS);
      yield { slice: sliceOf(block, start, end), start, end };
    }
  }

  // The tokens of each segment are written to `tokens`, by tokenizer; returns its words.
  private addSlice(block: SegmentCounts, tokens?: readonly Int32Array[]): Uint32Array {
    const traits = findTraits(block, this.addedFirstPairs);
    const { bits, pieces } = traits;
    const words = findWords(block, bits, this.words);
    this.addText(block, traits.characters, words.counts);
    const pool = new PreTokenPool(block.counts.length * EXPECTED_PRE_TOKENS);
    const lists = new Map<SegmentDivider, TokenizerLists>();
    const parentLists = ({ parent }: SegmentDivider) =>
      parent === undefined ? undefined : lists.get(parent);
    for (const divider of this.dividers)
      lists.set(divider, divider.divide(block, traits, pool, parentLists(divider)));
    this.spaces.makeRoom();
    const segments = { times: block.counts, pieces, isOneWord: words.isOneWord };
    this.dividers.forEach((divider, t) => {
      const tally = this.tallies[t]!;
      const own = lists.get(divider)!;
      tally.addSegments(pool.list, own, segments, parentLists(divider));
      if (tokens !== undefined) tally.countTokens(pool.list, own, tokens[t]!);
      this.addRangedWords(tally, block, words, pool, own, (i) => divider.textStart(block, traits, i));
      for (const i of own.wholes) {
        const size = tallyWhole(tally, block, i, (bits[i]! & OPENS_DOCUMENT) !== 0, words);
        if (tokens !== undefined) tokens[t]![i] = size;
      }
    });
    return words.counts;
  }

  private addText(
    { bytes, offsets, counts }: SegmentCounts,
    characters: Uint32Array,
    words: Uint32Array,
  ): void {
    const sums = { bytes: 0, characters: 0, words: 0 };
    for (let i = 0; i < counts.length; i++) {
      const times = counts[i]!;
      const mark = bytes[offsets[i]!] === DOCUMENT_START ? 1 : 0;
      sums.bytes += (offsets[i + 1]! - offsets[i]! - mark) * times;
      sums.characters += characters[i]! * times;
      sums.words += words[i]! * times;
    }
    this.text.bytes += sums.bytes;
    this.text.characters += sums.characters;
    this.text.words += sums.words;
  }

  // Words of segments that are not simply white space and one word.
  private addRangedWords(
    tally: TokenizerTally,
    { counts }: SegmentCounts,
    words: SegmentWords,
    pool: PreTokenPool,
    { starts, ends }: PreTokenLists,
    textStart: (segment: number) => number,
  ): void {
    for (const i of words.ranged) {
      const from = starts[i]!;
      if (from === WHOLE) continue;
      const { data } = words.ranges;
      tally.addWords(
        pool.list,
        from,
        ends[i]!,
        textStart(i),
        data,
        words.starts[i]!,
        words.ends[i]!,
        counts[i]!,
      );
    }
  }
}

function sliceOf({ bytes, offsets, counts }: SegmentCounts, start: number, end: number): SegmentCounts {
  return { bytes, offsets: offsets.subarray(start, end + 1), counts: counts.subarray(start, end) };
}

// A segment with added tokens, or whose normalization needs alignment.
function tallyWhole(
  tally: TokenizerTally,
  { bytes, offsets, counts }: SegmentCounts,
  index: number,
  opensDocument: boolean,
  words: SegmentWords,
): number {
  const start = segmentStart(bytes, offsets[index]!);
  const end = offsets[index + 1]!;
  const encoding = tally.tokenizer.encodeBytes(bytes.subarray(start, end), {
    continuesDocument: !opensDocument,
  });
  tally.addEncoding(encoding, counts[index]!);
  const text = {
    starts: encoding.starts.map((at) => start + at),
    ends: encoding.ends.map((at) => start + at),
    tokens: encoding.ids.length,
  };
  if (words.isOneWord[index] === 1)
    tally.addTouches(text, wordRange(bytes, start, end), 0, 2, counts[index]!);
  else tally.addTouches(text, words.ranges.data, words.starts[index]!, words.ends[index]!, counts[index]!);
  return encoding.ids.length;
}

// The one word of a segment that is white space and a word.
function wordRange(bytes: Uint8Array, start: number, end: number): Int32Array {
  const ranges = createRangeList(2);
  whitespaceWordRanges(bytes, start, end, ranges);
  return ranges.data;
}
