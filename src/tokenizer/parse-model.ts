// Parses the "model" part of a tokenizer.json.

import type { Model } from "./definition.ts";
import { type JsonObject, type JsonPlace, shown } from "./json-reader.ts";
import { type MergeText, parseBpeModel } from "./parse-bpe-model.ts";
import { parseUnigramModel } from "./parse-unigram-model.ts";
import { parseWordPieceModel } from "./parse-wordpiece-model.ts";

/**
 * @param byteLevel whether the pre-tokenizer writes text in the byte-level alphabet
 * @param mergeText the merges of a BPE model, where they were cut out of the file
 * @param text of the file
 * @throws VocabError naming the entry that is wrong
 */
export function parseModel(
  value: unknown,
  place: JsonPlace,
  byteLevel: boolean,
  mergeText: MergeText | undefined,
  text: string,
): Model {
  const model = place.object(value);
  const type = typeOf(model, mergeText);
  if (byteLevel && type !== "BPE") place.at(".type").unsupported(`${shown(type)} behind ByteLevel`);
  switch (type) {
    case "BPE":
      return parseBpeModel(model, place, byteLevel, mergeText);
    case "Unigram":
      return parseUnigramModel(model, place, text);
    case "WordPiece":
      return parseWordPieceModel(model, place);
    default:
      return place.at(".type").unsupported(`the model type ${shown(type)}`);
  }
}

// Old files do not name the type; the reference then takes the one whose fields fit.
function typeOf(model: JsonObject, mergeText: MergeText | undefined): unknown {
  if (model["type"] !== undefined) return model["type"];
  if (Array.isArray(model["vocab"])) return "Unigram";
  if (mergeText !== undefined || "merges" in model) return "BPE";
  return "max_input_chars_per_word" in model ? "WordPiece" : undefined;
}
