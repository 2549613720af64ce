// What is added up for one tokenizer while segments are measured: tokens, pre-tokens, words touched, uses of each id.

import type { ByteStringTable } from "../counting/byte-string-table.ts";
import { type PreTokenLists, WHOLE } from "../pre-tokens/pre-token-lists.ts";
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

const RECORD_WORDS = 4;
const USES_STRIDE = RECORD_WORDS / 2;
const STATE = 2;
const PLACE = 3;

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
  /**
   * By pre-token a record of 16 bytes, so that a use of it touches one cache line: occurrences (a double), state and
   * place in the pool. State: 0 before it is encoded, then (tokens + 1) · 2, plus 1 if tokens lie in leading white space.
   */
  private records = new Int32Array(0);
  private uses = new Float64Array(0);
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
    const words = this.table.size * RECORD_WORDS;
    if (words <= this.records.length) return;
    const records = new Int32Array(Math.max(words, 2 * this.records.length));
    records.set(this.records);
    this.records = records;
    this.uses = new Float64Array(records.buffer);
  }

  /**
   * Adds the segments of a block that are divided into pre-tokens, each `times[i]` times, and the words of those that are
   * white space and one word. The tokens of each segment are written to `tokens`.
   */
  addSegments(
    list: Int32Array,
    { starts, ends }: PreTokenLists,
    times: Float64Array,
    isOneWord: Uint8Array,
    tokens: Int32Array,
  ): void {
    const { records, uses } = this;
    const totals = { tokens: 0, preTokens: 0, continued: 0, single: 0 };
    for (let i = 0; i < times.length; i++) {
      const from = starts[i]!;
      if (from === WHOLE) continue;
      const to = ends[i]!;
      const count = times[i]!;
      let size = 0;
      let inSpace = 0;
      for (let k = from; k < to; k++) {
        const preToken = list[k]!;
        uses[preToken * USES_STRIDE]! += count;
        let state = records[preToken * RECORD_WORDS + STATE]!;
        if (state === 0) state = this.encode(preToken);
        size += (state >> 1) - 1;
        if ((state & 1) === 1) inSpace += this.tokensInSpace(preToken);
      }
      tokens[i] = size;
      totals.tokens += size * count;
      totals.preTokens += (to - from) * count;
      if (isOneWord[i] === 0) continue;
      if (size - inSpace > 1) totals.continued += count;
      else if (size - inSpace === 1) totals.single += count;
    }
    this.tokens += totals.tokens;
    this.preTokens += totals.preTokens;
    this.continuedWords += totals.continued;
    this.singleTokenWords += totals.single;
  }

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
        if (text.ends[at]! > Math.max(start, text.starts[at]!)) touching++;
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
      const place = this.place(list[i]!);
      for (let k = place; k < place + this.count(list[i]!); k++) {
        starts[tokens] = at;
        at += this.poolLengths[k]!;
        ends[tokens++] = at;
      }
    }
    this.touched.tokens = tokens;
    return this.touched;
  }

  /** Uses of each model id, and of each added token, over all that was added. */
  idUses(): { model: Float64Array; added: ReadonlyMap<number, number> } {
    const model = Float64Array.from(this.modelUses);
    const known = this.records.length / RECORD_WORDS;
    for (let preToken = 0; preToken < known; preToken++) {
      const times = this.uses[preToken * USES_STRIDE]!;
      if (times === 0) continue;
      const place = this.place(preToken);
      const end = place + this.count(preToken);
      for (let k = place; k < end; k++) model[this.poolIds[k]!]! += times;
    }
    return { model, added: this.addedUses };
  }

  private count(preToken: number): number {
    return (this.records[preToken * RECORD_WORDS + STATE]! >> 1) - 1;
  }

  private place(preToken: number): number {
    return this.records[preToken * RECORD_WORDS + PLACE]!;
  }

  private encode(preToken: number): number {
    const { bytes, offsets } = this.table;
    const count = this.encoder.encode(bytes, offsets[preToken]!, offsets[preToken + 1]!);
    const { ids, lengths } = this.encoder;
    const place = this.poolSize;
    if (place + count > this.poolIds.length) this.growPool(count);
    for (let i = 0; i < count; i++) {
      this.poolIds[place + i] = ids[i]!;
      this.poolLengths[place + i] = lengths[i]!;
    }
    this.poolSize += count;
    this.records[preToken * RECORD_WORDS + PLACE] = place;
    const state = (count + 1) << 1;
    this.records[preToken * RECORD_WORDS + STATE] = state;
    const isInSpace = this.tokensInSpace(preToken) > 0;
    if (isInSpace) this.records[preToken * RECORD_WORDS + STATE] = state | 1;
    return isInSpace ? state | 1 : state;
  }

  // Tokens that lie in the white space that the pre-token begins with.
  private tokensInSpace(preToken: number): number {
    const { bytes, offsets } = this.table;
    const space = leadingSpace(bytes, offsets[preToken]!, offsets[preToken + 1]!);
    if (space === 0) return 0;
    const place = this.place(preToken);
    const count = this.count(preToken);
    let covered = 0;
    let tokens = 0;
    while (tokens < count && covered + this.poolLengths[place + tokens]! <= space)
      covered += this.poolLengths[place + tokens++]!;
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
