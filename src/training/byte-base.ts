// The base of training from nothing: all 256 bytes, no merges, and a pattern that cuts pre-tokens. Continued training from
// it is plain byte-level BPE.

import { BYTE_CHARACTERS } from "../text/byte-alphabet.ts";
import { GPT2_PATTERN } from "../tokenizer/parse-pre-tokenizer.ts";
import { type BpeTokenizer, Tokenizer } from "../tokenizer/tokenizer.ts";

/**
 * Ids 0 to 255 in the order of the byte-level alphabet's characters, as the reference's BpeTrainer numbers them.
 * @param pattern what a pre-token matches, in the reference's syntax
 * @throws VocabError `pattern-unsupported`
 */
export function byteBase(pattern: string = GPT2_PATTERN): BpeTokenizer {
  const tokens = [...BYTE_CHARACTERS].sort((a, b) => a.charCodeAt(0) - b.charCodeAt(0));
  return new Tokenizer({
    addedTokens: [],
    normalizers: [],
    preTokenizers: [{ type: "split", pattern: { regex: pattern }, behavior: "Isolated", invert: false }],
    model: {
      type: "bpe",
      tokens,
      idOfToken: new Map(tokens.map((token, id) => [token, id])),
      merges: new Int32Array(0),
      byteLevel: true,
      byteFallback: false,
      ignoreMerges: false,
      fuseUnknown: false,
      unknownId: undefined,
    },
    decoders: [{ type: "byte-level" }],
    vocabSize: tokens.length,
  });
}
