// The tokens of each distinct pre-token under one tokenizer, encoded when first needed, many at once.

import type { ByteStringTable } from "../counting/byte-string-table.ts";
import { inSlices } from "../counting/in-slices.ts";
import type { EncodeLoop } from "../tokenizer/encode-loop.ts";
import type { ModelEncoder } from "../tokenizer/model-encoder.ts";
import { BLANK, type PreTokenSpaces } from "./pre-token-spaces.ts";
import type { PreTokenUses } from "./pre-token-uses.ts";
import { TokenStore } from "./token-store.ts";

const NEEDED = 1;
/** Bits of a state that count the tokens in the white space that the pre-token begins with. */
export const SPACE_BITS = 3;
/** So many or more of them. */
export const MANY_IN_SPACE = (1 << SPACE_BITS) - 1;
/** The least state of a pre-token of so many tokens that their number does not fit. */
export const MANY = 0x10000 - (1 << SPACE_BITS);

interface EncodedSums {
  tokens: number;
  continuedWords: number;
  singleTokenWords: number;
}

export class EncodedPreTokens {
  /**
   * By pre-token: 0 before it is needed, then NEEDED, then (tokens + 1) · 8, plus as many as lie in the white space that it
   * begins with, 7 at most. Two bytes each, so that those of all pre-tokens stay in a cache.
   */
  states = new Uint16Array(0);
  /** Tokens of all pre-tokens. */
  readonly store = new TokenStore();
  private places = new Uint32Array(0);
  /** Whether some pre-token has no token outside of the white space that it begins with, though it is not white space only. */
  leavesOut = false;
  private readonly many = new Map<number, number>();
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

  /** Where its tokens begin in `store`. */
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
    return this.store.within(this.spaces.of(preToken), this.places[preToken]!, count);
  }

  /** Tokens and words of all pre-tokens as often as they occur; the uses of each id are added to `modelUses`. */
  sums(uses: PreTokenUses, modelUses: Float64Array): EncodedSums {
    const { own } = uses;
    const inherited = uses.inherited();
    const sums = { tokens: 0, continuedWords: 0, singleTokenWords: 0 };
    inSlices(own.length / 2, (from, to) => this.addSums(own, inherited, from, to, modelUses, sums));
    return sums;
  }

  private addSums(
    own: Float64Array,
    inherited: Float64Array,
    from: number,
    to: number,
    modelUses: Float64Array,
    sums: EncodedSums,
  ): void {
    const { states, places } = this;
    const { ids } = this.store;
    let tokens = 0;
    let continuedWords = 0;
    let singleTokenWords = 0;
    for (let preToken = from; preToken < to; preToken++) {
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
    sums.tokens += tokens;
    sums.continuedWords += continuedWords;
    sums.singleTokenWords += singleTokenWords;
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
    inSlices(own.length / 2, (from, to) => needUsed(states, own, inherited, from, to));
  }

  /** Encodes all that are needed, in the order of their numbers. */
  encodeNeeded(): void {
    if (this.loop !== undefined) this.runLoop(this.loop);
    // What is long, or has characters that the loop does not know.
    for (let at = this.states.indexOf(NEEDED); at >= 0; at = this.states.indexOf(NEEDED, at + 1))
      this.encode(at);
  }

  private runLoop(loop: EncodeLoop): void {
    const { states, places, store, table } = this;
    const known = { states, places, spaces: this.spaces.bytes };
    for (let from = states.indexOf(NEEDED); from >= 0; from = states.indexOf(NEEDED, from)) {
      const { preTokens, tokens, leavesOut } = loop.run(table, known, from, store.size);
      from += preTokens;
      // Neighbours have nothing in common: those that follow have as many tokens as these.
      const expected = Math.ceil(((store.size + tokens) * table.size * 1.02) / from);
      store.add(loop.ids, loop.lengths, tokens, expected);
      this.leavesOut ||= leavesOut;
    }
  }

  private encode(preToken: number): void {
    const { bytes, offsets } = this.table;
    const count = this.encoder.encode(bytes, offsets[preToken]!, offsets[preToken + 1]!);
    this.places[preToken] = this.store.size;
    this.store.add(this.encoder.ids, this.encoder.lengths, count);
    const state = (count + 1) << SPACE_BITS;
    this.states[preToken] = Math.min(MANY, state);
    if (state >= MANY) this.many.set(preToken, count);
    const inSpace = this.tokensInSpace(preToken);
    if (inSpace === count && this.spaces.bytes[preToken] !== BLANK) this.leavesOut = true;
    this.states[preToken]! |= Math.min(MANY_IN_SPACE, inSpace);
  }
}

function needUsed(
  states: Uint16Array,
  own: Float64Array,
  inherited: Float64Array,
  from: number,
  to: number,
): void {
  for (let preToken = from; preToken < to; preToken++) {
    if (states[preToken] !== 0) continue;
    const at = 2 * preToken;
    if (own[at]! + (at < inherited.length ? inherited[at]! : 0) > 0) states[preToken] = NEEDED;
  }
}
