// The tokens of a GGUF file with their types.

import { shown } from "../json-reader.ts";
import { MAX_TOKENS, unsupportedFile } from "./file-place.ts";
import type { GgufKeys } from "./gguf-keys.ts";
import type { SentencePieceType } from "./sentencepiece-fields.ts";

export interface GgufToken {
  readonly id: number;
  readonly text: string;
  readonly type: SentencePieceType;
}

/** By number: `tokenizer.ggml.token_type`. The types are those of SentencePiece, for all models. */
const TYPES: readonly (SentencePieceType | undefined)[] = [
  undefined,
  "normal",
  "unknown",
  "control",
  "user-defined",
  "unused",
  "byte",
];

/** Names that converters give to the rows of the embedding matrix behind the vocabulary. */
const PADDING = /^\[PAD\d+\]$/;

/** In order of their ids. @throws VocabError naming the key */
export function ggufTokens(keys: GgufKeys): GgufToken[] {
  const texts = keys.strings("tokens");
  if (texts.length === 0) throw keys.invalid("tokens", "the vocabulary is empty");
  if (texts.length > MAX_TOKENS)
    throw unsupportedFile(keys.file, keys.place("tokens"), `a vocabulary above ${MAX_TOKENS} tokens`);
  const types = keys.numbers("token_type", texts.length);
  return texts.map((text, id): GgufToken => {
    const type = TYPES[types[id]!];
    if (type === undefined)
      throw keys.invalid(`token_type[${id}]`, `${types[id]} is no type of tokens, which are 1 to 6`);
    return { id, text, type };
  });
}

/**
 * Whether a token is only the name of a row. Converters have marked them as unused, as unknown and as user-defined, and
 * the number in the name can be off by some (XLM-R's is by one).
 */
export function isPadding({ text, type }: Pick<GgufToken, "text" | "type">): boolean {
  return type !== "normal" && PADDING.test(text);
}

/** @throws VocabError naming the second of two tokens with one text */
export function requireDifferent(tokens: readonly GgufToken[], keys: GgufKeys): void {
  const idOfText = new Map<string, number>();
  for (const { id, text } of tokens) {
    const before = idOfText.get(text);
    if (before !== undefined)
      throw keys.invalid(`tokens[${id}]`, `${shown(text)} is ${keys.place(`tokens[${before}]`)} already`);
    idOfText.set(text, id);
  }
}
