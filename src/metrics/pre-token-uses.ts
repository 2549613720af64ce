// How often the pre-tokens of one division occur. Tokenizers divide most segments alike: what another division has is not
// added up again, only the differences are.

import type { ByteStringTable } from "../counting/byte-string-table.ts";
import { type PreTokenLists, type TokenizerLists, WHOLE } from "../pre-tokens/pre-token-lists.ts";
import { BLANK, type PreTokenSpaces } from "./pre-token-spaces.ts";

/** What is added up of the segments of a block. */
export interface CountedSegments {
  /** How often each occurs. */
  readonly times: Float64Array;
  /** Pieces of each (pre-tokens/segment-traits.ts). */
  readonly pieces: Uint32Array;
  /** 1: white space and one word up to the end of the segment. */
  readonly isOneWord: Uint8Array;
}

export class PreTokenUses {
  /** The uses that these are the differences to. It is given every block before these are. */
  readonly parent: PreTokenUses | undefined;
  private readonly table: ByteStringTable;
  private readonly spaces: PreTokenSpaces;
  /** As `sums`, as many as the parent does not have. */
  own: Float64Array = new Float64Array(0);
  private ownPreTokens = 0;
  private ownPieces = 0;
  private ownLongWords = 0;

  constructor(table: ByteStringTable, spaces: PreTokenSpaces, parent?: PreTokenUses) {
    this.table = table;
    this.spaces = spaces;
    this.parent = parent;
  }

  get preTokens(): number {
    return this.ownPreTokens + (this.parent?.preTokens ?? 0);
  }

  get pieces(): number {
    return this.ownPieces + (this.parent?.pieces ?? 0);
  }

  /** Words of more than one pre-token that is not white space. */
  get longWords(): number {
    return this.ownLongWords + (this.parent?.longWords ?? 0);
  }

  /**
   * Of all that was added, two numbers for each pre-token: its uses, and the words of which it is the only pre-token that is
   * not white space.
   */
  sums(): Float64Array {
    if (this.parent === undefined) return this.own;
    const all = this.own.slice();
    const inherited = this.parent.sums();
    for (let i = 0; i < inherited.length; i++) all[i]! += inherited[i]!;
    return all;
  }

  /**
   * Adds the segments of a block that are divided into pre-tokens.
   * @param list of the pool that all lists point to
   * @param parentLists of the parent, where there is one, for the same block
   */
  add(list: Int32Array, lists: TokenizerLists, segments: CountedSegments, parentLists?: PreTokenLists): void {
    this.makeRoom();
    if (parentLists === undefined) this.addEach(list, lists, segments, undefined, 1);
    else {
      this.addEach(list, parentLists, segments, lists.own, -1);
      this.addEach(list, lists, segments, lists.own, 1);
    }
  }

  /** Of the pre-tokens `list[from, to)` of one word, those that are not white space; the rest stand before them. */
  solid(list: Int32Array, from: number, to: number): number {
    const { bytes } = this.spaces;
    let at = from;
    while (at < to && bytes[list[at]!] === BLANK) at++;
    return to - at;
  }

  // Adds, or takes back with a sign of -1, the segments `chosen`, or all.
  private addEach(
    list: Int32Array,
    { starts, ends }: PreTokenLists,
    { times, pieces, isOneWord }: CountedSegments,
    chosen: Int32Array | undefined,
    sign: number,
  ): void {
    const { own } = this;
    let preTokens = 0;
    let allPieces = 0;
    let longWords = 0;
    const count = chosen?.length ?? times.length;
    for (let c = 0; c < count; c++) {
      const i = chosen === undefined ? c : chosen[c]!;
      const from = starts[i]!;
      if (from === WHOLE) continue;
      const to = ends[i]!;
      const added = times[i]! * sign;
      for (let k = from; k < to; k++) own[2 * list[k]!]! += added;
      preTokens += (to - from) * added;
      allPieces += pieces[i]! * added;
      if (isOneWord[i] === 0) continue;
      const solid = to - from === 1 ? 1 : this.solid(list, from, to);
      if (solid > 1) longWords += added;
      else if (solid === 1) own[2 * list[to - 1]! + 1]! += added;
    }
    this.ownPreTokens += preTokens;
    this.ownPieces += allPieces;
    this.ownLongWords += longWords;
  }

  private makeRoom(): void {
    const size = 2 * this.table.size;
    if (size <= this.own.length) return;
    const larger = new Float64Array(size);
    larger.set(this.own);
    this.own = larger;
  }
}
