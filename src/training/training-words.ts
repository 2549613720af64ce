// The words that training counts: distinct pre-tokens under a base tokenizer with their weights, per language.

import { ByteStringTable } from "../counting/byte-string-table.ts";
import { type SegmentCounts, segmentStart } from "../counting/segment-counts.ts";
import { PieceLoops } from "../pre-tokens/piece-loops.ts";
import { PreTokenPool, WHOLE } from "../pre-tokens/pre-token-lists.ts";
import { SegmentDivider } from "../pre-tokens/segment-divider.ts";
import {
  findTraits,
  MAY_HAVE_ADDED,
  NFC_SUSPECT,
  OPENS_DOCUMENT,
  type SegmentTraits,
} from "../pre-tokens/segment-traits.ts";
import type { UnigramModel } from "../tokenizer/definition.ts";
import type { TrainableModel } from "../tokenizer/require-bpe.ts";
import { planReading, type ReadingPlan, SPACE_SYMBOL } from "../tokenizer/safe-cuts.ts";
import type { BpeTokenizer, Tokenizer } from "../tokenizer/tokenizer.ts";
import { atomsOf } from "./atoms.ts";

const SPACE_SYMBOL_BYTES = Buffer.from(SPACE_SYMBOL, "utf8");
/** Bytes that the table may read behind a string. */
const PADDING = 16;
/** Segments divided together, so that the lists of their pre-tokens stay small. */
const SLICE_SEGMENTS = 1 << 16;

/**
 * Feed it every block of the corpus, or every document when `needsDocuments`; blocks may come in any order and repeat
 * segments. Nothing is learned from added tokens or across them. A model without a pre-tokenizer gets whole segments for
 * words; one with the character `▁` itself in it is left out there, where it could not be told from a space. The words of
 * a Unigram model are its pre-tokens, cut before each run of `▁`.
 */
export class TrainingWords {
  /** What pairs are joined on: the base, or the pieces of a Unigram base as a BPE model without merges. */
  readonly base: BpeTokenizer;
  /** Of a Unigram base. */
  readonly unigram: UnigramModel | undefined;
  readonly languages: number;
  readonly plan: ReadingPlan;
  /** The distinct words, as bytes; where `hasSpaceSymbols`, a space stands for the model's `▁`. */
  readonly table = new ByteStringTable();
  /** By language the occurrences of each word; only the first `table.size` count, and some may be beyond the end. */
  readonly counts: Float64Array[];
  /** Occurrences of each word in the protected text. */
  protectedCounts: Float64Array = new Float64Array(0);
  private readonly divider: SegmentDivider | undefined;
  private readonly tokenizer: Tokenizer<TrainableModel>;
  private readonly addedFirstPairs = new Uint8Array(0x10000);
  private scratch = new Uint8Array(1 << 10);

  private readonly isForLearning: boolean;

  /**
   * @param base from nothing: `byteBase(pattern)` of byte-base.ts
   * @param isForLearning default true; else all words are wanted, to see what the tokens make of a text
   */
  constructor(base: Tokenizer<TrainableModel>, languages = 1, { isForLearning = true } = {}) {
    const { model } = base.definition;
    this.tokenizer = base;
    this.unigram = model.type === "unigram" ? model : undefined;
    this.base = model.type === "unigram" ? atomsOf(base.definition, model) : (base as BpeTokenizer);
    this.isForLearning = isForLearning;
    this.languages = languages;
    this.plan = planReading(base.definition);
    this.counts = Array.from({ length: languages }, () => new Float64Array(0));
    if (this.plan.kind === "pre-tokens")
      this.divider = new SegmentDivider(
        this.base,
        this.plan,
        this.table,
        PieceLoops.over(this.table),
        true,
        [],
      );
    for (const { firstPairs } of base.textMatchers)
      firstPairs.forEach((is, pair) => {
        if (is === 1) this.addedFirstPairs[pair] = 1;
      });
  }

  /** Whether the model's words have `▁` for spaces. */
  get hasSpaceSymbols(): boolean {
    return this.plan.kind === "pieces" || this.unigram !== undefined;
  }

  /** Whether only whole documents are safe to read (safe-cuts.ts): `addDocument` then, not `addBlock`. */
  get needsDocuments(): boolean {
    return this.plan.kind === "documents";
  }

  addBlock(block: SegmentCounts, language = 0): void {
    this.addSegments(block, () => this.roomFor(this.counts, language));
  }

  /** One document, `times` times. */
  addDocument(bytes: Uint8Array, language = 0, times = 1): void {
    this.addText(bytes, false, times, () => this.roomFor(this.counts, language));
  }

  /** Text in which new merges may fire no more often than `protectBudget`. */
  protectBlock(block: SegmentCounts): void {
    this.addSegments(block, () => this.protectedRoom());
  }

  protectDocument(bytes: Uint8Array): void {
    this.addText(bytes, false, 1, () => this.protectedRoom());
  }

  /** The number of the one word that `text` is inside a document; undefined where it is cut into several, or none. */
  wordOf(text: string): number | undefined {
    const found: number[] = [];
    this.eachWord(Buffer.from(text, "utf8"), true, (bytes, start, end) =>
      found.push(this.intern(bytes, start, end)),
    );
    this.roomFor(this.counts, 0);
    return found.length === 1 ? found[0] : undefined;
  }

  private addSegments(block: SegmentCounts, room: () => Float64Array): void {
    if (this.plan.kind === "documents")
      throw new Error(`this base reads whole documents: ${this.plan.reason}`);
    // Measured: of 535,000 distinct segments of Persian come 293,000 new words.
    this.table.reserve(Math.floor(block.counts.length * 0.6));
    for (let start = 0; start < block.counts.length; start += SLICE_SEGMENTS) {
      const end = Math.min(block.counts.length, start + SLICE_SEGMENTS);
      const slice = {
        bytes: block.bytes,
        offsets: block.offsets.subarray(start, end + 1),
        counts: block.counts.subarray(start, end),
      };
      const traits = findTraits(slice, this.addedFirstPairs);
      if (this.divider === undefined) this.addPieces(slice, traits.bits, room);
      else this.addPreTokens(slice, traits, this.divider, room);
    }
  }

  private addPreTokens(
    block: SegmentCounts,
    traits: SegmentTraits,
    divider: SegmentDivider,
    room: () => Float64Array,
  ): void {
    const pool = new PreTokenPool(2 * block.counts.length);
    const { starts, ends } = divider.divide(block, traits, pool, undefined);
    const counts = room();
    const list = pool.list;
    for (let i = 0; i < starts.length; i++) {
      const times = block.counts[i]!;
      if (starts[i] !== WHOLE) for (let k = starts[i]!; k < ends[i]!; k++) counts[list[k]!]! += times;
    }
    for (let i = 0; i < starts.length; i++)
      if (starts[i] === WHOLE) this.addWhole(block, i, traits.bits[i]!, room);
  }

  private addPieces(block: SegmentCounts, bits: Uint8Array, room: () => Float64Array): void {
    const { bytes, offsets, counts } = block;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { model, normalizers } = this.base.definition;
    const prepends = this.plan.kind === "pieces" && this.plan.prepends;
    const slow =
      MAY_HAVE_ADDED |
      (prepends ? OPENS_DOCUMENT : 0) |
      (normalizers.some((step) => step.type === "unicode") ? NFC_SUSPECT : 0);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let i = 0; i < counts.length; i++) {
      const start = segmentStart(bytes, offsets[i]!);
      const end = offsets[i + 1]!;
      if (this.isForLearning && !model.byteLevel && text.subarray(start, end).includes(SPACE_SYMBOL_BYTES))
        continue;
      if (this.unigram !== undefined || (bits[i]! & slow) !== 0) this.addWhole(block, i, bits[i]!, room);
      else {
        const word = this.table.intern(bytes, view, start, end);
        room()[word]! += counts[i]!;
      }
    }
  }

  private addWhole(block: SegmentCounts, index: number, bits: number, room: () => Float64Array): void {
    const { bytes, offsets, counts } = block;
    const start = segmentStart(bytes, offsets[index]!);
    const continues = (bits & OPENS_DOCUMENT) === 0;
    this.addText(bytes.subarray(start, offsets[index + 1]!), continues, counts[index]!, room);
  }

  private addText(bytes: Uint8Array, continues: boolean, times: number, room: () => Float64Array): void {
    this.eachWord(bytes, continues, (text, start, end) => {
      const word = this.intern(text, start, end);
      room()[word]! += times;
    });
  }

  private eachWord(
    bytes: Uint8Array,
    continuesDocument: boolean,
    visit: (text: Uint8Array, start: number, end: number) => void,
  ): void {
    const cuts = this.unigram !== undefined;
    this.tokenizer.eachPreToken(bytes, { continuesDocument }, (text, start, end) => {
      if (cuts) eachPiece(text, start, end, visit);
      else visit(text, start, end);
    });
  }

  // A word of the model's text: what stands for a space there becomes a space, as in the segments.
  private intern(text: Uint8Array, start: number, end: number): number {
    if (end - start + PADDING > this.scratch.length)
      this.scratch = new Uint8Array(2 * (end - start) + PADDING);
    const scratch = this.scratch;
    let size = 0;
    for (let at = start; at < end; at++) {
      const isSymbol = this.hasSpaceSymbols && isSpaceSymbol(text, at);
      scratch[size++] = isSymbol ? 0x20 : text[at]!;
      if (isSymbol) at += 2;
    }
    const view = new DataView(scratch.buffer);
    return this.table.intern(scratch, view, 0, size);
  }

  private roomFor(arrays: Float64Array[], language: number): Float64Array {
    const room = withRoom(arrays[language]!, this.table.size);
    arrays[language] = room;
    return room;
  }

  private protectedRoom(): Float64Array {
    this.protectedCounts = withRoom(this.protectedCounts, this.table.size);
    return this.protectedCounts;
  }
}

// Cut before each run of `▁`. A word with a real space in it, which is not the model's `▁`, is left out.
function eachPiece(
  text: Uint8Array,
  start: number,
  end: number,
  visit: (text: Uint8Array, start: number, end: number) => void,
): void {
  for (let from = start; from < end; ) {
    let to = from;
    let hasSpace = false;
    while (to < end && isSpaceSymbol(text, to)) to += SPACE_SYMBOL_BYTES.length;
    for (; to < end && !isSpaceSymbol(text, to); to++) if (text[to] === 0x20) hasSpace = true;
    if (!hasSpace) visit(text, from, to);
    from = to;
  }
}

function isSpaceSymbol(text: Uint8Array, at: number): boolean {
  return text[at] === 0xe2 && text[at + 1] === 0x96 && text[at + 2] === 0x81;
}

function withRoom(array: Float64Array, size: number): Float64Array {
  if (size <= array.length) return array;
  const larger = new Float64Array(Math.max(1024, size + (size >> 1)));
  larger.set(array);
  return larger;
}
