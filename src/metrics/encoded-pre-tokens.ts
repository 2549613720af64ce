// The tokens of each distinct pre-token under one tokenizer, encoded when first needed, many at once.

import type { ByteStringTable } from "../counting/byte-string-table.ts";
import { type EncodeLoop, LOOP_PRE_TOKEN_BYTES } from "../tokenizer/encode-loop.ts";
import type { ModelEncoder } from "../tokenizer/model-encoder.ts";
import { BLANK, type PreTokenSpaces } from "./pre-token-spaces.ts";
import type { PreTokenUses } from "./pre-token-uses.ts";

const NEEDED = 1;
/** Bits of a state that count the tokens in the white space that the pre-token begins with. */
export const SPACE_BITS = 3;
/** So many or more of them. */
export const MANY_IN_SPACE = (1 << SPACE_BITS) - 1;
/** The least state of a pre-token of so many tokens that their number does not fit. */
export const MANY = 0x10000 - (1 << SPACE_BITS);

export class EncodedPreTokens {
  /**
   * By pre-token: 0 before it is needed, then NEEDED, then (tokens + 1) · 8, plus as many as lie in the white space that it
   * begins with, 7 at most. Two bytes each, so that those of all pre-tokens stay in a cache.
   */
  states = new Uint16Array(0);
  /** Tokens of all pre-tokens, and bytes under each. */
  ids = new Int32Array(1 << 16);
  lengths = new Int32Array(1 << 16);
  private places = new Uint32Array(0);
  /** Whether some pre-token has no token outside of the white space that it begins with, though it is not white space only. */
  leavesOut = false;
  private readonly many = new Map<number, number>();
  private size = 0;
  private readonly table: ByteStringTable;
  private readonly spaces: PreTokenSpaces;
  private readonly encoder: ModelEncoder;
  private readonly loop: EncodeLoop | undefined;

  constructor(table: ByteStringTable, spaces: PreTokenSpaces, encoder: ModelEncoder) {
    this.table = table;
    this.spaces = spaces;
    this.encoder = encoder;
    this.loop = encoder.loop;
  }

  /** Must be called when the table has grown, before new pre-tokens are used. */
  makeRoom(): void {
    const { size } = this.table;
    if (size <= this.states.length) return;
    const states = new Uint16Array(size);
    states.set(this.states);
    this.states = states;
    const places = new Uint32Array(size);
    places.set(this.places);
    this.places = places;
  }

  /** Tokens of a pre-token that was encoded. */
  count(preToken: number): number {
    const state = this.states[preToken]!;
    return state >= MANY ? this.many.get(preToken)! : (state >> SPACE_BITS) - 1;
  }

  /** Where its tokens begin in `ids` and `lengths`. */
  place(preToken: number): number {
    return this.places[preToken]!;
  }

  /** Tokens that lie in the white space that the pre-token begins with. */
  inSpace(preToken: number): number {
    const known = this.states[preToken]! & MANY_IN_SPACE;
    return known === MANY_IN_SPACE ? this.tokensInSpace(preToken) : known;
  }

  private tokensInSpace(preToken: number): number {
    const count = this.count(preToken);
    if (this.spaces.bytes[preToken] === BLANK) return count;
    return tokensWithin(this.spaces.of(preToken), this.lengths, this.places[preToken]!, count);
  }

  /** Tokens and words of all pre-tokens as often as they occur; the uses of each id are added to `modelUses`. */
  sums(
    uses: PreTokenUses,
    modelUses: Float64Array,
  ): { tokens: number; continuedWords: number; singleTokenWords: number } {
    const { own } = uses;
    const inherited = uses.inherited();
    const { states, places, ids } = this;
    let tokens = 0;
    let continuedWords = 0;
    let singleTokenWords = 0;
    for (let preToken = 0; 2 * preToken < own.length; preToken++) {
      const at = 2 * preToken;
      const isInherited = at < inherited.length;
      const times = own[at]! + (isInherited ? inherited[at]! : 0);
      if (times === 0) continue;
      const words = own[at + 1]! + (isInherited ? inherited[at + 1]! : 0);
      const state = states[preToken]!;
      const count = state >= MANY ? this.count(preToken) : (state >> SPACE_BITS) - 1;
      tokens += count * times;
      const place = places[preToken]!;
      for (let k = place; k < place + count; k++) modelUses[ids[k]!]! += times;
      const spaces = state & MANY_IN_SPACE;
      const touching = count - (spaces === MANY_IN_SPACE ? this.inSpace(preToken) : spaces);
      if (touching > 1) continuedWords += words;
      else if (touching === 1) singleTokenWords += words;
    }
    return { tokens, continuedWords, singleTokenWords };
  }

  /** Asks for the pre-tokens `list[start, end)`. */
  need(list: Int32Array, start: number, end: number): void {
    const { states } = this;
    for (let i = start; i < end; i++) if (states[list[i]!] === 0) states[list[i]!] = NEEDED;
  }

  /** Asks for the pre-tokens that are used. */
  needUsed(uses: PreTokenUses): void {
    const { states } = this;
    const { own } = uses;
    const inherited = uses.inherited();
    for (let preToken = 0; 2 * preToken < own.length; preToken++) {
      const at = 2 * preToken;
      if (states[preToken] === 0 && own[at]! + (at < inherited.length ? inherited[at]! : 0) > 0)
        states[preToken] = NEEDED;
    }
  }

  /** Encodes all that are needed, in the order of their numbers. */
  encodeNeeded(): void {
    const { loop } = this;
    const marks = this.takeWhole();
    // Measured: one token each five bytes, or each three where the vocabulary is poor in the language.
    this.reserve(Math.floor(this.table.offsets[this.table.size]! / 4.5) - this.size);
    if (loop !== undefined) {
      const { bytes, offsets } = this.table;
      for (let from = marks.indexOf(1); from >= 0; from = marks.indexOf(1, from)) {
        const count = loop.run(bytes, offsets, marks, from, marks.length);
        this.take(from, count, loop);
        from += count;
      }
    }
    // What is long, or has characters that the loop does not know.
    for (let at = this.states.indexOf(NEEDED); at >= 0; at = this.states.indexOf(NEEDED, at + 1))
      this.encode(at);
  }

  // Marks what the loop should encode. What `ignore_merges` finds whole is taken at once.
  private takeWhole(): Uint8Array {
    const { states, encoder } = this;
    const { bytes, offsets } = this.table;
    const marks = new Uint8Array(states.length);
    for (let at = 0; at < states.length; at++) {
      if (states[at] !== NEEDED) continue;
      const start = offsets[at]!;
      const end = offsets[at + 1]!;
      if (encoder.findWhole(bytes, start, end) >= 0) this.encode(at);
      else if (end - start <= LOOP_PRE_TOKEN_BYTES) marks[at] = 1;
    }
    return marks;
  }

  private take(from: number, pre: number, { counts, ids, lengths }: EncodeLoop): void {
    const { states, places, size } = this;
    const spaces = this.spaces.bytes;
    let tokens = 0;
    for (let i = 0; i < pre; i++) {
      const count = counts[i]!;
      if (count === 0) continue;
      const space = spaces[from + i]!;
      const inSpace = space === BLANK ? count : space === 0 ? 0 : tokensWithin(space, lengths, tokens, count);
      if (inSpace === count && space !== BLANK) this.leavesOut = true;
      places[from + i] = size + tokens;
      states[from + i] = ((count + 1) << SPACE_BITS) | Math.min(MANY_IN_SPACE, inSpace);
      tokens += count;
    }
    this.reserve(tokens);
    this.ids.set(ids.subarray(0, tokens), size);
    this.lengths.set(lengths.subarray(0, tokens), size);
    this.size += tokens;
  }

  private encode(preToken: number): void {
    const { bytes, offsets } = this.table;
    const count = this.encoder.encode(bytes, offsets[preToken]!, offsets[preToken + 1]!);
    this.reserve(count);
    this.ids.set(this.encoder.ids.subarray(0, count), this.size);
    this.lengths.set(this.encoder.lengths.subarray(0, count), this.size);
    this.places[preToken] = this.size;
    this.size += count;
    const state = (count + 1) << SPACE_BITS;
    this.states[preToken] = Math.min(MANY, state);
    if (state >= MANY) this.many.set(preToken, count);
    const inSpace = this.tokensInSpace(preToken);
    if (inSpace === count && this.spaces.bytes[preToken] !== BLANK) this.leavesOut = true;
    this.states[preToken]! |= Math.min(MANY_IN_SPACE, inSpace);
  }

  private reserve(count: number): void {
    if (this.size + count <= this.ids.length) return;
    const size = Math.max(2 * this.ids.length, this.size + count);
    const ids = new Int32Array(size);
    ids.set(this.ids);
    this.ids = ids;
    const lengths = new Int32Array(size);
    lengths.set(this.lengths);
    this.lengths = lengths;
  }
}

// Of `count` tokens whose lengths begin at `place`, those that end within the first `bytes`.
function tokensWithin(bytes: number, lengths: Int32Array | Uint8Array, place: number, count: number): number {
  let covered = 0;
  let tokens = 0;
  while (tokens < count && covered + lengths[place + tokens]! <= bytes) covered += lengths[place + tokens++]!;
  return tokens;
}
