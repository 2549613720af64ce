// Encodes many short pre-tokens at once by the loop in WebAssembly (wasm/assembly/merge.ts), in the memory of a merge table.

import type { MergeLoops } from "./merge-table.ts";
import type { WholeCharacters } from "./whole-characters.ts";

/** Longer pre-tokens are not for the loop. */
export const LOOP_PRE_TOKEN_BYTES = 64;
/** Pre-tokens of one call, at most, and their bytes. */
const CHUNK_PRE_TOKENS = 4096;
const CHUNK_BYTES = 1 << 15;

// Byte addresses; wasm/assembly/merge.ts has the same.
const BYTE_IDS = 5120;
const COUNTS = 8192;
const OFFSETS = 24576;
const MARKS = 45056;
const TEXT = 1638400;
const LENGTHS = 1671232;
const IDS = 1704000;
const CHARACTERS = 1835072;
const CONDITIONS = 2097216;

// What the symbols are that the merging begins with: bytes, characters, or characters and the bytes of those without an id.
const BYTES = 0;
const CHARACTERS_ONLY = 1;
const CHARACTERS_OR_BYTES = 2;

const NO_CONDITIONS = new Int32Array(0);

export class EncodeLoop {
  /** Tokens of each pre-token of the last call; 0 where it was not marked, or is not for the loop. */
  readonly counts: Int32Array;
  /** All tokens of the last call in order, and bytes under each. */
  readonly ids: Int32Array;
  readonly lengths: Uint8Array;
  private readonly loops: MergeLoops;
  private readonly text: Uint8Array;
  private readonly offsets: Int32Array;
  private readonly marks: Uint8Array;
  private readonly symbols: number;

  /** @param characters for a model that is not byte-level the id of each code point below 0x10000, or -1 */
  constructor(loops: MergeLoops, byteIds: Int32Array, characters: Int32Array | WholeCharacters) {
    const { buffer } = loops;
    this.loops = loops;
    this.counts = new Int32Array(buffer, COUNTS, CHUNK_PRE_TOKENS);
    this.ids = new Int32Array(buffer, IDS, CHUNK_BYTES);
    this.lengths = new Uint8Array(buffer, LENGTHS, CHUNK_BYTES);
    this.text = new Uint8Array(buffer, TEXT, CHUNK_BYTES);
    this.offsets = new Int32Array(buffer, OFFSETS, CHUNK_PRE_TOKENS + 1);
    this.marks = new Uint8Array(buffer, MARKS, CHUNK_PRE_TOKENS);
    if (!(characters instanceof Int32Array)) this.symbols = BYTES;
    else this.symbols = byteIds.every((id) => id >= 0) ? CHARACTERS_OR_BYTES : CHARACTERS_ONLY;
    new Int32Array(buffer, BYTE_IDS, 256).set(byteIds);
    const { entries, conditions } =
      characters instanceof Int32Array ? { entries: characters, conditions: NO_CONDITIONS } : characters;
    new Int32Array(buffer, CHARACTERS, 0x10000).set(entries);
    new Int32Array(buffer, CONDITIONS, conditions.length).set(conditions);
  }

  /**
   * Encodes the marked ones of the pre-tokens `bytes[offsets[i], offsets[i + 1])` from `from` on, as many as fit and at
   * least one, before `to`. A marked one has at most `LOOP_PRE_TOKEN_BYTES`. Returns how many were looked at.
   */
  run(bytes: Uint8Array, offsets: Uint32Array, marks: Uint8Array, from: number, to: number): number {
    const start = offsets[from]!;
    const most = Math.min(to - from, CHUNK_PRE_TOKENS);
    let count = 0;
    while (count < most && offsets[from + count + 1]! - start <= CHUNK_BYTES)
      this.offsets[++count] = offsets[from + count]! - start;
    this.text.set(bytes.subarray(start, offsets[from + count]!));
    this.marks.set(marks.subarray(from, from + count));
    this.loops.encode(count, this.symbols);
    return count;
  }
}
