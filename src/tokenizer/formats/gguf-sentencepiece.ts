// GGUF's models "llama" (SentencePiece BPE) and "t5" (SentencePiece Unigram): the pieces, as SentencePiece itself has them.

import type { TokenizerDefinition } from "../definition.ts";
import { checkPieces } from "./check-pieces.ts";
import type { GgufKeys } from "./gguf-keys.ts";
import { type GgufToken, ggufTokens, isPadding } from "./gguf-tokens.ts";
import type { SentencePiece } from "./read-sentencepiece.ts";
import { sentencePieceDefinition } from "./sentencepiece-definition.ts";
import { NORMALIZER_DEFAULTS, type NormalizerSpec, TRAINER_DEFAULTS } from "./sentencepiece-fields.ts";

/** @throws VocabError `tokenizer-invalid`, `tokenizer-unsupported` naming the key */
export function ggufSentencePiece(keys: GgufKeys, modelType: "bpe" | "unigram"): TokenizerDefinition {
  const scores = keys.numbers("scores", keys.strings("tokens").length);
  const tokens = withoutTrailingPadding(ggufTokens(keys));
  const unknownId = unknownOf(tokens, keys);
  const pieces = tokens.map((token) => pieceOf(token, scores[token.id]!, unknownId));
  const byteFallback = pieces.some(({ type }) => type === "byte");
  const trainer = { ...TRAINER_DEFAULTS, modelType, byteFallback };
  const places = { pieces: keys.place("tokens"), charsmap: keys.place("precompiled_charsmap") };
  return sentencePieceDefinition({
    file: keys.file,
    pieces: checkPieces(pieces, trainer, keys.file, places.pieces),
    trainer,
    normalizer: normalizerOf(keys),
    denormalizer: undefined,
    places,
  });
}

// The model that the file was made from had no such pieces.
function withoutTrailingPadding(tokens: readonly GgufToken[]): readonly GgufToken[] {
  return tokens.slice(0, tokens.findLastIndex((token) => !isPadding(token)) + 1);
}

function unknownOf(tokens: readonly GgufToken[], keys: GgufKeys): number {
  const id = keys.optionalId("unknown_token_id") ?? tokens.findIndex(({ type }) => type === "unknown");
  if (id >= tokens.length)
    throw keys.invalid("unknown_token_id", `there are ${tokens.length} tokens, no ${id}`);
  return id;
}

// Text is never divided into control pieces. So they stand for names of rows, too, and for what old converters called
// unknown because it is no piece of the model (Phi-3's placeholders).
function pieceOf(token: GgufToken, score: number, unknownId: number): SentencePiece {
  const { id, text, type } = token;
  if (id === unknownId) return { text, score, type: "unknown" };
  if (isPadding(token) || type === "unknown") return { text, score, type: "control" };
  // Converters write these as they stand in the text; SentencePiece looks for them once spaces are marked.
  return { text: type === "user-defined" ? text.replaceAll(" ", "▁") : text, score, type };
}

// llama.cpp's defaults for keys that are left out.
function normalizerOf(keys: GgufKeys): NormalizerSpec {
  return {
    ...NORMALIZER_DEFAULTS,
    precompiledCharsmap: keys.optionalBytes("precompiled_charsmap") ?? new Uint8Array(0),
    addDummyPrefix: keys.optionalBoolean("add_space_prefix") ?? true,
    removeExtraWhitespaces: keys.optionalBoolean("remove_extra_whitespaces") ?? false,
  };
}
