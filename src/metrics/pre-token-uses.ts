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

/** Zeros for some pre-tokens: so V8 meets inherited uses under the first tokenizer, and does not compile the loops again. */
const NONE = new Float64Array(1024);

export class PreTokenUses {
  /** The uses that these are the differences to. It is given every block before these are. */
  readonly parent: PreTokenUses | undefined;
  private readonly table: ByteStringTable;
  private readonly spaces: PreTokenSpaces;
  /**
   * Two numbers for each pre-token, as many as the parent does not have: its uses, and the words of which it is the only
   * pre-token that is not white space.
   */
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

  /** What the parent has of the pre-tokens that it knows, as `own`. */
  inherited(): Float64Array {
    if (this.parent === undefined) return NONE;
    const { parent } = this.parent;
    if (parent === undefined) return this.parent.own;
    const all = this.parent.own.slice();
    const more = this.parent.inherited();
    for (let i = 0; i < more.length; i++) all[i]! += more[i]!;
    return all;
  }

  /**
   * Adds the segments of a block that are divided into pre-tokens.
   * @param list of the pool that all lists point to
   * @param parentLists of the parent, where there is one, for the same block
   */
  add(list: Int32Array, lists: TokenizerLists, segments: CountedSegments, parentLists?: PreTokenLists): void {
    this.makeRoom();
    if (parentLists === undefined) this.addAll(list, lists, segments);
    else this.addDifferences(list, lists, segments, parentLists);
  }

  /**
   * Of the pre-tokens `list[from, to)` of one word, those that are not white space; the rest stand before them. A single one is
   * not looked at.
   */
  solid(list: Int32Array, from: number, to: number): number {
    const { bytes } = this.spaces;
    if (to - from === 1) return 1;
    let at = from;
    while (at < to && bytes[list[at]!] === BLANK) at++;
    return to - at;
  }

  private addAll(
    list: Int32Array,
    { starts, ends }: PreTokenLists,
    { times, pieces, isOneWord }: CountedSegments,
  ): void {
    for (let i = 0; i < times.length; i++)
      this.addList(list, starts[i]!, ends[i]!, times[i]!, pieces[i]!, isOneWord[i]!);
  }

  // What the parent has of a segment that is divided in another way here is taken back.
  private addDifferences(
    list: Int32Array,
    { starts, ends, own: segments }: TokenizerLists,
    { times, pieces, isOneWord }: CountedSegments,
    { starts: parentStarts, ends: parentEnds }: PreTokenLists,
  ): void {
    for (let s = 0; s < segments.length; s++) {
      const i = segments[s]!;
      this.addList(list, parentStarts[i]!, parentEnds[i]!, -times[i]!, pieces[i]!, isOneWord[i]!);
      this.addList(list, starts[i]!, ends[i]!, times[i]!, pieces[i]!, isOneWord[i]!);
    }
  }

  // Adds a segment that occurs `count` times; an undivided one has no pre-tokens: both its borders are WHOLE.
  private addList(
    list: Int32Array,
    from: number,
    to: number,
    count: number,
    pieces: number,
    isOneWord: number,
  ): void {
    if (from === WHOLE) return;
    const { own } = this;
    for (let k = from; k < to; k++) own[2 * list[k]!]! += count;
    this.ownPreTokens += (to - from) * count;
    this.ownPieces += pieces * count;
    if (isOneWord === 0) return;
    const solid = this.solid(list, from, to);
    if (solid > 1) this.ownLongWords += count;
    else if (solid === 1) own[2 * list[to - 1]! + 1]! += count;
  }

  private makeRoom(): void {
    const size = 2 * this.table.size;
    if (size <= this.own.length) return;
    const larger = new Float64Array(size);
    larger.set(this.own);
    this.own = larger;
  }
}
