// Random tokenizers that vocab reads: those that it refuses are made again.

import { VocabError } from "../../src/errors.ts";
import { parseTokenizerJson } from "../../src/tokenizer/parse-tokenizer-json.ts";
import { Tokenizer } from "../../src/tokenizer/tokenizer.ts";
import type { RandomTokenizer } from "../tokenizer/random-tokenizers.ts";

export interface AcceptedTokenizer extends RandomTokenizer {
  readonly tokenizer: Tokenizer;
}

export function acceptedTokenizer(make: () => RandomTokenizer): AcceptedTokenizer {
  for (;;) {
    const { json, likes } = make();
    try {
      return { json, likes, tokenizer: new Tokenizer(parseTokenizerJson(json, "random")) };
    } catch (error) {
      if (!(error instanceof VocabError)) throw error;
    }
  }
}
