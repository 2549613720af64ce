// Words that are to be tokens come first: the pairs inside each are joined, the most frequent in all text first, until it
// is one token.

import type { Learned } from "./learned.ts";
import type { Learner } from "./learner.ts";
import { LENGTH_BITS, LENGTH_MASK, WORD_BORDER } from "./word-cells.ts";

/** @param number of the word in the table; undefined where the pre-tokenizer cuts it */
export interface WantedWord {
  readonly word: string;
  readonly number: number | undefined;
}

/** Returns those that did not become tokens. */
export function includeWords(
  learner: Learner,
  wanted: readonly WantedWord[],
  add: number,
): Learned["notIncluded"] {
  return wanted.flatMap(({ word, number }) => {
    const reason = number === undefined ? "the pre-tokenizer cuts it" : includeWord(learner, number, add);
    return reason === undefined ? [] : [{ word, reason }];
  });
}

function includeWord(learner: Learner, number: number, add: number): string | undefined {
  const start = learner.laidOut.startOf.get(number);
  // A word without cells is one token already.
  if (start === undefined) return undefined;
  const room = add - learner.count;
  const word = symbolsFrom(learner, start);
  if (word.length === 1) return undefined;
  const { rules } = learner;
  const bytes = Buffer.concat(word.map((symbol) => rules.symbols.bytesOf[symbol < 0 ? ~symbol : symbol]!));
  const judgement = rules.judge(bytes);
  if (judgement !== "token" || word.some((symbol) => symbol < 0))
    return `not allowed: ${judgement === "token" ? "a part of it" : judgement}`;
  if (learner.weights.every((weights) => weights[learner.laidOut.cells[start + 1]!] === 0))
    return "it does not occur in the text";
  if (word.length - 1 > room) return "no room left";
  for (let rest = word; rest.length > 1; rest = symbolsFrom(learner, start)) {
    const pair = mostFrequent(learner, rest);
    if (learner.breaksProtection(pair)) return "not allowed: protected text";
    learner.accept(pair, rules.judge(learner.bytesOf(pair)) === "stone" ? "stone" : "token");
  }
  return undefined;
}

function symbolsFrom({ laidOut: { cells } }: Learner, start: number): number[] {
  const word: number[] = [];
  for (let at = start; cells[at] !== WORD_BORDER; at += cells[at]! & LENGTH_MASK)
    word.push(cells[at]! >> LENGTH_BITS);
  return word;
}

function mostFrequent(learner: Learner, word: readonly number[]): number {
  let best = -1;
  for (let i = 0; i + 1 < word.length; i++) {
    const pair = learner.state.places.find(word[i]!, word[i + 1]!, learner.weights);
    if (best < 0 || learner.countOf(pair) > learner.countOf(best)) best = pair;
  }
  return best;
}
