// Words that are to be pieces of a Unigram base: whole, without others on the way.

import type { Candidate } from "./candidates.ts";
import type { Learned } from "./learned.ts";
import { SymbolRules } from "./symbol-rules.ts";
import type { TokenConstraints } from "./token-constraints.ts";
import type { TrainingWords } from "./training-words.ts";
import { WordEncoder, withSpaceSymbols } from "./word-encoder.ts";

export interface IncludedPieces {
  readonly candidates: readonly Candidate[];
  readonly notIncluded: Learned["notIncluded"];
}

/** With a space before them where the base has words so. Those that the base has already are not among them. */
export function includePieces(
  words: TrainingWords,
  include: readonly string[],
  constraints: TokenConstraints,
): IncludedPieces {
  const rules = new SymbolRules(words.base, constraints, true);
  const encoder = new WordEncoder(words);
  const candidates: Candidate[] = [];
  const notIncluded: { word: string; reason: string }[] = [];
  for (const word of new Set(include)) {
    const piece = includedPiece(words, rules, encoder, word);
    if (typeof piece === "string") notIncluded.push({ word, reason: piece });
    else if (piece !== undefined) candidates.push(piece);
  }
  return { candidates, notIncluded };
}

// Undefined where the base has it, a string where it cannot be.
function includedPiece(
  words: TrainingWords,
  rules: SymbolRules,
  encoder: WordEncoder,
  word: string,
): Candidate | string | undefined {
  const number = words.wordOf(` ${word}`) ?? words.wordOf(word);
  if (number === undefined) return "the pre-tokenizer cuts it";
  const { table, unigram } = words;
  const bytes = Buffer.from(table.bytes.subarray(table.offsets[number]!, table.offsets[number + 1]!));
  const token = Buffer.from(withSpaceSymbols(bytes)).toString("utf8");
  const size = encoder.encode(number);
  const constituents = [...encoder.model.ids.subarray(0, size)];
  if (unigram!.idOfToken.has(token))
    return constituents.length === 1 ? undefined : "the base has it, with a score by which it is not used";
  const judgement = rules.judge(bytes);
  if (judgement !== "token") return `not allowed: ${judgement}`;
  const count = words.counts.reduce((sum, counts) => sum + (counts[number] ?? 0), 0);
  if (count === 0) return "it does not occur in the text";
  return {
    token,
    bytes: bytes.toString("hex"),
    text: bytes.toString("utf8"),
    kind: "token",
    constituents,
    count,
  };
}
