// Measures a tokenizer that only whole documents are safe for (tokenizer/safe-cuts.ts): each is encoded by itself.

import { ByteStringTable } from "../counting/byte-string-table.ts";
import { type TextWordRule, wordByteRanges } from "../text/words.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import { TokenizerTally } from "./tokenizer-tally.ts";

export class WholeDocumentTally {
  readonly tally: TokenizerTally;
  private readonly rule: TextWordRule | undefined;
  private readonly locale: string;

  /** @param rule undefined where words are not counted */
  constructor(tokenizer: Tokenizer, rule: TextWordRule | undefined, locale: string) {
    this.tally = new TokenizerTally(tokenizer, new ByteStringTable(), false);
    this.rule = rule;
    this.locale = locale;
  }

  /** Adds `times` occurrences of a document; returns its tokens. */
  add(document: Uint8Array, times: number): number {
    const encoding = this.tally.tokenizer.encodeBytes(document);
    this.tally.addEncoding(encoding, times);
    if (this.rule !== undefined) {
      const ranges = wordByteRanges(document, this.rule, this.locale);
      const text = { starts: encoding.starts, ends: encoding.ends, tokens: encoding.ids.length };
      this.tally.addTouches(text, ranges.data, 0, ranges.length, times);
    }
    return encoding.ids.length;
  }
}
