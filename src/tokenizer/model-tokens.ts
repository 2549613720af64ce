// How the tokens of a model are spelt.

import { BYTE_CHARACTERS, bytesOfByteLevelToken } from "../text/byte-alphabet.ts";
import type { BpeModel, Model, UnigramModel, WordPieceModel } from "./definition.ts";

/** "<0x0A>" for 10. */
export function byteFallbackToken(byte: number): string {
  return `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
}

/** Whether a token is spelt as `byteFallbackToken` spells it. */
export function isByteToken(token: string): boolean {
  return /^<0x[0-9A-F]{2}>$/.test(token);
}

/** The bytes of a model token as it stands for text; `<0x0A>` is the byte 10 where the model falls back to bytes. */
export function modelTokenBytes(
  model: Pick<BpeModel, "byteLevel" | "byteFallback"> | UnigramModel | WordPieceModel,
  token: string,
): Uint8Array {
  if ("byteLevel" in model && model.byteLevel)
    return bytesOfByteLevelToken(token) ?? Buffer.from(token, "utf8");
  if ("byteFallback" in model && model.byteFallback && /^<0x[0-9A-F]{2}>$/.test(token))
    return Uint8Array.of(Number.parseInt(token.slice(3, 5), 16));
  return Buffer.from(token, "utf8");
}

/** The token of each byte, or -1. */
export function byteIdsOf(model: BpeModel): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    if (model.byteLevel) return model.idOfToken.get(BYTE_CHARACTERS[byte]!) ?? -1;
    return model.byteFallback ? (model.idOfToken.get(byteFallbackToken(byte)) ?? -1) : -1;
  });
}

/**
 * The text that each token stands for. `<0x0A>` is no byte here, since `ignore_merges` looks pre-tokens up as text; and in a
 * byte-level model no text is ever written with a character outside the alphabet.
 */
export function spellingsOf(model: BpeModel): (Uint8Array | undefined)[] {
  return Array.from(model.tokens, (token) => {
    if (token === undefined) return undefined;
    return model.byteLevel ? bytesOfByteLevelToken(token) : Buffer.from(token, "utf8");
  });
}

/** Number of ids of the model itself, from which the tokenizers library numbers added tokens on. */
export function modelSize(model: Model): number {
  return model.type === "unigram" ? model.tokens.length : model.idOfToken.size;
}

export function lastCodePoint(text: string): number {
  const unit = text.charCodeAt(text.length - 1);
  return unit >= 0xdc00 && unit < 0xe000 ? text.codePointAt(text.length - 2)! : unit;
}

/**
 * Whether bytes stand for every character that the vocabulary lacks, so that no text becomes an unknown token. A byte of ASCII
 * is a character by itself: Gemma 2 has "\t" and no `<0x09>`.
 */
export function spellsAllText({ byteFallback, idOfToken }: BpeModel): boolean {
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  const isSpelt = (byte: number) =>
    idOfToken.has(byteFallbackToken(byte)) || (byte < 0x80 && idOfToken.has(String.fromCharCode(byte)));
  return byteFallback && bytes.every(isSpelt);
}
