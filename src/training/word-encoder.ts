// The words of a training run as tokens of its base: what the learning starts from.

import { BpeEncoder } from "../tokenizer/bpe-encoder.ts";
import type { ModelEncoder } from "../tokenizer/model-encoder.ts";
import { SPACE_SYMBOL } from "../tokenizer/safe-cuts.ts";
import { UnigramEncoder } from "../tokenizer/unigram-encoder.ts";
import type { TrainingWords } from "./training-words.ts";

const SPACE_SYMBOL_BYTES = Buffer.from(SPACE_SYMBOL, "utf8");

export class WordEncoder {
  /** Of the last word: ids, and the bytes of `text` under each from `start` on. */
  readonly model: ModelEncoder;
  text: Uint8Array;
  start = 0;
  private readonly words: TrainingWords;

  constructor(words: TrainingWords) {
    this.words = words;
    this.text = words.table.bytes;
    const { model } = words.base.definition;
    this.model =
      words.unigram === undefined
        ? new BpeEncoder(model, words.plan.kind === "pieces" ? SPACE_SYMBOL : undefined)
        : new UnigramEncoder(words.unigram);
  }

  /** Returns the number of tokens. */
  encode(word: number): number {
    const { table, unigram } = this.words;
    const start = table.offsets[word]!;
    const end = table.offsets[word + 1]!;
    if (unigram === undefined) {
      this.text = table.bytes;
      this.start = start;
      return this.model.encode(table.bytes, start, end);
    }
    this.text = withSpaceSymbols(table.bytes.subarray(start, end));
    return this.model.encode(this.text, 0, this.text.length);
  }
}

/** The word as the model has it: `▁` where the table has a space. */
export function withSpaceSymbols(word: Uint8Array): Uint8Array {
  let spaces = 0;
  while (word[spaces] === 0x20) spaces++;
  const text = new Uint8Array(word.length + 2 * spaces);
  for (let i = 0; i < spaces; i++) text.set(SPACE_SYMBOL_BYTES, 3 * i);
  text.set(word.subarray(spaces), 3 * spaces);
  return text;
}
