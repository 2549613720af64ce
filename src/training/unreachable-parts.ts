// Formats that list tokens and not merges (SentencePiece, tiktoken) merge any two neighbours that spell a token. A new token
// could then complete a token of the base that no merges made so far, and text would get that in place of what was learned.
// It can happen only to tokens that the base does not make from their own bytes: in a stretch between borders of tokens
// text is encoded as if it stood alone. So no new token may be a part of one of those.

import { createEncoder } from "../tokenizer/model-encoder.ts";
import { isByteToken, modelTokenBytes } from "../tokenizer/model-tokens.ts";
import type { BpeTokenizer } from "../tokenizer/tokenizer.ts";

/** The beginnings and ends of the base's unreachable tokens, as `partKey` spells them; empty where merges are listed. */
export function partsOfUnreachable({ definition }: BpeTokenizer): ReadonlySet<string> {
  const { model } = definition;
  const parts = new Set<string>();
  if (model.ranks === undefined) return parts;
  const encoder = createEncoder({ ...model, ignoreMerges: false });
  const added = new Set(definition.addedTokens.map(({ id }) => id));
  for (const [token, id] of model.idOfToken) {
    if (added.has(id) || (model.byteFallback && isByteToken(token))) continue;
    const bytes = model.byteLevel ? modelTokenBytes(model, token) : Buffer.from(token, "utf8");
    if (encoder.encode(bytes, 0, bytes.length) === 1 && encoder.ids[0] === id) continue;
    for (let at = 1; at < bytes.length; at++) {
      parts.add(partKey(bytes.subarray(0, at)));
      parts.add(partKey(bytes.subarray(at)));
    }
  }
  return parts;
}

/** Bytes of text as a key; `▁` stands for the space that it is in text. */
export function partKey(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1").replaceAll("\xe2\x96\x81", " ");
}
