// Measures a tokenizer that only whole documents are safe for (tokenizer/safe-cuts.ts): each is encoded by itself.

import { ByteStringTable } from "../counting/byte-string-table.ts";
import { type TextWordRule, wordByteRanges } from "../text/words.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import { PreTokenSpaces } from "./pre-token-spaces.ts";
import { TokenizerTally } from "./tokenizer-tally.ts";

const NO_WORDS = new Int32Array(0);

export class WholeDocumentTally {
  readonly tally: TokenizerTally;
  private readonly rule: TextWordRule | undefined;
  private readonly locale: string;

  /** @param rule undefined where words are not counted, or are given with each document */
  constructor(tokenizer: Tokenizer, rule: TextWordRule | undefined, locale: string) {
    const table = new ByteStringTable();
    this.tally = new TokenizerTally(tokenizer, table, new PreTokenSpaces(table), false);
    this.rule = rule;
    this.locale = locale;
  }

  /**
   * Adds `times` occurrences of a document; returns its tokens.
   * @param words its words as pairs of start and end, in bytes; default: those of the rule
   */
  add(document: Uint8Array, times: number, words: Int32Array = this.wordsOf(document)): number {
    const encoding = this.tally.tokenizer.encodeBytes(document);
    this.tally.addEncoding(encoding, times);
    const text = { starts: encoding.starts, ends: encoding.ends, tokens: encoding.ids.length };
    this.tally.addTouches(text, words, 0, words.length, times);
    return encoding.ids.length;
  }

  private wordsOf(document: Uint8Array): Int32Array {
    if (this.rule === undefined) return NO_WORDS;
    const { data, length } = wordByteRanges(document, this.rule, this.locale);
    return data.subarray(0, length);
  }
}
