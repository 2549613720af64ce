// The smallest tokenizer.json files that tests change one part of.

import type { BpeModel } from "../../src/tokenizer/definition.ts";
import { JsonPlace } from "../../src/tokenizer/json-reader.ts";
import { parseBpeModel } from "../../src/tokenizer/parse-bpe-model.ts";
import { parseBpeTokenizerJson } from "../../src/tokenizer/require-bpe.ts";
import { type BpeTokenizer, Tokenizer } from "../../src/tokenizer/tokenizer.ts";

export type Parts = Readonly<Record<string, unknown>>;

/** Six tokens: unk 0, a 1, b 2, c 3, ab 4, abc 5, and "▁" 6; merges a+b, ab+c. */
export function tinyModel(parts: Parts = {}): Parts {
  return {
    type: "BPE",
    unk_token: "unk",
    vocab: { unk: 0, a: 1, b: 2, c: 3, ab: 4, abc: 5, "▁": 6 },
    merges: [
      ["a", "b"],
      ["ab", "c"],
    ],
    ...parts,
  };
}

export function tinyJson(parts: Parts = {}): string {
  return JSON.stringify({ version: "1.0", added_tokens: [], model: tinyModel(), ...parts });
}

export function tinyTokenizer(parts: Parts = {}): BpeTokenizer {
  return new Tokenizer(parseBpeTokenizerJson(tinyJson(parts), "tiny.json"));
}

export function bpeModel(parts: Parts, byteLevel = false): BpeModel {
  return parseBpeModel(tinyModel(parts), new JsonPlace("tiny.json"), byteLevel);
}
