// Divides the segments of a block into pre-tokens for one tokenizer, taking over the division of another where the two
// are known to agree.

import type { ByteStringTable } from "../counting/byte-string-table.ts";
import { DOCUMENT_START, type SegmentCounts } from "../counting/segment-counts.ts";
import { has } from "../text/code-point-set.ts";
import { normalize } from "../text/normalize.ts";
import { codePointSet } from "../text/unicode.ts";
import { WHITE_SPACE } from "../text/words.ts";
import { PieceCutter } from "../tokenizer/piece-cutter.ts";
import type { ReadingPlan } from "../tokenizer/safe-cuts.ts";
import { type Agreement, compareSplits } from "../tokenizer/sharing.ts";
import { PieceList } from "../tokenizer/splitter.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import { emptyLists, type PreTokenLists, type PreTokenPool, WHOLE } from "./pre-token-lists.ts";
import {
  HAS_NUMBER,
  MAY_HAVE_ADDED,
  NFC_SUSPECT,
  ONE_STRETCH,
  ONLY_SPACE,
  OPENS_DOCUMENT,
} from "./segment-traits.ts";

export type SegmentPlan = Exclude<ReadingPlan, { readonly kind: "documents" }>;

const NOT_WHITE_SPACE = new RegExp(`[^${WHITE_SPACE}]`);
const COMBINING = ["NfcMaybe", "NfcMark", "M"];

/** Borders of pieces that are numbered together. */
const PENDING_BORDERS = 4096;

export class SegmentDivider {
  readonly tokenizer: Tokenizer;
  readonly plan: SegmentPlan;
  /** The divider whose lists are taken over where `agreement` allows. */
  readonly parent: SegmentDivider | undefined;
  private readonly agreement: Agreement;
  private readonly table: ByteStringTable;
  private readonly cutter: PieceCutter | undefined;
  /** Pieces of the block that have no number yet. */
  private readonly pieces = new PieceList();
  private readonly hasForm: boolean;
  private readonly stretchesAreWords: boolean;

  /**
   * @param stretchesAreWords whether every stretch without white space is one word, or words are not counted
   * @param others dividers made before, whose lists exist when this one works
   */
  constructor(
    tokenizer: Tokenizer,
    plan: SegmentPlan,
    table: ByteStringTable,
    stretchesAreWords: boolean,
    others: readonly SegmentDivider[],
  ) {
    this.stretchesAreWords = stretchesAreWords;
    this.tokenizer = tokenizer;
    this.plan = plan;
    this.table = table;
    this.hasForm = tokenizer.definition.normalizers.some((step) => step.type === "unicode");
    this.cutter = plan.kind === "pieces" ? new PieceCutter(tokenizer.definition.model) : undefined;
    const candidates = others
      .map((other) => ({ other, agreement: this.agreementWith(other) }))
      .filter(({ agreement }) => agreement !== "never");
    const best = candidates.find(({ agreement }) => agreement === "always") ?? candidates[0];
    this.parent = best?.other;
    this.agreement = best?.agreement ?? "never";
  }

  // Pieces may follow any pre-tokens: each of their borders is looked at.
  private agreementWith(other: SegmentDivider): Agreement {
    if (other.plan.kind === "pieces") return "never";
    if (this.plan.kind === "pieces") return "always";
    return compareSplits(this.tokenizer.splitter.splits, other.tokenizer.splitter.splits);
  }

  /** @param parentLists the lists of `parent` for the same block */
  divide(
    block: SegmentCounts,
    bits: Uint8Array,
    pool: PreTokenPool,
    parentLists: PreTokenLists | undefined,
  ): PreTokenLists {
    const lists = emptyLists(block.counts.length);
    const view = new DataView(block.bytes.buffer, block.bytes.byteOffset, block.bytes.byteLength);
    for (let i = 0; i < block.counts.length; i++) {
      const trait = bits[i]!;
      const start =
        block.bytes[block.offsets[i]!] === DOCUMENT_START ? block.offsets[i]! + 1 : block.offsets[i]!;
      const end = block.offsets[i + 1]!;
      if ((trait & MAY_HAVE_ADDED) !== 0 && this.hasAdded(block.bytes, start, end)) continue;
      if ((trait & OPENS_DOCUMENT) !== 0 && this.plan.kind === "pieces" && this.plan.prepends) continue;
      if (parentLists !== undefined && this.takesOver(trait, parentLists, pool, i, block.bytes, start)) {
        lists.starts[i] = parentLists.starts[i]!;
        lists.ends[i] = parentLists.ends[i]!;
        continue;
      }
      if (this.pieces.length > PENDING_BORDERS) this.numberPieces(block.bytes, view, pool);
      const from = pool.size + this.pieces.length / 2;
      if (!this.divideSegment(block.bytes, view, start, end, trait, pool)) continue;
      lists.starts[i] = from;
      lists.ends[i] = pool.size + this.pieces.length / 2;
    }
    this.numberPieces(block.bytes, view, pool);
    return lists;
  }

  private hasAdded(bytes: Uint8Array, start: number, end: number): boolean {
    return (
      this.tokenizer.rawMatcher.occurs(bytes, start, end) ||
      this.tokenizer.normalizedMatcher.occurs(bytes, start, end)
    );
  }

  private takesOver(
    trait: number,
    lists: PreTokenLists,
    pool: PreTokenPool,
    index: number,
    bytes: Uint8Array,
    start: number,
  ): boolean {
    if (lists.starts[index] === WHOLE) return false;
    // What one tokenizer normalizes and the other does not, or by another form, is divided anew.
    if ((trait & NFC_SUSPECT) !== 0) return false;
    if (this.agreement === "without-numbers" && (trait & HAS_NUMBER) !== 0) return false;
    return this.cutter === undefined || this.allBorders(lists, pool, index, bytes, start);
  }

  // Whether the borders of the parent's pre-tokens are borders that this model cannot cross either.
  private allBorders(
    lists: PreTokenLists,
    pool: PreTokenPool,
    index: number,
    bytes: Uint8Array,
    start: number,
  ): boolean {
    const { offsets } = this.table;
    const list = pool.list;
    let at = start;
    for (let i = lists.starts[index]!; i < lists.ends[index]! - 1; i++) {
      at += offsets[list[i]! + 1]! - offsets[list[i]!]!;
      if (!this.cutter!.isBorder(bytes, at)) return false;
    }
    return true;
  }

  // False when the segment has to be encoded as a whole.
  private divideSegment(
    bytes: Uint8Array,
    view: DataView,
    start: number,
    end: number,
    trait: number,
    pool: PreTokenPool,
  ): boolean {
    if (this.hasForm && (trait & NFC_SUSPECT) !== 0) {
      const normalized = this.normalized(bytes, start, end);
      if (normalized !== undefined) {
        // Words are counted on the text as it is; only one stretch without white space needs no alignment.
        if (!this.stretchesAreWords || (trait & (ONE_STRETCH | ONLY_SPACE)) === 0) return false;
        if (this.tokenizer.normalizedMatcher.occurs(normalized, 0, normalized.length)) return false;
        if (mayJoinSpace(bytes, start, end)) return false;
        const padded = new Uint8Array(normalized.length + 8);
        padded.set(normalized);
        this.numberPieces(bytes, view, pool);
        this.addPieces(padded, 0, normalized.length);
        this.numberPieces(padded, new DataView(padded.buffer), pool);
        return true;
      }
    }
    this.addPieces(bytes, start, end);
    return true;
  }

  private normalized(bytes: Uint8Array, start: number, end: number): Uint8Array | undefined {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
    let result = text;
    for (const step of this.tokenizer.definition.normalizers)
      if (step.type === "unicode") result = normalize(result, step.form);
    return result === text ? undefined : Buffer.from(result, "utf8");
  }

  private addPieces(bytes: Uint8Array, start: number, end: number): void {
    if (this.cutter === undefined) this.tokenizer.splitter.split(bytes, start, end, this.pieces);
    else this.cutter.cut(bytes, start, end, this.pieces);
  }

  // Moves the pending pieces of `bytes` to the pool, as the numbers of their texts.
  private numberPieces(bytes: Uint8Array, view: DataView, pool: PreTokenPool): void {
    const count = this.pieces.length / 2;
    pool.reserve(count);
    this.table.internAll(bytes, view, this.pieces.offsets, count, pool.list, pool.size);
    pool.size += count;
    this.pieces.clear();
  }
}

// Whether the text is white space and a character that may combine with it: those are aligned as one, so that a token
// over the white space touches the word.
function mayJoinSpace(bytes: Uint8Array, start: number, end: number): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
  const word = text.search(NOT_WHITE_SPACE);
  if (word <= 0) return false;
  const first = text.codePointAt(word)!;
  const decomposed = normalize(String.fromCodePoint(first), "NFKD").codePointAt(0)!;
  return COMBINING.some((name) => has(codePointSet(name)!, first) || has(codePointSet(name)!, decomposed));
}
