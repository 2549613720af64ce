// A place in the source of a pattern, for the two readers of its syntax: pattern-syntax.ts and pattern-brackets.ts.

import { VocabError } from "../errors.ts";

/** Groups and brackets nest at most this deep, so that no pattern can exhaust the stack. */
const MAX_DEPTH = 100;
/** UTF-16 units; the longest pattern seen (DeepSeek-Coder, letters listed one by one) has about 1,500. */
const MAX_LENGTH = 10_000;

export class PatternCursor {
  position = 0;
  readonly source: string;

  constructor(source: string) {
    this.source = source;
    if (source.length > MAX_LENGTH) this.refuse(`a pattern of more than ${MAX_LENGTH} characters`);
  }

  done(): boolean {
    return this.position >= this.source.length;
  }

  at(text: string): boolean {
    return this.source.startsWith(text, this.position);
  }

  take(text: string): boolean {
    if (!this.at(text)) return false;
    this.position += text.length;
    return true;
  }

  rest(): string {
    return this.source.slice(this.position);
  }

  codePoint(): number {
    const value = this.source.codePointAt(this.position);
    if (value === undefined) return this.refuse("the end");
    this.position += value > 0xffff ? 2 : 1;
    return value;
  }

  checkDepth(depth: number): void {
    if (depth > MAX_DEPTH) this.refuse(`nesting deeper than ${MAX_DEPTH} groups`);
  }

  refuse(what: string): never {
    const shown = this.source.length > 200 ? `${this.source.slice(0, 200)}…` : this.source;
    throw new VocabError(
      "pattern-unsupported",
      `pattern ${JSON.stringify(shown)}: ${what} at offset ${this.position} is not supported`,
      {
        hint: "vocab refuses what it cannot reproduce exactly; report the tokenizer so that the construct can be added",
      },
    );
  }
}
