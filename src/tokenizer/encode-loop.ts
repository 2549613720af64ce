// Encodes many short pre-tokens at once by the loop in WebAssembly (wasm/assembly/merge.ts), in the memory of a merge table.

import type { MergeTable } from "./merge-table.ts";
import type { VocabularyIndex } from "./vocabulary-index.ts";
import type { WholeCharacters } from "./whole-characters.ts";

/** Pre-tokens of one call, at most, and their bytes. */
const CHUNK_PRE_TOKENS = 4096;
const CHUNK_BYTES = 1 << 15;

// Byte addresses; wasm/assembly/merge-places.ts has the same.
const BYTE_IDS = 5120;
const LEAVES_OUT = 6144;
const WHOLE_PARAMETERS = 6148;
const OFFSETS = 24576;
const STATES = 45056;
const SPACES = 53248;
const TEXT = 1638400;
const LENGTHS = 1671232;
const IDS = 1704064;
const CHARACTERS = 1835200;
const CONDITIONS = 2097344;
const PLACES = 2212224;

// What the symbols are that the merging begins with: bytes, characters, or characters and the bytes of those without an id.
const BYTES = 0;
const CHARACTERS_ONLY = 1;
const CHARACTERS_OR_BYTES = 2;

// Which pre-tokens are looked up as a whole: none, those that the merges leave in several tokens, or all.
const NO_WHOLES = 0;
const DIVIDED_WHOLES = 1;
const ALL_WHOLES = 2;

/** Pre-token i is `bytes[offsets[i], offsets[i + 1])`. */
export interface PreTokenTexts {
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
  readonly size: number;
}

/** What is known of each pre-token (metrics/encoded-pre-tokens.ts). */
export interface PreTokenStates {
  readonly states: Uint16Array;
  /** Where its tokens begin. */
  readonly places: Uint32Array;
  /** Bytes of white space that it begins with (metrics/pre-token-spaces.ts). */
  readonly spaces: Uint8Array;
}

/** Tokens that `ignore_merges` takes for whole pre-tokens. */
export interface WholeTokens {
  readonly index: VocabularyIndex;
  /** Where merges end in a single token, it may be another than the one that is spelt so. */
  readonly areAmbiguous: boolean;
}

export interface EncodedChunk {
  /** Pre-tokens that were looked at, and tokens of those that were encoded. */
  readonly preTokens: number;
  readonly tokens: number;
  /** Whether one has no token outside of the white space that it begins with, though it is not white space only. */
  readonly leavesOut: boolean;
}

export class EncodeLoop {
  /** All tokens of the last call in order, and bytes under each. */
  readonly ids: Int32Array;
  readonly lengths: Uint8Array;
  private readonly table: MergeTable;
  private readonly text: Uint8Array;
  private readonly offsets: Uint32Array;
  private readonly states: Uint16Array;
  private readonly spaces: Uint8Array;
  private readonly places: Uint32Array;
  private readonly flag: Int32Array;
  private readonly symbols: number;
  private readonly wholes: number;

  /** @param characters for a model that is not byte-level the id of each code point below 0x10000, or -1 */
  constructor(
    table: MergeTable,
    byteIds: Int32Array,
    characters: Int32Array | WholeCharacters,
    wholes?: WholeTokens,
  ) {
    const { buffer } = table.memory;
    this.table = table;
    this.ids = new Int32Array(buffer, IDS, CHUNK_BYTES);
    this.lengths = new Uint8Array(buffer, LENGTHS, CHUNK_BYTES);
    this.text = new Uint8Array(buffer, TEXT, CHUNK_BYTES);
    this.offsets = new Uint32Array(buffer, OFFSETS, CHUNK_PRE_TOKENS + 1);
    this.states = new Uint16Array(buffer, STATES, CHUNK_PRE_TOKENS);
    this.spaces = new Uint8Array(buffer, SPACES, CHUNK_PRE_TOKENS);
    this.places = new Uint32Array(buffer, PLACES, CHUNK_PRE_TOKENS);
    this.flag = new Int32Array(buffer, LEAVES_OUT, 1);
    new Int32Array(buffer, BYTE_IDS, 256).set(byteIds);
    if (characters instanceof Int32Array) {
      this.symbols = byteIds.every((id) => id >= 0) ? CHARACTERS_OR_BYTES : CHARACTERS_ONLY;
      new Int32Array(buffer, CHARACTERS, 0x10000).set(characters);
    } else {
      this.symbols = BYTES;
      new Int32Array(buffer, CHARACTERS, 0x10000).set(characters.entries);
      new Int32Array(buffer, CONDITIONS, characters.conditions.length).set(characters.conditions);
    }
    this.wholes = wholes === undefined ? NO_WHOLES : wholes.areAmbiguous ? ALL_WHOLES : DIVIDED_WHOLES;
    if (wholes !== undefined) new Int32Array(buffer, WHOLE_PARAMETERS, 7).set(wholes.index.parameters);
  }

  /**
   * Encodes those of the pre-tokens from `from` on that are needed and short, as many as fit and at least one, and notes their
   * states and places: their tokens are to lie from `base` on. Those that are not for the loop stay needed.
   */
  run(
    { bytes, offsets, size }: PreTokenTexts,
    { states, places, spaces }: PreTokenStates,
    from: number,
    base: number,
  ): EncodedChunk {
    const start = offsets[from]!;
    const to = endOfChunk(offsets, from, Math.min(size, from + CHUNK_PRE_TOKENS), start + CHUNK_BYTES);
    // A longer one than the text that fits is not for the loop.
    if (to === from) return { preTokens: 1, tokens: 0, leavesOut: false };
    const count = to - from;
    this.offsets.set(offsets.subarray(from, to + 1));
    this.text.set(bytes.subarray(start, offsets[to]!));
    this.states.set(states.subarray(from, to));
    this.places.set(places.subarray(from, to));
    this.spaces.set(spaces.subarray(from, to));
    this.flag[0] = 0;
    const tokens = this.table.loops!.encode(count, start, this.symbols, this.wholes, base);
    states.set(this.states.subarray(0, count), from);
    places.set(this.places.subarray(0, count), from);
    return { preTokens: count, tokens, leavesOut: this.flag[0] !== 0 };
  }
}

// The last place of `[from, to]` with an offset of at most `limit`.
function endOfChunk(offsets: Uint32Array, from: number, to: number, limit: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (offsets[middle]! <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
