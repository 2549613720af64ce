// The tokens of each distinct pre-token under one tokenizer, encoded when first needed, many at once.

import type { ByteStringTable } from "../counting/byte-string-table.ts";
import { codePointSet, fillTable } from "../text/unicode.ts";
import { type EncodeLoop, LOOP_PRE_TOKEN_BYTES } from "../tokenizer/encode-loop.ts";
import type { ModelEncoder } from "../tokenizer/model-encoder.ts";

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
  private readonly many = new Map<number, number>();
  private size = 0;
  private readonly table: ByteStringTable;
  private readonly encoder: ModelEncoder;
  private readonly loop: EncodeLoop | undefined;

  constructor(table: ByteStringTable, encoder: ModelEncoder) {
    this.table = table;
    this.encoder = encoder;
    this.loop = encoder.loop;
  }

  /** Must be called when the table has grown, before new pre-tokens are used. */
  makeRoom(): void {
    if (this.table.size <= this.states.length) return;
    const states = new Uint16Array(this.table.size);
    states.set(this.states);
    this.states = states;
    const places = new Uint32Array(this.table.size);
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
    const { bytes, offsets } = this.table;
    const [start, end] = [offsets[preToken]!, offsets[preToken + 1]!];
    return tokensInSpace(bytes, start, end, this.lengths, this.place(preToken), this.count(preToken));
  }

  /** Adds to `model`, by id, the tokens of every pre-token as often as it is used. */
  addTokenUses(uses: Float64Array, model: Float64Array): void {
    const { places, ids } = this;
    for (let preToken = 0; preToken < uses.length; preToken++) {
      const times = uses[preToken]!;
      if (times === 0) continue;
      const end = places[preToken]! + this.count(preToken);
      for (let k = places[preToken]!; k < end; k++) model[ids[k]!]! += times;
    }
  }

  /** Asks for the pre-tokens `list[start, end)`. */
  need(list: Int32Array, start: number, end: number): void {
    const { states } = this;
    for (let i = start; i < end; i++) if (states[list[i]!] === 0) states[list[i]!] = NEEDED;
  }

  /** Asks for the pre-tokens that are used, by `uses` and `more` together. */
  needUsed(uses: Float64Array, more: Float64Array): void {
    const { states } = this;
    for (let i = 0; i < states.length; i++)
      if (states[i] === 0 && uses[i]! + more[i]! > 0) states[i] = NEEDED;
  }

  /** Encodes all that are needed, in the order of their numbers. */
  encodeNeeded(): void {
    const { loop } = this;
    const marks = this.takeWhole();
    // Measured: one token each three or four bytes where the vocabulary is poor in the language.
    this.reserve(Math.floor(this.table.offsets[this.table.size]! / 3) - this.size);
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
    const { bytes, offsets } = this.table;
    let tokens = 0;
    for (let i = 0; i < pre; i++) {
      const count = counts[i]!;
      if (count === 0) continue;
      const start = offsets[from + i]!;
      const inSpace = mayOpenWithSpace(bytes[start]!)
        ? tokensInSpace(bytes, start, offsets[from + i + 1]!, lengths, tokens, count)
        : 0;
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
    this.states[preToken]! |= Math.min(MANY_IN_SPACE, this.inSpace(preToken));
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

/** Whether a character of White_Space may begin with this byte: U+0085, U+00A0 and those from U+1680 to U+3000. */
function mayOpenWithSpace(lead: number): boolean {
  return lead <= 0x20 || lead === 0xc2 || (lead >= 0xe1 && lead <= 0xe3);
}

// Of `count` tokens over `bytes[start, end)`, whose lengths begin at `place`, those in the white space at the start.
function tokensInSpace(
  bytes: Uint8Array,
  start: number,
  end: number,
  lengths: Int32Array | Uint8Array,
  place: number,
  count: number,
): number {
  const space = leadingSpace(bytes, start, end);
  let covered = 0;
  let tokens = 0;
  while (tokens < count && covered + lengths[place + tokens]! <= space) covered += lengths[place + tokens++]!;
  return tokens;
}

let spaces: Uint8Array | undefined;

// Bytes of White_Space that `bytes[start, end)` begins with.
function leadingSpace(bytes: Uint8Array, start: number, end: number): number {
  if (spaces === undefined) {
    spaces = new Uint8Array(0x3100);
    fillTable(codePointSet("White_Space")!, spaces, 1);
  }
  let at = start;
  while (at < end) {
    const lead = bytes[at]!;
    if (lead >= 0xf0) break;
    const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : 3;
    let codePoint = length === 1 ? lead : length === 2 ? lead & 0x1f : lead & 0xf;
    for (let i = 1; i < length; i++) codePoint = (codePoint << 6) | (bytes[at + i]! & 0x3f);
    if (spaces[codePoint] !== 1) break;
    at += length;
  }
  return at - start;
}
