// Small Unigram bases for tests: letters and words of a text, scored by how often they stand in it.

import type { SentencePiece } from "../../src/tokenizer/formats/read-sentencepiece.ts";
import { byteFallbackToken } from "../../src/tokenizer/model-tokens.ts";
import { BYTE_PIECES, intField, model } from "../tokenizer/formats/protobuf-writer.ts";

export interface UnigramParts {
  /** Characters and words of it become pieces. */
  readonly text: string;
  /** Single characters that become pieces beside. */
  readonly letters?: string;
  /** Unknown characters are spelt in bytes. */
  readonly byteFallback?: boolean;
}

type Scored = readonly [piece: string, score: number];

/** Without `<unk>` and byte pieces. Scores are numbers in single precision, as converters find them in models. */
function scoredPieces({ text, letters = "" }: UnigramParts): Scored[] {
  const counts = new Map<string, number>([["▁", 1]]);
  const count = (piece: string, times = 1) => counts.set(piece, (counts.get(piece) ?? 0) + times);
  for (const word of text.split(/\s+/)) {
    count(`▁${word}`, 2);
    for (const character of word) count(character);
  }
  for (const letter of letters) count(letter);
  const total = [...counts.values()].reduce((sum, times) => sum + times, 0);
  return [...counts].map(([piece, times]) => [piece, Math.fround(Math.log(times / total))]);
}

/** As converters write XLM-R: Metaspace, special tokens among the pieces, `<mask>` behind them in added_tokens alone. */
export function unigramJson(parts: UnigramParts, indent?: number): string {
  const bytes = Array.from({ length: 256 }, (_, byte): Scored => [byteFallbackToken(byte), -20]);
  const vocab: Scored[] = [
    ["<s>", 0],
    ["</s>", 0],
    ["<unk>", 0],
    ...(parts.byteFallback === true ? bytes : []),
    ...scoredPieces(parts),
  ];
  const added = ["<s>", "</s>", "<unk>"].map((content, id) => ({ id, content }));
  const json = {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [...added, { id: vocab.length, content: "<mask>" }].map((token) => ({
      ...token,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: { type: "Replace", pattern: { Regex: " {2,}" }, content: " " },
    pre_tokenizer: { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true },
    post_processor: null,
    decoder: { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true },
    model: { type: "Unigram", unk_id: 2, vocab, byte_fallback: parts.byteFallback === true },
  };
  return JSON.stringify(json, null, indent);
}

/** The same pieces as a SentencePiece model. @param normalizer fields of `normalizer_spec`; by default spaces are cleaned up */
export function unigramModel(parts: UnigramParts, normalizer: readonly number[] = []): Uint8Array {
  const pieces: SentencePiece[] = [
    { text: "<unk>", score: 0, type: "unknown" },
    { text: "<s>", score: 0, type: "control" },
    { text: "</s>", score: 0, type: "control" },
    ...(parts.byteFallback === true ? BYTE_PIECES : []),
    ...scoredPieces(parts).map(([text, score]): SentencePiece => ({ text, score, type: "normal" })),
  ];
  const trainer = [
    ...intField(3, 1),
    ...intField(4, pieces.length),
    ...(parts.byteFallback === true ? intField(35, 1) : []),
  ];
  return model(pieces, trainer, normalizer);
}
