// What is added up for one tokenizer while segments are measured: tokens, pre-tokens, words touched, uses of each id.

import type { ByteStringTable } from "../counting/byte-string-table.ts";
import { type PreTokenLists, WHOLE } from "../pre-tokens/pre-token-lists.ts";
import type { Model } from "../tokenizer/definition.ts";
import { createEncoder, type ModelEncoder } from "../tokenizer/model-encoder.ts";
import { SPACE_SYMBOL } from "../tokenizer/safe-cuts.ts";
import type { Encoding, Tokenizer } from "../tokenizer/tokenizer.ts";
import { EncodedPreTokens, MANY, MANY_IN_SPACE, SPACE_BITS } from "./encoded-pre-tokens.ts";

/** Token borders and words of one text: `ends` of the tokens and `words` as `[start, end)` pairs, in the same bytes. */
export interface TouchedText {
  readonly starts: ArrayLike<number>;
  readonly ends: ArrayLike<number>;
  readonly tokens: number;
}

export class TokenizerTally {
  tokens = 0;
  pieces = 0;
  /** Words touched by two tokens or more, and by exactly one. */
  continuedWords = 0;
  singleTokenWords = 0;

  readonly tokenizer: Tokenizer;
  private readonly table: ByteStringTable;
  private readonly encoded: EncodedPreTokens;
  /** The tally of the tokenizer whose pre-tokens are those of most segments; it is given every segment before this one. */
  private readonly parent: TokenizerTally | undefined;
  /** Occurrences of each pre-token, as many as the parent does not have. */
  private uses = new Float64Array(0);
  private dividedPreTokens = 0;
  private wholePreTokens = 0;
  /** Uses of ids outside the table: texts that were encoded as a whole. Undefined before the first. */
  private modelUses: Float64Array | undefined;
  private readonly addedUses = new Map<number, number>();

  constructor(tokenizer: Tokenizer, table: ByteStringTable, readsPieces: boolean, parent?: TokenizerTally) {
    this.tokenizer = tokenizer;
    this.parent = parent;
    this.table = table;
    this.encoded = new EncodedPreTokens(
      table,
      readsPieces ? pieceEncoderOf(tokenizer.definition.model) : tokenizer.model,
    );
  }

  get preTokens(): number {
    return this.inheritedPreTokens() + this.wholePreTokens;
  }

  private inheritedPreTokens(): number {
    return this.dividedPreTokens + (this.parent?.inheritedPreTokens() ?? 0);
  }

  /** Must be called when the table has grown, before new pre-tokens are used. */
  makeRoom(): void {
    this.encoded.makeRoom();
    if (this.table.size <= this.uses.length) return;
    const uses = new Float64Array(this.table.size);
    uses.set(this.uses);
    this.uses = uses;
  }

  /**
   * Adds the segments of a block that are divided into pre-tokens, each `times[i]` times, and the words of those that are
   * white space and one word. The tokens of each segment are written to `tokens`.
   * @param parentLists of the parent, where there is one, for the same block
   */
  addSegments(
    list: Int32Array,
    lists: PreTokenLists,
    times: Float64Array,
    isOneWord: Uint8Array,
    tokens: Int32Array,
    parentLists?: PreTokenLists,
  ): void {
    if (this.parent === undefined) this.addUses(list, lists, times);
    else this.addDifferences(list, lists, times, this.parent, parentLists!);
    this.encoded.encodeNeeded();
    const { starts, ends } = lists;
    const { states } = this.encoded;
    const totals = { tokens: 0, continued: 0, single: 0 };
    for (let i = 0; i < times.length; i++) {
      const from = starts[i]!;
      if (from === WHOLE) continue;
      const to = ends[i]!;
      let size = 0;
      let inSpace = 0;
      for (let k = from; k < to; k++) {
        const state = states[list[k]!]!;
        size += state >= MANY ? this.encoded.count(list[k]!) : (state >> SPACE_BITS) - 1;
        const spaces = state & MANY_IN_SPACE;
        inSpace += spaces === MANY_IN_SPACE ? this.encoded.inSpace(list[k]!) : spaces;
      }
      tokens[i] = size;
      const count = times[i]!;
      totals.tokens += size * count;
      if (isOneWord[i] === 0) continue;
      if (size - inSpace > 1) totals.continued += count;
      else if (size - inSpace === 1) totals.single += count;
    }
    this.tokens += totals.tokens;
    this.continuedWords += totals.continued;
    this.singleTokenWords += totals.single;
  }

  private addUses(list: Int32Array, { starts, ends }: PreTokenLists, times: Float64Array): void {
    const { uses, encoded } = this;
    let preTokens = 0;
    for (let i = 0; i < times.length; i++) {
      const from = starts[i]!;
      if (from === WHOLE) continue;
      const to = ends[i]!;
      const count = times[i]!;
      for (let k = from; k < to; k++) uses[list[k]!]! += count;
      encoded.need(list, from, to);
      preTokens += (to - from) * count;
    }
    this.dividedPreTokens += preTokens;
  }

  // What the parent has added for a segment that this tokenizer divides in another way is taken back.
  private addDifferences(
    list: Int32Array,
    { starts, ends }: PreTokenLists,
    times: Float64Array,
    parent: TokenizerTally,
    { starts: parentStarts, ends: parentEnds }: PreTokenLists,
  ): void {
    const { uses, encoded } = this;
    let preTokens = 0;
    for (let i = 0; i < times.length; i++) {
      const from = starts[i]!;
      const parentFrom = parentStarts[i]!;
      const count = times[i]!;
      // What counts 0 is used by nobody, but its tokens are asked for.
      if (count === 0 && from !== WHOLE) encoded.need(list, from, ends[i]!);
      if (from === parentFrom && ends[i] === parentEnds[i]) continue;
      if (parentFrom !== WHOLE) {
        for (let k = parentFrom; k < parentEnds[i]!; k++) uses[list[k]!]! -= count;
        preTokens -= (parentEnds[i]! - parentFrom) * count;
      }
      if (from === WHOLE) continue;
      for (let k = from; k < ends[i]!; k++) uses[list[k]!]! += count;
      preTokens += (ends[i]! - from) * count;
    }
    encoded.needUsed(uses, parent.allUses());
    this.dividedPreTokens += preTokens;
  }

  /** Adds `times` occurrences of a text encoded as a whole. */
  addEncoding(encoding: Encoding, times: number): void {
    this.modelUses ??= new Float64Array(this.tokenizer.definition.model.tokens.length);
    const { modelUses } = this;
    encoding.ids.forEach((id, i) => {
      if (encoding.added[i]) this.addedUses.set(id, (this.addedUses.get(id) ?? 0) + times);
      else modelUses[id]! += times;
    });
    this.tokens += encoding.ids.length * times;
    this.wholePreTokens += encoding.preTokens * times;
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
    const { offsets } = this.table;
    let preTokenStart = base;
    for (let i = start; i < end; i++) {
      const preToken = list[i]!;
      const place = this.encoded.place(preToken);
      let at = preTokenStart;
      for (let k = place; k < place + this.encoded.count(preToken); k++) {
        starts[tokens] = at;
        at += this.encoded.lengths[k]!;
        ends[tokens++] = at;
      }
      // Not at the last token's end: characters that the vocabulary lacks may have made no token.
      preTokenStart += offsets[preToken + 1]! - offsets[preToken]!;
    }
    this.touched.tokens = tokens;
    return this.touched;
  }

  /** Uses of each model id, and of each added token, over all that was added. */
  idUses(): { model: Float64Array; added: ReadonlyMap<number, number> } {
    const model = this.modelUses?.slice() ?? new Float64Array(this.tokenizer.definition.model.tokens.length);
    this.encoded.addTokenUses(this.allUses(), model);
    return { model, added: this.addedUses };
  }

  private allUses(): Float64Array {
    if (this.parent === undefined) return this.uses;
    const all = this.uses.slice();
    const inherited = this.parent.allUses();
    for (let preToken = 0; preToken < inherited.length; preToken++) all[preToken]! += inherited[preToken]!;
    return all;
  }
}

const pieceEncoders = new WeakMap<Model, ModelEncoder>();

// Its table of merges takes 100 ms to build for Gemma 3, and a comparison has a tally for each language.
function pieceEncoderOf(model: Model): ModelEncoder {
  const encoder = pieceEncoders.get(model) ?? createEncoder(model, SPACE_SYMBOL);
  pieceEncoders.set(model, encoder);
  return encoder;
}
