// Whether learned tokens fit a base: candidates may come from a file that was made for another tokenizer, or edited.

import { VocabError } from "../errors.ts";
import type { BpeModel, UnigramModel } from "../tokenizer/definition.ts";
import { modelTokenBytes } from "../tokenizer/model-tokens.ts";
import { isByteLevel, type TrainableDefinition } from "../tokenizer/require-bpe.ts";
import type { Candidate, LearnedTokens } from "../training/candidates.ts";
import { highestScore } from "../training/fit-pieces.ts";

/** The first id that the base leaves free: its highest id plus one. */
export function firstFreeId({ model, addedTokens }: TrainableDefinition): number {
  return addedTokens.reduce((next, { id }) => Math.max(next, id + 1), model.tokens.length);
}

/** @throws VocabError `candidates-unfit`, naming the first entry that is wrong */
export function requireFit(base: TrainableDefinition, learned: LearnedTokens): void {
  const firstId = firstFreeId(base);
  if (learned.firstId !== firstId)
    unfit(`the first new id is ${learned.firstId}, but the base leaves ${firstId} free`);
  const taken = new Set(base.addedTokens.map(({ content }) => content));
  learned.candidates.forEach((candidate, k) => {
    const { token } = candidate;
    if (token === "" || taken.has(token) || base.model.idOfToken.has(token))
      unfit(
        `candidate ${k}: ${JSON.stringify(token)} is ${token === "" ? "empty" : "in the vocabulary already"}`,
      );
    taken.add(token);
    requireConstituents(base, candidate, k);
  });
  if (base.model.type === "unigram") requireScores(base.model, learned);
  else requireMerges(base.model, learned);
}

// Below the lowest score of the base, unknown characters would score less in all text.
function requireScores(base: UnigramModel, { candidates, merges }: LearnedTokens): void {
  if (merges.length > 0) unfit("a Unigram base has no merges");
  const { lowestScore } = base;
  const highest = highestScore(base);
  candidates.forEach(({ token, score }, k) => {
    if (score === undefined) unfit(`candidate ${k}: ${JSON.stringify(token)} has no score`);
    if (!(score >= lowestScore && score <= highest) || Math.fround(score) !== score)
      unfit(
        `candidate ${k}: the score ${score} is not a number in single precision from ${lowestScore} to ${highest}`,
      );
  });
}

function requireConstituents(base: TrainableDefinition, candidate: Candidate, k: number): void {
  const { bytes, constituents } = candidate;
  const parts = constituents.map((id) => base.model.tokens.at(id));
  if (parts.length === 0 || parts.includes(undefined))
    unfit(`candidate ${k}: its constituents are not all tokens of the base's model`);
  // What stands for an unknown character does not spell it.
  const isKnown = base.model.type === "bpe" || !constituents.includes(base.model.unknownId);
  const joined = Buffer.concat(parts.map((part) => textBytes(base, part!))).toString("hex");
  if (isKnown && joined !== bytes)
    unfit(`candidate ${k}: its constituents stand for the bytes ${joined}, not for ${bytes}`);
  if (textBytes(base, candidate.token).toString("hex") !== bytes)
    unfit(`candidate ${k}: ${JSON.stringify(candidate.token)} does not stand for the bytes ${bytes}`);
}

/** The bytes of text under a token; `▁` is a space in models that are not byte-level. */
function textBytes({ model }: TrainableDefinition, token: string): Buffer {
  const bytes = Buffer.from(modelTokenBytes(model, token));
  return isByteLevel(model)
    ? bytes
    : Buffer.from(bytes.toString("latin1").replaceAll(SPACE_SYMBOL, " "), "latin1");
}

/** `▁` in UTF-8, as Latin-1 characters. */
const SPACE_SYMBOL = "\u00e2\u0096\u0081";

function requireMerges(base: BpeModel, { firstId, candidates, merges }: LearnedTokens): void {
  const spelling = (id: number) => (id < firstId ? base.tokens.at(id) : candidates[id - firstId]?.token);
  const pairs = new Set<number>();
  const old = base.merges;
  for (let i = 0; i < old.length; i += 3) pairs.add(pairKey(old[i]!, old[i + 1]!));
  merges.forEach(([left, right, product], rank) => {
    const [a, b, whole] = [spelling(left), spelling(right), spelling(product)];
    if (a === undefined || b === undefined || whole !== a + b)
      unfit(`merge ${rank}: ${left} and ${right} do not make ${product}`);
    if (pairs.has(pairKey(left, right))) unfit(`merge ${rank}: ${left} and ${right} are merged before`);
    pairs.add(pairKey(left, right));
  });
}

// Ids of a vocabulary are far below 2²⁶.
function pairKey(left: number, right: number): number {
  return left * 2 ** 26 + right;
}

function unfit(what: string): never {
  throw new VocabError("candidates-unfit", `the new tokens do not fit the base: ${what}`, {
    hint: "train them with `vocab train --base` of the same tokenizer",
  });
}
