// Tokenizers whose tokens can be counted by hand: one token a byte, and one that reads whole documents.

import { BYTE_CHARACTERS } from "../../src/text/byte-alphabet.ts";
import { tinyJson } from "../tokenizer/tiny-tokenizer.ts";

/** As many tokens as bytes. */
export function byteTokenizerJson(): string {
  return JSON.stringify({
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, use_regex: true },
    model: {
      type: "BPE",
      vocab: Object.fromEntries(BYTE_CHARACTERS.map((character, id) => [character, id])),
      merges: [],
    },
  });
}

/** Letters a, b, c; "ab" and "abc" are one token each, and nothing divides a document before the model reads it. */
export function wholeTokenizerJson(): string {
  return tinyJson();
}
