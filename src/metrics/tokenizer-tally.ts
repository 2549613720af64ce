// What is added up for one tokenizer while segments are measured: tokens, pre-tokens, words touched, uses of each id.

import type { ByteStringTable } from "../counting/byte-string-table.ts";
import { codePointSet, fillTable } from "../text/unicode.ts";
import { BpeEncoder } from "../tokenizer/bpe-encoder.ts";
import { SPACE_SYMBOL } from "../tokenizer/safe-cuts.ts";
import type { Encoding, Tokenizer } from "../tokenizer/tokenizer.ts";

/** Token borders and words of one text: `ends` of the tokens and `words` as `[start, end)` pairs, in the same bytes. */
export interface TouchedText {
  readonly starts: ArrayLike<number>;
  readonly ends: ArrayLike<number>;
  readonly tokens: number;
}

export class TokenizerTally {
  tokens = 0;
  preTokens = 0;
  pieces = 0;
  /** Words touched by two tokens or more, and by exactly one. */
  continuedWords = 0;
  singleTokenWords = 0;

  readonly tokenizer: Tokenizer;
  private readonly table: ByteStringTable;
  private readonly encoder: BpeEncoder;
  /** By pre-token: occurrences; tokens (-1 before it is encoded); tokens that lie in its leading white space; place in the pool. */
  private uses = new Float64Array(0);
  private counts = new Int32Array(0);
  private leading = new Int32Array(0);
  private places = new Float64Array(0);
  private poolIds = new Int32Array(1 << 16);
  private poolLengths = new Int32Array(1 << 16);
  private poolSize = 0;
  /** Uses of ids outside the table: texts that were encoded as a whole. */
  private readonly modelUses: Float64Array;
  private readonly addedUses = new Map<number, number>();

  constructor(tokenizer: Tokenizer, table: ByteStringTable, readsPieces: boolean) {
    this.tokenizer = tokenizer;
    this.table = table;
    this.encoder = readsPieces ? new BpeEncoder(tokenizer.definition.model, SPACE_SYMBOL) : tokenizer.model;
    this.modelUses = new Float64Array(tokenizer.definition.model.tokens.length);
  }

  /** Must be called when the table has grown, before new pre-tokens are used. */
  makeRoom(): void {
    const size = this.table.size;
    if (size <= this.counts.length) return;
    const capacity = Math.max(size, 2 * this.counts.length);
    const counts = new Int32Array(capacity).fill(-1);
    counts.set(this.counts);
    this.counts = counts;
    const leading = new Int32Array(capacity);
    leading.set(this.leading);
    this.leading = leading;
    const uses = new Float64Array(capacity);
    uses.set(this.uses);
    this.uses = uses;
    const places = new Float64Array(capacity);
    places.set(this.places);
    this.places = places;
  }

  /**
   * Adds `times` occurrences of a segment with the pre-tokens `list[start, end)`. Returns its tokens; `leadingTokens` then
   * says how many of them lie in white space before the first word.
   */
  addSegment(list: Int32Array, start: number, end: number, times: number): number {
    const { counts, leading, uses } = this;
    let tokens = 0;
    let inSpace = 0;
    for (let i = start; i < end; i++) {
      const preToken = list[i]!;
      uses[preToken]! += times;
      let count = counts[preToken]!;
      if (count < 0) count = this.encode(preToken);
      tokens += count;
      inSpace += leading[preToken]!;
    }
    this.tokens += tokens * times;
    this.preTokens += (end - start) * times;
    this.leadingTokens = inSpace;
    return tokens;
  }

  leadingTokens = 0;

  /** Adds `times` occurrences of a text encoded as a whole. */
  addEncoding(encoding: Encoding, times: number): void {
    encoding.ids.forEach((id, i) => {
      if (encoding.added[i]) this.addedUses.set(id, (this.addedUses.get(id) ?? 0) + times);
      else this.modelUses[id]! += times;
    });
    this.tokens += encoding.ids.length * times;
    this.preTokens += encoding.preTokens * times;
    this.pieces += encoding.pieces * times;
  }

  /** Counts the words `ranges[i], ranges[i + 1]` of a text by the tokens that touch them. */
  addTouches(text: TouchedText, ranges: ArrayLike<number>, from: number, to: number, times: number): void {
    let token = 0;
    for (let i = from; i < to; i += 2) {
      const start = ranges[i]!;
      const end = ranges[i + 1]!;
      while (token < text.tokens && text.ends[token]! <= start) token++;
      let touching = 0;
      for (let at = token; at < text.tokens && text.starts[at]! < end; at++)
        if (text.ends[at]! > start) touching++;
      this.addTouchedWord(touching, times);
    }
  }

  addTouchedWord(touching: number, times: number): void {
    if (touching > 1) this.continuedWords += times;
    else if (touching === 1) this.singleTokenWords += times;
  }

  private readonly touched = { starts: [] as number[], ends: [] as number[], tokens: 0 };

  /** Borders of the tokens of a segment with the pre-tokens `list[start, end)`, which begins at `base`. */
  borders(list: Int32Array, start: number, end: number, base: number): TouchedText {
    const { starts, ends } = this.touched;
    let tokens = 0;
    let at = base;
    for (let i = start; i < end; i++) {
      const place = this.places[list[i]!]!;
      for (let k = 0; k < this.counts[list[i]!]!; k++) {
        starts[tokens] = at;
        at += this.poolLengths[place + k]!;
        ends[tokens++] = at;
      }
    }
    this.touched.tokens = tokens;
    return this.touched;
  }

  /** Uses of each model id, and of each added token, over all that was added. */
  idUses(): { model: Float64Array; added: ReadonlyMap<number, number> } {
    const model = Float64Array.from(this.modelUses);
    for (let preToken = 0; preToken < this.counts.length; preToken++) {
      const times = this.uses[preToken]!;
      if (times === 0) continue;
      const place = this.places[preToken]!;
      for (let k = 0; k < this.counts[preToken]!; k++) model[this.poolIds[place + k]!]! += times;
    }
    return { model, added: this.addedUses };
  }

  private encode(preToken: number): number {
    const { bytes, offsets } = this.table;
    const start = offsets[preToken]!;
    const count = this.encoder.encode(bytes, start, offsets[preToken + 1]!);
    const { ids, lengths } = this.encoder;
    if (this.poolSize + count > this.poolIds.length) this.growPool(count);
    for (let i = 0; i < count; i++) {
      this.poolIds[this.poolSize + i] = ids[i]!;
      this.poolLengths[this.poolSize + i] = lengths[i]!;
    }
    this.counts[preToken] = count;
    this.places[preToken] = this.poolSize;
    this.leading[preToken] = this.tokensInSpace(bytes, start, offsets[preToken + 1]!, lengths, count);
    this.poolSize += count;
    return count;
  }

  private tokensInSpace(
    bytes: Uint8Array,
    start: number,
    end: number,
    lengths: Int32Array,
    count: number,
  ): number {
    const space = leadingSpace(bytes, start, end);
    let covered = 0;
    let tokens = 0;
    while (tokens < count && covered + lengths[tokens]! <= space) covered += lengths[tokens++]!;
    return tokens;
  }

  private growPool(count: number): void {
    const size = Math.max(2 * this.poolIds.length, this.poolSize + count);
    const ids = new Int32Array(size);
    ids.set(this.poolIds);
    this.poolIds = ids;
    const lengths = new Int32Array(size);
    lengths.set(this.poolLengths);
    this.poolLengths = lengths;
  }
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
