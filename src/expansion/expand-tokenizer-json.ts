// Enters learned tokens with their merges, or pieces with their scores, into the text of the base's tokenizer.json. All that the base wrote stays as it
// stands, character by character; a diff shows the additions alone.

import type { BpeDefinition } from "../tokenizer/definition.ts";
import { findValue } from "../tokenizer/json-text.ts";
import { isBpe, type TrainableDefinition } from "../tokenizer/require-bpe.ts";
import type { LearnedTokens } from "../training/candidates.ts";
import { requireFit } from "./fit.ts";
import { addNumbers, addPairs, addScored, applyEdits, stringWriter } from "./json-edits.ts";

/**
 * @param text tokenizer.json of the base
 * @param base what it was parsed into
 * @throws VocabError `candidates-unfit` when the tokens were not learned for this base
 */
export function expandTokenizerJson(text: string, base: TrainableDefinition, learned: LearnedTokens): string {
  requireFit(base, learned);
  return isBpe(base) ? withMerges(text, base, learned) : withScores(text, base, learned);
}

function withMerges(text: string, base: BpeDefinition, learned: LearnedTokens): string {
  const vocab = findValue(text, ["model", "vocab"])!;
  const merges = findValue(text, ["model", "merges"])!;
  const write = stringWriter(text);
  const newTokens = learned.candidates.map(({ token }, k) => [token, learned.firstId + k] as const);
  const spelling = (id: number) =>
    id < learned.firstId ? base.model.tokens.at(id)! : learned.candidates[id - learned.firstId]!.token;
  return applyEdits(text, [
    addNumbers(text, vocab.start, [...addedTokensOutsideModel(base), ...newTokens], write),
    addPairs(
      text,
      merges.start,
      learned.merges.map(([left, right]) => [spelling(left), spelling(right)] as const),
      write,
    ),
  ]);
}

function withScores(text: string, base: TrainableDefinition, { candidates }: LearnedTokens): string {
  const vocab = findValue(text, ["model", "vocab"])!;
  const added = addedTokensOutsideModel(base).map(([content]) => [content, ADDED_SCORE] as const);
  const pieces = candidates.map(({ token, score }) => [token, score!] as const);
  return applyEdits(text, [addScored(text, vocab.start, [...added, ...pieces], stringWriter(text))]);
}

/** What converters give added tokens that they enter among the pieces; text with one is matched before the model. */
const ADDED_SCORE = 0;

/**
 * Added tokens that the model's vocabulary lacks, by id. Python `tokenizers` numbers these from the size of the vocabulary
 * upwards, whatever their entry says: with tokens added to the vocabulary alone, `<|endoftext|>` of Qwen 3 would move.
 */
function addedTokensOutsideModel({ addedTokens, model }: TrainableDefinition): [string, number][] {
  return addedTokens
    .filter(({ content }) => !model.idOfToken.has(content))
    .map(({ content, id }): [string, number] => [content, id])
    .sort((a, b) => a[1] - b[1]);
}
