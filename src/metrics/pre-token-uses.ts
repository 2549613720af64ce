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

/** By pre-token. */
export interface PreTokenSums {
  readonly uses: Float64Array;
  /** Words of which it is the only pre-token that is not white space. */
  readonly words: Float64Array;
}

export class PreTokenUses {
  /** The uses that these are the differences to. It is given every block before these are. */
  readonly parent: PreTokenUses | undefined;
  private readonly table: ByteStringTable;
  private readonly spaces: PreTokenSpaces;
  /** Uses of each pre-token, as many as the parent does not have. */
  ownUses: Float64Array = new Float64Array(0);
  private ownWords: Float64Array = new Float64Array(0);
  private readonly own = { preTokens: 0, pieces: 0, longWords: 0 };

  constructor(table: ByteStringTable, spaces: PreTokenSpaces, parent?: PreTokenUses) {
    this.table = table;
    this.spaces = spaces;
    this.parent = parent;
  }

  get preTokens(): number {
    return this.own.preTokens + (this.parent?.preTokens ?? 0);
  }

  get pieces(): number {
    return this.own.pieces + (this.parent?.pieces ?? 0);
  }

  /** Words of more than one pre-token that is not white space. */
  get longWords(): number {
    return this.own.longWords + (this.parent?.longWords ?? 0);
  }

  /** Of all that was added. */
  sums(): PreTokenSums {
    if (this.parent === undefined) return { uses: this.ownUses, words: this.ownWords };
    const inherited = this.parent.sums();
    return { uses: sum(this.ownUses, inherited.uses), words: sum(this.ownWords, inherited.words) };
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
    const { ownUses, ownWords } = this;
    const sums = { preTokens: 0, pieces: 0, longWords: 0 };
    const count = chosen?.length ?? times.length;
    for (let c = 0; c < count; c++) {
      const i = chosen === undefined ? c : chosen[c]!;
      const from = starts[i]!;
      if (from === WHOLE) continue;
      const to = ends[i]!;
      const added = times[i]! * sign;
      for (let k = from; k < to; k++) ownUses[list[k]!]! += added;
      sums.preTokens += (to - from) * added;
      sums.pieces += pieces[i]! * added;
      if (isOneWord[i] === 0) continue;
      const solid = to - from === 1 ? 1 : this.solid(list, from, to);
      if (solid > 1) sums.longWords += added;
      else if (solid === 1) ownWords[list[to - 1]!]! += added;
    }
    this.own.preTokens += sums.preTokens;
    this.own.pieces += sums.pieces;
    this.own.longWords += sums.longWords;
  }

  private makeRoom(): void {
    const { size } = this.table;
    if (size <= this.ownUses.length) return;
    this.ownUses = enlarged(this.ownUses, size);
    this.ownWords = enlarged(this.ownWords, size);
  }
}

function enlarged(values: Float64Array, size: number): Float64Array {
  const larger = new Float64Array(size);
  larger.set(values);
  return larger;
}

function sum(own: Float64Array, inherited: Float64Array): Float64Array {
  const all = own.slice();
  for (let i = 0; i < inherited.length; i++) all[i]! += inherited[i]!;
  return all;
}
