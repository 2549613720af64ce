// Small random Unigram and WordPiece models, as the "model" part of a tokenizer.json.

import { byteFallbackToken } from "../../src/tokenizer/model-tokens.ts";
import type { Random } from "./hostile-text.ts";

type Json = Readonly<Record<string, unknown>>;

/** @param words symbols of words, from which pieces are cut */
export function randomUnigram(random: Random, words: readonly (readonly string[])[]): Json {
  const pieces = new Set(["<unk>", ...pieceTexts(random, words)]);
  const byteFallback = random.chance(0.4);
  if (byteFallback)
    for (let byte = 0; byte < 256; byte++) if (random.chance(0.97)) pieces.add(byteFallbackToken(byte));
  const list = random.chance(0.7) ? [...pieces] : random.shuffle([...pieces]);
  // Few different scores make many paths equal.
  const score = random.chance(0.5) ? () => -random.integer(1, 4) : () => -random.integer(1, 9_999_999) / 7e5;
  if (random.chance(0.1)) list.push(random.pick(list));
  return {
    type: "Unigram",
    unk_id: list.indexOf("<unk>"),
    vocab: list.map((piece) => [piece, piece === "<unk>" && random.chance(0.8) ? 0 : score()]),
    byte_fallback: byteFallback,
  };
}

/** @param words symbols of words, from which tokens are cut */
export function randomWordPiece(random: Random, words: readonly (readonly string[])[]): Json {
  const prefix = random.pick(["##", "##", "##", "", "@@"]);
  const tokens = new Set(["[UNK]"]);
  for (const piece of pieceTexts(random, words)) {
    if (random.chance(0.7)) tokens.add(piece);
    if (random.chance(0.7)) tokens.add(prefix + piece);
  }
  const list = random.chance(0.5) ? [...tokens] : random.shuffle([...tokens]);
  return {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: prefix,
    max_input_chars_per_word: random.pick([100, 100, 5]),
    vocab: Object.fromEntries(list.map((token, id) => [token, id])),
  };
}

function pieceTexts(random: Random, words: readonly (readonly string[])[]): string[] {
  const texts: string[] = [];
  for (const word of words) {
    for (const symbol of word) if (random.chance(0.8)) texts.push(symbol);
    const start = random.integer(0, word.length - 1);
    texts.push(word.slice(start, start + random.integer(1, 5)).join(""));
  }
  return texts;
}
