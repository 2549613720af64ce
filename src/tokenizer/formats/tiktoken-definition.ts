// A tokenizer from tiktoken ranks: what a rank file leaves out, the pattern and the special tokens, comes from a file
// beside it or, for rank files of the field, from rank-files.ts.

import { BYTE_CHARACTERS } from "../../text/byte-alphabet.ts";
import type { AddedToken, BpeDefinition } from "../definition.ts";
import { allSplits } from "./bpe-splits.ts";
import type { RankedToken } from "./read-tiktoken.ts";

export interface RankedVocabulary {
  /** In order of rank. */
  readonly tokens: readonly RankedToken[];
  /** The id of the token of rank 0: special tokens may stand below. */
  readonly firstId: number;
  /** What a pre-token matches, in the reference's syntax. */
  readonly pattern: string;
  readonly specialTokens: readonly SpecialToken[];
}

export interface SpecialToken {
  readonly id: number;
  readonly text: string;
}

/**
 * Special tokens are found in text, as tiktoken finds those that are allowed and as a tokenizer.json has them.
 * @throws VocabError `pattern-unsupported`, `tokenizer-unsupported`
 */
export function rankedDefinition(vocabulary: RankedVocabulary, file: string): BpeDefinition {
  const { tokens: ranked, firstId, pattern, specialTokens } = vocabulary;
  const tokens: string[] = [];
  const idOfToken = new Map<string, number>();
  const products = ranked.map(({ bytes, rank }) => {
    const spelling = byteLevelSpelling(bytes);
    const id = firstId + rank;
    tokens[id] = spelling;
    idOfToken.set(spelling, id);
    return { id, spelling, rank };
  });
  return {
    addedTokens: specialTokens.map(addedToken),
    normalizers: [],
    preTokenizers: [
      { type: "split", pattern: { regex: pattern, syntax: "rust" }, behavior: "Isolated", invert: false },
    ],
    model: {
      type: "bpe",
      tokens: Array.from(tokens),
      idOfToken,
      ...allSplits(products, idOfToken, file),
      byteLevel: true,
      byteFallback: false,
      // A pre-token that is a token is taken whole.
      ignoreMerges: true,
      fuseUnknown: false,
      unknownId: undefined,
    },
    decoders: [{ type: "byte-level" }],
    vocabSize: ranked.length + specialTokens.length,
  };
}

function addedToken({ id, text }: SpecialToken): AddedToken {
  return {
    id,
    content: text,
    singleWord: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  };
}

function byteLevelSpelling(bytes: Uint8Array): string {
  let spelling = "";
  for (const byte of bytes) spelling += BYTE_CHARACTERS[byte]!;
  return spelling;
}
