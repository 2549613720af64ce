// Training and expansion work on BPE alone; everything else works on any model.

import { VocabError } from "../errors.ts";
import type { BpeDefinition, TokenizerDefinition } from "./definition.ts";
import { parseTokenizerJson } from "./parse-tokenizer-json.ts";

/**
 * @param source where the tokenizer comes from, for the message
 * @throws VocabError `not-bpe`
 */
export function requireBpe(definition: TokenizerDefinition, source: string): BpeDefinition {
  if (isBpe(definition)) return definition;
  const name = definition.model.type === "unigram" ? "Unigram" : "WordPiece";
  throw new VocabError("not-bpe", `${source} is a ${name} tokenizer: only BPE can be trained further`, {
    hint: "analyze, compare, encode and inspect work with it",
  });
}

/** As `parseTokenizerJson`, for a file whose model has to be BPE. */
export function parseBpeTokenizerJson(text: string, file: string): BpeDefinition {
  return requireBpe(parseTokenizerJson(text, file), file);
}

export function isBpe(definition: TokenizerDefinition): definition is BpeDefinition {
  return definition.model.type === "bpe";
}
