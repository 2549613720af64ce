// New pieces for a Unigram base (docs/unigram.md): candidates are found by joining pairs of its pieces, as continued BPE does,
// twice as many as asked for; then fitted.

import { setImmediate } from "node:timers/promises";
import { UnigramEncoder } from "../tokenizer/unigram-encoder.ts";
import type { Candidate } from "./candidates.ts";
import { type FittedPieces, fitPieces } from "./fit-pieces.ts";
import { learnTokens } from "./learn.ts";
import type { Learned, LearnOptions, StopReason } from "./learned.ts";
import { type Piece, PieceSet, type WeightedWords } from "./piece-set.ts";
import type { TrainingWords } from "./training-words.ts";
import { withSpaceSymbols } from "./word-encoder.ts";

/** Candidates for each piece. Measured on held-out Persian: 1.3 gave 0.4 % more tokens, 4 no fewer. */
const CANDIDATES = 2;

/** @throws VocabError as `learnTokens` */
export async function learnPieces(words: TrainingWords, options: LearnOptions): Promise<Learned> {
  const base = words.unigram!;
  const found = await learnTokens(words, {
    ...options,
    add: CANDIDATES * options.add,
    // Pieces are whole characters, and what is not used in the end is dropped then.
    constraints: { ...options.constraints, stones: "never" },
  });
  const { include = [], minCount = 2, protectBudget = 0 } = options.constraints ?? {};
  const required = new Set(include.flatMap((word) => [word, ` ${word}`]));
  const pieces = found.candidates.map(
    ({ token, text, kind }): Piece => ({
      token,
      isCharacter: kind === "character",
      isRequired: required.has(text!),
    }),
  );
  const all = weightedWords(words, (word) =>
    words.counts.reduce((sum, counts) => sum + (counts[word] ?? 0), 0),
  );
  const protectedWords = weightedWords(words, (word) => words.protectedCounts[word] ?? 0);
  const set = new PieceSet(base, pieces);
  const counts = found.candidates.map(({ count }) => count);
  const fitted = await fitPieces(base, set, counts, all, {
    add: options.add,
    minCount,
    protectedWords: protectedWords.texts.length === 0 ? undefined : protectedWords,
    protectBudget,
    pause: async () => {
      await setImmediate();
      options.signal?.throwIfAborted();
    },
  });
  return describe(words, found, set, fitted, options.add);
}

function weightedWords({ table }: TrainingWords, weightOf: (word: number) => number): WeightedWords {
  const texts: Uint8Array[] = [];
  const weights: number[] = [];
  for (let word = 0; word < table.size; word++) {
    const weight = weightOf(word);
    if (weight === 0) continue;
    texts.push(withSpaceSymbols(table.bytes.subarray(table.offsets[word]!, table.offsets[word + 1]!)));
    weights.push(weight);
  }
  return { texts, weights };
}

function describe(
  words: TrainingWords,
  found: Learned,
  set: PieceSet,
  { order, scores, uses, protectedUses }: FittedPieces,
  add: number,
): Learned {
  const base = words.unigram!;
  const encoder = new UnigramEncoder(base);
  const candidates = order.map((k): Candidate => {
    const candidate = found.candidates[k]!;
    const text = Buffer.from(candidate.token, "utf8");
    const count = encoder.encode(text, 0, text.length);
    const constituents = [...encoder.ids.subarray(0, count)];
    return { ...candidate, constituents, count: uses[k]!, score: scores[k]! };
  });
  const stopped: StopReason = candidates.length >= add ? "budget" : "pairs";
  const reason = "no other piece occurs often enough and saves a token";
  return {
    ...found,
    candidates,
    merges: [],
    stopped,
    stopDetail:
      stopped === "budget"
        ? `learned ${candidates.length}, as many as asked for`
        : `stopped after ${candidates.length}: ${reason}`,
    stones: 0,
    revived: [],
    protectedMerges: protectedUses,
    languages: words.counts.map((counts) => {
      const ofLanguage = weightedWords(words, (word) => counts[word] ?? 0);
      return {
        tokensBefore: new PieceSet(base, []).encode(ofLanguage).tokens,
        tokensAfter: set.encode(ofLanguage).tokens,
      };
    }),
  };
}
