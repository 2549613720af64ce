// Which models can be trained further and expanded: BPE and Unigram. Everything else works on any model.

import { VocabError } from "../errors.ts";
import type { BpeDefinition, BpeModel, Model, TokenizerDefinition, UnigramModel } from "./definition.ts";
import { parseTokenizerJson } from "./parse-tokenizer-json.ts";

/** What new tokens can be learned for. */
export type TrainableModel = BpeModel | UnigramModel;

export type TrainableDefinition = TokenizerDefinition<TrainableModel>;

/**
 * @param source where the tokenizer comes from, for the message
 * @throws VocabError `not-trainable` for WordPiece
 */
export function requireTrainable(definition: TokenizerDefinition, source: string): TrainableDefinition {
  if (definition.model.type !== "wordpiece") return definition as TrainableDefinition;
  throw new VocabError(
    "not-trainable",
    `${source} is a WordPiece tokenizer: only BPE and Unigram can be trained further`,
    { hint: "analyze, compare, encode and inspect work with it" },
  );
}

/**
 * For what only BPE has a meaning for.
 * @throws VocabError `not-bpe`
 */
export function requireBpe(definition: TokenizerDefinition, source: string): BpeDefinition {
  if (isBpe(definition)) return definition;
  const name = definition.model.type === "unigram" ? "Unigram" : "WordPiece";
  throw new VocabError("not-bpe", `${source} is a ${name} tokenizer, and this is done for BPE only`, {
    hint: "analyze, compare, encode and inspect work with it",
  });
}

/** As `parseTokenizerJson`, for a file whose model has to be BPE. */
export function parseBpeTokenizerJson(text: string, file: string): BpeDefinition {
  return requireBpe(parseTokenizerJson(text, file), file);
}

/** Whether tokens are written in the byte-level alphabet; models over characters write them as they are. */
export function isByteLevel(model: Model): boolean {
  return model.type === "bpe" && model.byteLevel;
}

export function isUnigram(definition: TokenizerDefinition): definition is TokenizerDefinition<UnigramModel> {
  return definition.model.type === "unigram";
}

export function isBpe(definition: TokenizerDefinition): definition is BpeDefinition {
  return definition.model.type === "bpe";
}
