// Appends learned tokens to a SentencePiece model, below every piece that it has.

import { readSentencePiece, type SentencePiece } from "../tokenizer/formats/read-sentencepiece.ts";
import { writeSentencePiece } from "../tokenizer/formats/write-sentencepiece.ts";
import type { LearnedTokens } from "../training/candidates.ts";

/**
 * The model with one piece for each candidate, in order: id firstId + k is its place. Scores fall strictly as float32 and
 * stay below those of the base, since SentencePiece merges the pair of the highest score first. Ids of the base above its
 * last piece (an added token of its tokenizer.json) become control pieces, which no text is divided into.
 * @param tokensAbove the tokens of the ids from the last piece on to firstId
 * @throws VocabError `tokenizer-invalid` for a token that SentencePiece does not load
 */
export function expandSentencePiece(
  bytes: Uint8Array,
  file: string,
  { firstId, candidates }: LearnedTokens,
  tokensAbove: (id: number) => string | undefined,
): Uint8Array {
  const model = readSentencePiece(bytes, file);
  const lowest = model.pieces.reduce((least, { score }) => Math.min(least, score), 0);
  const fillers = Array.from({ length: firstId - model.pieces.length }, (_, i): SentencePiece => {
    const id = model.pieces.length + i;
    return { text: tokensAbove(id) ?? `<unused_${id}>`, score: 0, type: "control" };
  });
  const scores = scoresBelow(lowest, candidates.length);
  const added = candidates.map(
    ({ token }, k): SentencePiece => ({ text: token, score: scores[k]!, type: "normal" }),
  );
  return writeSentencePiece(model, [...fillers, ...added]);
}

/** Falling by 1, or where that is lost in single precision (Llama 2 has pieces at -1e9), by the least that is not. */
export function scoresBelow(lowest: number, count: number): Float32Array {
  const scores = new Float32Array(count);
  let score = Math.fround(lowest);
  for (let k = 0; k < count; k++) {
    let step = 1;
    while (Math.fround(score - step) >= score) step *= 2;
    score = Math.fround(score - step);
    scores[k] = score;
  }
  return scores;
}
