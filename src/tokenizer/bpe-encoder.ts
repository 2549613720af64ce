// Encodes one pre-token with a BPE model (Sennrich et al. 2016): repeatedly merges the adjacent pair of lowest rank,
// leftmost first, exactly as the reference library does (tokenizers, src/models/bpe/word.rs, `merge_all`).

import { VocabError } from "../errors.ts";
import type { BpeModel } from "./definition.ts";
import { EncodeLoop, type WholeTokens } from "./encode-loop.ts";
import { encodeByWindows } from "./long-pre-token.ts";
import { MergeHeap } from "./merge-heap.ts";
import { mergeLinear } from "./merge-linear.ts";
import { endOfRanks, MergeTable, SHORT_SYMBOLS } from "./merge-table.ts";
import { byteIdsOf, spellingsOf } from "./model-tokens.ts";
import { VocabularyIndex } from "./vocabulary-index.ts";
import { wholeCharacters } from "./whole-characters.ts";

/** Up to this many symbols, scanning all pairs for the lowest rank beats a heap (measured: even at about 64). */
const LINEAR_LIMIT = SHORT_SYMBOLS;
/** A heap needs about 40 bytes a symbol, and is slow where it leaves the caches: longer pre-tokens are encoded in windows. */
const WINDOW_BYTES = 64 * 1024;
/** Where unknown characters fuse with their neighbours there are no windows, and above this a pre-token is refused. */
const MAX_UNDIVIDED_BYTES = 32 * 1024 * 1024;
/** Beyond it the keys of the heap are not exact (merge-heap.ts); the loop in WebAssembly has room for four times as many. */
const MAX_MERGES = 2 ** 23;

export class BpeEncoder {
  /** Ids of the last pre-token encoded, and the bytes of text under each. Valid up to the count that `encode` returned. */
  ids: Int32Array;
  lengths: Int32Array;

  private madeLoop: EncodeLoop | undefined;
  private longIds = new Int32Array(256);
  private longLengths = new Int32Array(256);

  private readonly heap = new MergeHeap();
  private readonly model: BpeModel;
  private readonly table: MergeTable;
  private readonly byteIds: Int32Array;
  private readonly characterIds: Int32Array | undefined;
  private readonly astralIds = new Map<number, number>();
  private readonly wholeTokens: VocabularyIndex | undefined;
  private readonly fuseUnknown: boolean;
  private readonly unknownId: number;
  /** No text becomes an unknown token. */
  private readonly spellsAllBytes: boolean;

  /**
   * @param spaceAs the character that stands for U+0020 in the model, where the caller leaves spaces as they are
   * @throws VocabError `tokenizer-unsupported` above 8,388,608 merges or ids
   */
  constructor(model: BpeModel, spaceAs?: string) {
    requireSmall(model);
    this.table = new MergeTable(model.merges, model.ranks);
    if (model.ignoreMerges) this.wholeTokens = new VocabularyIndex(spellingsOf(model), this.table.memory);
    this.ids = this.table.shortIds;
    this.lengths = this.table.shortLengths;
    this.fuseUnknown = model.fuseUnknown;
    this.unknownId = model.unknownId ?? -1;
    this.byteIds = byteIdsOf(model);
    this.spellsAllBytes = this.byteIds.every((id) => id >= 0);
    this.characterIds = model.byteLevel ? undefined : this.indexCharacters(model, spaceAs);
    this.model = model;
  }

  /** For many short pre-tokens at once; undefined without WebAssembly. Made when first asked for. */
  get loop(): EncodeLoop | undefined {
    if (this.table.loops !== undefined) this.madeLoop ??= this.makeLoop();
    return this.madeLoop;
  }

  private makeLoop(): EncodeLoop {
    const { table, byteIds } = this;
    const characters = this.characterIds ?? wholeCharacters(this.model, table, byteIds);
    return new EncodeLoop(table, byteIds, characters, this.wholes());
  }

  // Bytes spell one token of a byte-level model, if no token is there twice.
  private wholes(): WholeTokens | undefined {
    if (this.wholeTokens === undefined) return undefined;
    const { byteLevel, tokens, idOfToken } = this.model;
    const spelt = Array.from(tokens).filter((token) => token !== undefined).length;
    return { index: this.wholeTokens, areAmbiguous: !byteLevel || spelt !== idOfToken.size };
  }

  /** Encodes `bytes[start, end)`, well-formed UTF-8, as one pre-token. Returns the number of tokens. */
  encode(bytes: Uint8Array, start: number, end: number): number {
    const whole = this.wholeTokens?.find(bytes, start, end) ?? -1;
    if (whole >= 0) {
      this.chooseArrays(1);
      this.ids[0] = whole;
      this.lengths[0] = end - start;
      return 1;
    }
    if (end - start > WINDOW_BYTES && this.spellsAllBytes) return this.encodeLong(bytes, start, end);
    if (end - start > MAX_UNDIVIDED_BYTES) throw preTokenTooLong(end - start);
    return this.merge(bytes, start, end);
  }

  private merge(bytes: Uint8Array, start: number, end: number): number {
    this.chooseArrays(end - start);
    const count =
      this.characterIds === undefined
        ? this.splitBytes(bytes, start, end)
        : this.splitCharacters(bytes, start, end);
    if (this.model.merges.length === 0) return count;
    if (count > LINEAR_LIMIT) return this.heap.merge(this.table, this.ids, this.lengths, count);
    const { loops, shortIds } = this.table;
    return loops !== undefined && this.ids === shortIds
      ? loops.mergeShort(count)
      : mergeLinear(this.table, this.ids, this.lengths, count);
  }

  private encodeLong(bytes: Uint8Array, start: number, end: number): number {
    const all = { ids: new Int32Array(1 << 16), lengths: new Int32Array(1 << 16), count: 0 };
    const encode = (from: number, to: number) => {
      const count = this.merge(bytes, from, to);
      return { ids: this.ids.slice(0, count), lengths: this.lengths.slice(0, count) };
    };
    const isWhole = encodeByWindows(bytes, start, end, WINDOW_BYTES, encode, (window, count) => {
      if (all.count + count > all.ids.length) {
        all.ids = enlarge(all.ids, all.count + count);
        all.lengths = enlarge(all.lengths, all.count + count);
      }
      all.ids.set(window.ids.subarray(0, count), all.count);
      all.lengths.set(window.lengths.subarray(0, count), all.count);
      all.count += count;
    });
    if (!isWhole) throw preTokenTooLong(end - start);
    this.ids = all.ids;
    this.lengths = all.lengths;
    return all.count;
  }

  // There are never more symbols than bytes.
  private chooseArrays(size: number): void {
    const isShort = size <= SHORT_SYMBOLS;
    if (!isShort && size > this.longIds.length) {
      const capacity = Math.max(size, 2 * this.longIds.length);
      this.longIds = new Int32Array(capacity);
      this.longLengths = new Int32Array(capacity);
    }
    this.ids = isShort ? this.table.shortIds : this.longIds;
    this.lengths = isShort ? this.table.shortLengths : this.longLengths;
  }

  private splitBytes(bytes: Uint8Array, start: number, end: number): number {
    if (!this.spellsAllBytes) return this.splitSomeBytes(bytes, start, end);
    const ids = this.ids;
    const lengths = this.lengths;
    const byteIds = this.byteIds;
    for (let i = start; i < end; i++) {
      ids[i - start] = byteIds[bytes[i]!]!;
      lengths[i - start] = 1;
    }
    return end - start;
  }

  // Bytes that the vocabulary lacks become unknown tokens where there is one, else they are lost: they are counted with the
  // token before them, or with the first.
  private splitSomeBytes(bytes: Uint8Array, start: number, end: number): number {
    let count = 0;
    let unknownBytes = 0;
    let lost = 0;
    for (let i = start; i < end; i++) {
      const id = this.byteIds[bytes[i]!]!;
      if (id >= 0) {
        if (unknownBytes > 0) count = this.push(count, this.unknownId, unknownBytes);
        unknownBytes = 0;
        count = this.push(count, id, 1 + lost);
        lost = 0;
      } else if (this.unknownId >= 0) {
        if (unknownBytes > 0 && !this.fuseUnknown) {
          count = this.push(count, this.unknownId, unknownBytes);
          unknownBytes = 0;
        }
        unknownBytes++;
      } else if (count > 0) this.lengths[count - 1]!++;
      else lost++;
    }
    return unknownBytes > 0 ? this.push(count, this.unknownId, unknownBytes) : count;
  }

  // Characters that the vocabulary lacks become byte tokens where there are all of them, else unknown tokens. An
  // unknown token that waits to be fused is written after the byte tokens that follow it, as the reference does.
  private splitCharacters(bytes: Uint8Array, start: number, end: number): number {
    let count = 0;
    let unknownBytes = 0;
    for (let at = start; at < end; ) {
      const length = utf8Length(bytes[at]!);
      const id = this.characterId(bytes, at, length);
      if (id >= 0) {
        if (unknownBytes > 0) count = this.push(count, this.unknownId, unknownBytes);
        unknownBytes = 0;
        count = this.push(count, id, length);
      } else if (this.hasBytes(bytes, at, length)) {
        for (let i = at; i < at + length; i++) count = this.push(count, this.byteIds[bytes[i]!]!, 1);
      } else if (this.unknownId >= 0) {
        if (unknownBytes > 0 && !this.fuseUnknown) {
          count = this.push(count, this.unknownId, unknownBytes);
          unknownBytes = 0;
        }
        unknownBytes += length;
      }
      at += length;
    }
    return unknownBytes > 0 ? this.push(count, this.unknownId, unknownBytes) : count;
  }

  private push(count: number, id: number, length: number): number {
    this.ids[count] = id;
    this.lengths[count] = length;
    return count + 1;
  }

  private hasBytes(bytes: Uint8Array, at: number, length: number): boolean {
    for (let i = at; i < at + length; i++) if (this.byteIds[bytes[i]!]! < 0) return false;
    return true;
  }

  private characterId(bytes: Uint8Array, at: number, length: number): number {
    const table = this.characterIds!;
    if (length === 1) return table[bytes[at]!]!;
    if (length === 2) return table[((bytes[at]! & 0x1f) << 6) | (bytes[at + 1]! & 0x3f)]!;
    if (length === 3)
      return table[((bytes[at]! & 0xf) << 12) | ((bytes[at + 1]! & 0x3f) << 6) | (bytes[at + 2]! & 0x3f)]!;
    const codePoint =
      ((bytes[at]! & 7) << 18) |
      ((bytes[at + 1]! & 0x3f) << 12) |
      ((bytes[at + 2]! & 0x3f) << 6) |
      (bytes[at + 3]! & 0x3f);
    return this.astralIds.get(codePoint) ?? -1;
  }

  private indexCharacters(model: BpeModel, spaceAs: string | undefined): Int32Array {
    const table = new Int32Array(0x10000).fill(-1);
    for (const [token, id] of model.idOfToken) {
      const codePoint = token.codePointAt(0)!;
      if (token.length > 2 || token.length !== (codePoint > 0xffff ? 2 : 1)) continue;
      if (codePoint > 0xffff) this.astralIds.set(codePoint, id);
      else table[codePoint] = id;
    }
    if (spaceAs !== undefined) table[0x20] = table[spaceAs.codePointAt(0)!]!;
    return table;
  }
}

function requireSmall(model: BpeModel): void {
  if (endOfRanks(model) <= MAX_MERGES && model.tokens.length <= MAX_MERGES) return;
  throw new VocabError("tokenizer-unsupported", `a BPE model with more than ${MAX_MERGES} merges or ids`, {
    hint: "the largest known models have a few hundred thousand",
  });
}

function utf8Length(lead: number): number {
  return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

function preTokenTooLong(bytes: number): VocabError {
  return new VocabError(
    "pre-token-too-long",
    `one pre-token of ${bytes} bytes cannot be encoded piece by piece`,
    {
      hint: "the text has a run that the tokenizer never cuts; split or drop that document",
    },
  );
}

function enlarge(array: Int32Array, least: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(2 * array.length, least));
  larger.set(array);
  return larger;
}
