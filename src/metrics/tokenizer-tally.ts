// What is added up for one tokenizer while segments are measured: tokens, pre-tokens, words touched, uses of each id.

import type { ByteStringTable } from "../counting/byte-string-table.ts";
import { type PreTokenLists, type TokenizerLists, WHOLE } from "../pre-tokens/pre-token-lists.ts";
import type { Model } from "../tokenizer/definition.ts";
import { createEncoder, type ModelEncoder } from "../tokenizer/model-encoder.ts";
import { SPACE_SYMBOL } from "../tokenizer/safe-cuts.ts";
import type { Encoding, Tokenizer } from "../tokenizer/tokenizer.ts";
import { EncodedPreTokens } from "./encoded-pre-tokens.ts";
import type { PreTokenSpaces } from "./pre-token-spaces.ts";
import { type CountedSegments, PreTokenUses } from "./pre-token-uses.ts";

/** Token borders and words of one text: `ends` of the tokens and `words` as `[start, end)` pairs, in the same bytes. */
export interface TouchedText {
  readonly starts: ArrayLike<number>;
  readonly ends: ArrayLike<number>;
  readonly tokens: number;
}

/** Of all that was added to a tally. */
export interface TallySums {
  readonly tokens: number;
  readonly preTokens: number;
  readonly pieces: number;
  /** Words touched by two tokens or more, and by exactly one. */
  readonly continuedWords: number;
  readonly singleTokenWords: number;
  /** Uses of each id of the model, and of each added token. */
  readonly modelUses: Float64Array;
  readonly addedUses: ReadonlyMap<number, number>;
}

export class TokenizerTally {
  readonly tokenizer: Tokenizer;
  readonly uses: PreTokenUses;
  private readonly table: ByteStringTable;
  private readonly encoded: EncodedPreTokens;
  /** Of texts that were encoded as a whole, and of words that are counted one by one. */
  private readonly apart = { tokens: 0, preTokens: 0, pieces: 0, continuedWords: 0, singleTokenWords: 0 };
  /** Uses of ids outside the table: texts that were encoded as a whole. Undefined before the first. */
  private modelUses: Float64Array | undefined;
  private readonly addedUses = new Map<number, number>();

  /** @param parent the tally of the tokenizer whose pre-tokens are those of most segments; it is given every block first */
  constructor(
    tokenizer: Tokenizer,
    table: ByteStringTable,
    spaces: PreTokenSpaces,
    readsPieces: boolean,
    parent?: TokenizerTally,
  ) {
    this.tokenizer = tokenizer;
    this.table = table;
    this.uses = new PreTokenUses(table, spaces, parent?.uses);
    this.encoded = new EncodedPreTokens(
      table,
      spaces,
      readsPieces ? pieceEncoderOf(tokenizer.definition.model) : tokenizer.model,
    );
  }

  /**
   * Adds the segments of a block that are divided into pre-tokens, and the words of those that are white space and one word.
   * @param list of the pool that all lists point to
   * @param parentLists of the parent, where there is one, for the same block
   */
  addSegments(
    list: Int32Array,
    lists: TokenizerLists,
    segments: CountedSegments,
    parentLists?: PreTokenLists,
  ): void {
    this.uses.add(list, lists, segments, parentLists);
    this.encoded.makeRoom();
    this.encoded.needUsed(this.uses);
    this.encoded.encodeNeeded();
    if (this.encoded.leavesOut) this.correctLongWords(list, lists, segments);
  }

  // A word of several pre-tokens is touched by several tokens, unless some of its characters make none.
  private correctLongWords(
    list: Int32Array,
    { starts, ends }: PreTokenLists,
    { times, isOneWord }: CountedSegments,
  ): void {
    for (let i = 0; i < times.length; i++) {
      if (isOneWord[i] === 0 || starts[i] === WHOLE) continue;
      if (this.uses.solid(list, starts[i]!, ends[i]!) <= 1) continue;
      let touching = 0;
      for (let k = starts[i]!; k < ends[i]!; k++)
        touching += this.encoded.count(list[k]!) - this.encoded.inSpace(list[k]!);
      if (touching > 1) continue;
      this.apart.continuedWords -= times[i]!;
      this.addTouchedWord(touching, times[i]!);
    }
  }

  /** Writes the tokens of each segment that is divided into pre-tokens to `tokens`. */
  countTokens(list: Int32Array, { starts, ends }: PreTokenLists, tokens: Int32Array): void {
    const { encoded } = this;
    encoded.makeRoom();
    for (let i = 0; i < tokens.length; i++) if (starts[i] !== WHOLE) encoded.need(list, starts[i]!, ends[i]!);
    encoded.encodeNeeded();
    for (let i = 0; i < tokens.length; i++) {
      if (starts[i] === WHOLE) continue;
      let size = 0;
      for (let k = starts[i]!; k < ends[i]!; k++) size += encoded.count(list[k]!);
      tokens[i] = size;
    }
  }

  /** Adds `times` occurrences of a text encoded as a whole. */
  addEncoding(encoding: Encoding, times: number): void {
    this.modelUses ??= new Float64Array(this.tokenizer.definition.model.tokens.length);
    const { modelUses, apart } = this;
    encoding.ids.forEach((id, i) => {
      if (encoding.added[i]) this.addedUses.set(id, (this.addedUses.get(id) ?? 0) + times);
      else modelUses[id]! += times;
    });
    apart.tokens += encoding.ids.length * times;
    apart.preTokens += encoding.preTokens * times;
    apart.pieces += encoding.pieces * times;
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

  private addTouchedWord(touching: number, times: number): void {
    if (touching > 1) this.apart.continuedWords += times;
    else if (touching === 1) this.apart.singleTokenWords += times;
  }

  private touching = new Int32Array(64);

  /**
   * As `addTouches`, for a text with the pre-tokens `list[start, end)` that begins at `base`.
   * @param ranges words in the bytes that `base` lies in
   */
  addWords(
    list: Int32Array,
    start: number,
    end: number,
    base: number,
    ranges: Int32Array,
    from: number,
    to: number,
    times: number,
  ): void {
    const { offsets } = this.table;
    const words = (to - from) / 2;
    if (words > this.touching.length) this.touching = new Int32Array(2 * words);
    const touching = this.touching.fill(0, 0, words);
    let word = from;
    let preTokenStart = base;
    for (let i = start; i < end; i++) {
      const preToken = list[i]!;
      const place = this.encoded.place(preToken);
      const behind = place + this.encoded.count(preToken);
      let at = preTokenStart;
      for (let k = place; k < behind; k++) {
        const tokenStart = at;
        at += this.encoded.store.lengthAt(k);
        while (word < to && ranges[word + 1]! <= tokenStart) word += 2;
        if (at > tokenStart)
          for (let w = word; w < to && ranges[w]! < at; w += 2) touching[(w - from) >> 1]!++;
      }
      // Not at the last token's end: characters that the vocabulary lacks may have made no token.
      preTokenStart += offsets[preToken + 1]! - offsets[preToken]!;
    }
    for (let i = 0; i < words; i++) this.addTouchedWord(touching[i]!, times);
  }

  /** All that was added. */
  sums(): TallySums {
    const { uses, apart } = this;
    const modelUses =
      this.modelUses?.slice() ?? new Float64Array(this.tokenizer.definition.model.tokens.length);
    const encoded = this.encoded.sums(uses, modelUses);
    return {
      tokens: encoded.tokens + apart.tokens,
      preTokens: uses.preTokens + apart.preTokens,
      pieces: uses.pieces + apart.pieces,
      continuedWords: encoded.continuedWords + uses.longWords + apart.continuedWords,
      singleTokenWords: encoded.singleTokenWords + apart.singleTokenWords,
      modelUses,
      addedUses: this.addedUses,
    };
  }
}

const pieceEncoders = new WeakMap<Model, ModelEncoder>();

// Its table of merges takes 100 ms to build for Gemma 3, and a comparison has a tally for each language.
function pieceEncoderOf(model: Model): ModelEncoder {
  const encoder = pieceEncoders.get(model) ?? createEncoder(model, SPACE_SYMBOL);
  pieceEncoders.set(model, encoder);
  return encoder;
}
