// Divides the segments of a block into pre-tokens for one tokenizer, taking over the division of another where the two
// are known to agree.

import type { ByteStringTable } from "../counting/byte-string-table.ts";
import { inSlices } from "../counting/in-slices.ts";
import { type SegmentCounts, segmentStart } from "../counting/segment-counts.ts";
import { normalize } from "../text/normalize.ts";
import { PieceCutter } from "../tokenizer/piece-cutter.ts";
import type { ReadingPlan } from "../tokenizer/safe-cuts.ts";
import { type Agreement, compareSplits } from "../tokenizer/sharing.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import { mayJoinSpace, opensWithSpace } from "./opening-spaces.ts";
import { PieceDivider } from "./piece-divider.ts";
import type { PieceLoops } from "./piece-loops.ts";
import {
  emptyLists,
  type PreTokenLists,
  type PreTokenPool,
  type TokenizerLists,
  WHOLE,
} from "./pre-token-lists.ts";
import { RespeltSegments } from "./respelt-segments.ts";
import {
  MAY_HAVE_ADDED,
  NFC_SUSPECT,
  ONE_STRETCH,
  ONLY_SPACE,
  OPENS_DOCUMENT,
  type SegmentTraits,
} from "./segment-traits.ts";

export type SegmentPlan = Exclude<ReadingPlan, { readonly kind: "documents" }>;

const SPACE = 0x20;
const NONE = new Int32Array(0);

export class SegmentDivider {
  readonly tokenizer: Tokenizer;
  readonly plan: SegmentPlan;
  /** The divider whose lists are taken over, for segments without the groups of characters in `agreement`. */
  readonly parent: SegmentDivider | undefined;
  private readonly agreement: Agreement;
  private readonly table: ByteStringTable;
  private readonly cutter: PieceCutter | undefined;
  private readonly pieces: PieceDivider;
  private readonly hasForm: boolean;
  /** Traits of segments that may not be divided as they stand. */
  private readonly special: number;
  /** These, and what normalization may change. */
  private readonly unusual: number;
  private readonly stretchesAreWords: boolean;

  /**
   * @param loops over `table`, where there are any
   * @param stretchesAreWords whether every stretch without white space is one word, or words are not counted
   * @param others dividers made before, whose lists exist when this one works
   */
  constructor(
    tokenizer: Tokenizer,
    plan: SegmentPlan,
    table: ByteStringTable,
    loops: PieceLoops | undefined,
    stretchesAreWords: boolean,
    others: readonly SegmentDivider[],
  ) {
    this.stretchesAreWords = stretchesAreWords;
    this.tokenizer = tokenizer;
    this.plan = plan;
    this.table = table;
    this.special = MAY_HAVE_ADDED | (plan.kind === "pieces" && plan.prepends ? OPENS_DOCUMENT : 0);
    this.unusual = this.special | NFC_SUSPECT;
    this.hasForm = tokenizer.definition.normalizers.some((step) => step.type === "unicode");
    const { model } = tokenizer.definition;
    this.cutter = plan.kind === "pieces" && model.type === "bpe" ? PieceCutter.of(model) : undefined;
    this.pieces = new PieceDivider(table, tokenizer.splitter, this.cutter, loops);
    for (const other of others) {
      const agreement = this.agreementWith(other);
      if (agreement === undefined || agreement >= (this.agreement ?? Number.POSITIVE_INFINITY)) continue;
      this.parent = other;
      this.agreement = agreement;
    }
  }

  // Pieces may follow any pre-tokens: each of their borders is looked at.
  private agreementWith(other: SegmentDivider): Agreement {
    if (other.plan.kind !== "pre-tokens" || this.plan.kind === "segments") return undefined;
    const { splits } = other.tokenizer.splitter;
    // The borders of what was removed would not be seen.
    if (this.plan.kind === "pieces")
      return splits.some(({ behavior }) => behavior === "Removed") ? undefined : 0;
    return compareSplits(this.tokenizer.splitter.splits, splits);
  }

  /** @param parentLists the lists of `parent` for the same block */
  divide(
    block: SegmentCounts,
    traits: SegmentTraits,
    pool: PreTokenPool,
    parentLists: PreTokenLists | undefined,
  ): TokenizerLists {
    const size = block.counts.length;
    const lists = emptyLists(size);
    if (this.plan.kind === "segments") return { ...lists, own: NONE, wholes: [...everySegment(size)] };
    let own: Int32Array;
    if (parentLists === undefined) own = everySegment(size);
    else {
      own = this.takeOverPlain(traits, parentLists, lists);
      if (this.cutter !== undefined)
        own = this.takeOverUncrossed(block, traits, own, pool.list, parentLists, lists);
    }
    return { ...lists, own, wholes: this.divideOwn(block, traits, own, pool, lists) };
  }

  // Divides the segments `own`, and returns those that have to be encoded as wholes.
  private divideOwn(
    block: SegmentCounts,
    { bits }: SegmentTraits,
    own: Int32Array,
    pool: PreTokenPool,
    lists: PreTokenLists,
  ): readonly number[] {
    const marks = new Uint8Array(bits.length);
    const respelt = new RespeltSegments();
    const wholes: number[] = [];
    inSlices(own.length, (from, to) => {
      for (let s = from; s < to; s++) {
        const i = own[s]!;
        if ((bits[i]! & this.unusual) === 0 || this.staysAsItIs(block, i, bits[i]!, respelt, wholes))
          marks[i] = 1;
      }
    });
    this.pieces.divide(block, marks, pool, lists);
    if (respelt.size > 0) this.divideRespelt(respelt, pool, lists);
    return wholes;
  }

  /** Where the text begins that was divided: a byte before a segment that a space was put before. */
  textStart({ bytes, offsets }: SegmentCounts, { bits }: SegmentTraits, index: number): number {
    const start = segmentStart(bytes, offsets[index]!);
    return (bits[index]! & this.special & OPENS_DOCUMENT) === 0 ? start : start - 1;
  }

  // Whether a segment is divided as it stands. If not, it is added to those that are respelt, or encoded as wholes.
  private staysAsItIs(
    { bytes, offsets }: SegmentCounts,
    index: number,
    trait: number,
    respelt: RespeltSegments,
    wholes: number[],
  ): boolean {
    const start = segmentStart(bytes, offsets[index]!);
    const end = offsets[index + 1]!;
    if ((trait & MAY_HAVE_ADDED) !== 0 && this.hasAdded(bytes, start, end)) wholes.push(index);
    else if ((trait & this.special & OPENS_DOCUMENT) !== 0) {
      if (this.readsAfterSpace(bytes, start, end, trait)) respelt.addAfterSpace(bytes, start, end, index);
      else wholes.push(index);
    } else {
      if (!this.hasForm || (trait & NFC_SUSPECT) === 0) return true;
      const form = this.normalized(bytes, start, end);
      if (form === undefined) return true;
      if (this.dividesNormalized(form, bytes, start, end, trait)) respelt.add(form, 0, form.length, index);
      else wholes.push(index);
    }
    return false;
  }

  private hasAdded(bytes: Uint8Array, start: number, end: number): boolean {
    return this.tokenizer.textMatchers.some((matcher) => matcher.occurs(bytes, start, end));
  }

  // Most segments have no trait of `unusual` and lists that can be taken over unseen: a loop by themselves. Returns the rest.
  private takeOverPlain(traits: SegmentTraits, parentLists: PreTokenLists, lists: PreTokenLists): Int32Array {
    const rest = new Int32Array(lists.starts.length);
    let left = 0;
    inSlices(rest.length, (from, to) => {
      left += this.takeOver(traits, parentLists, lists, from, to, rest, left);
    });
    return rest.subarray(0, left);
  }

  // Of the segments `[from, to)`. The rest is written to `rest` from `left` on; returns how many these are.
  private takeOver(
    { bits, groups }: SegmentTraits,
    { starts: parentStarts, ends: parentEnds }: PreTokenLists,
    { starts, ends }: PreTokenLists,
    from: number,
    to: number,
    rest: Int32Array,
    left: number,
  ): number {
    const { unusual } = this;
    const without = this.agreement!;
    const mostPieces = this.cutter === undefined ? Number.MAX_SAFE_INTEGER : 1;
    let at = left;
    for (let i = from; i < to; i++) {
      const isPlain = (bits[i]! & unusual) === 0 && (groups[i]! & without) === 0;
      if (isPlain && parentStarts[i] !== WHOLE && parentEnds[i]! - parentStarts[i]! <= mostPieces) {
        starts[i] = parentStarts[i]!;
        ends[i] = parentEnds[i]!;
      } else rest[at++] = i;
    }
    return at - left;
  }

  // Of the segments `rest`, takes over those with no trait of `unusual` whose borders this model cannot cross either. Returns
  // what is left of them.
  private takeOverUncrossed(
    block: SegmentCounts,
    { bits }: SegmentTraits,
    rest: Int32Array,
    list: Int32Array,
    parentLists: PreTokenLists,
    { starts, ends }: PreTokenLists,
  ): Int32Array {
    let left = 0;
    for (let r = 0; r < rest.length; r++) {
      const i = rest[r]!;
      const isDivided = (bits[i]! & this.unusual) === 0 && parentLists.starts[i] !== WHOLE;
      if (isDivided && this.allBorders(block, i, parentLists, list)) {
        starts[i] = parentLists.starts[i]!;
        ends[i] = parentLists.ends[i]!;
      } else rest[left++] = i;
    }
    return rest.subarray(0, left);
  }

  // Whether the borders of the parent's pre-tokens are borders that this model cannot cross either.
  private allBorders(
    { bytes, offsets: segments }: SegmentCounts,
    index: number,
    lists: PreTokenLists,
    list: Int32Array,
  ): boolean {
    const { offsets } = this.table;
    let at = segmentStart(bytes, segments[index]!);
    for (let i = lists.starts[index]!; i < lists.ends[index]! - 1; i++) {
      at += offsets[list[i]! + 1]! - offsets[list[i]!]!;
      if (!this.cutter!.isBorder(bytes, at)) return false;
    }
    return true;
  }

  // False when the segment has to be encoded as a whole: words are counted on the text as it is, and only one stretch
  // without white space needs no alignment.
  private dividesNormalized(
    form: Uint8Array,
    bytes: Uint8Array,
    start: number,
    end: number,
    trait: number,
  ): boolean {
    if (!this.stretchesAreWords || (trait & (ONE_STRETCH | ONLY_SPACE)) === 0) return false;
    return !this.tokenizer.normalizedMatcher.occurs(form, 0, form.length) && !mayJoinSpace(bytes, start, end);
  }

  // Whether what opens a document may be divided with the space that the tokenizer puts before it: it has the tokens of the
  // same text inside a document, where that space is one of the text, and the space is no part of a word in either. False
  // when it has to be encoded as a whole.
  private readsAfterSpace(bytes: Uint8Array, start: number, end: number, trait: number): boolean {
    if (this.hasForm && (trait & NFC_SUSPECT) !== 0) return false;
    if (opensWithSpace(bytes, start, end)) return false;
    // There is none in the word: an added token could only begin with the space.
    const pair = SPACE | (bytes[start]! << 8);
    return this.tokenizer.textMatchers.every(({ firstPairs }) => firstPairs[pair] === 0);
  }

  private divideRespelt(respelt: RespeltSegments, pool: PreTokenPool, lists: PreTokenLists): void {
    const block = respelt.block();
    const own = emptyLists(respelt.size);
    this.pieces.divide(block, new Uint8Array(respelt.size).fill(1), pool, own);
    respelt.indices.forEach((segment, i) => {
      lists.starts[segment] = own.starts[i]!;
      lists.ends[segment] = own.ends[i]!;
    });
  }

  private normalized(bytes: Uint8Array, start: number, end: number): Uint8Array | undefined {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
    let result = text;
    for (const step of this.tokenizer.definition.normalizers)
      if (step.type === "unicode") result = normalize(result, step.form);
    return result === text ? undefined : Buffer.from(result, "utf8");
  }
}

function everySegment(size: number): Int32Array {
  const all = new Int32Array(size);
  for (let i = 0; i < size; i++) all[i] = i;
  return all;
}
