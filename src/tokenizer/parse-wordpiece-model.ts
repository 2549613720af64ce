// Parses the "model" part of a tokenizer.json where it is WordPiece.

import type { WordPieceModel } from "./definition.ts";
import { type JsonObject, type JsonPlace, shown } from "./json-reader.ts";
import { parseVocabulary } from "./parse-bpe-model.ts";

/** @throws VocabError naming the entry that is wrong */
export function parseWordPieceModel(model: JsonObject, place: JsonPlace): WordPieceModel {
  const { tokens, idOfToken } = parseVocabulary(model["vocab"], place.at(".vocab"));
  const unknown = place.at(".unk_token").string(model["unk_token"] ?? "[UNK]");
  const unknownId = idOfToken.get(unknown);
  if (unknownId === undefined)
    return place.at(".unk_token").invalid(`token ${shown(unknown)} is not in the vocabulary`);
  return {
    type: "wordpiece",
    tokens,
    idOfToken,
    continuingPrefix: place
      .at(".continuing_subword_prefix")
      .string(model["continuing_subword_prefix"] ?? "##"),
    maxWordCharacters: place.at(".max_input_chars_per_word").id(model["max_input_chars_per_word"] ?? 100),
    unknownId,
  };
}
