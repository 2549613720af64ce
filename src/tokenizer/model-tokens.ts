// How the tokens of a model are spelt.

import { bytesOfByteLevelToken } from "../text/byte-alphabet.ts";
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

/** Number of ids of the model itself, from which the tokenizers library numbers added tokens on. */
export function modelSize(model: Model): number {
  return model.type === "unigram" ? model.tokens.length : model.idOfToken.size;
}

export function lastCodePoint(text: string): number {
  const unit = text.charCodeAt(text.length - 1);
  return unit >= 0xdc00 && unit < 0xe000 ? text.codePointAt(text.length - 2)! : unit;
}
