// What every prefix of the learned tokens makes of a text: its tokens, and how often each id is used. The words of the text
// are encoded once, however many prefixes are asked for.

import type { LearnedTokens } from "./candidates.ts";
import { PrefixEncoder } from "./prefix-encoder.ts";
import type { TrainingWords } from "./training-words.ts";

export interface PrefixFigures {
  /** The first so many candidates. */
  readonly count: number;
  /** Tokens of the words of each language. Added tokens of the base that stand in the text are not among them. */
  readonly tokens: readonly number[];
  /** Uses of every id, of all languages together; valid until the next step. */
  readonly uses: Float64Array;
}

/**
 * Yields the figures of each step.
 * @param words of the text to judge by, under the base that the tokens were learned for
 * @param steps numbers of candidates, ascending, without repeats; none where `prefixOf` would keep fewer
 */
export function* evaluatePrefixes(
  words: TrainingWords,
  learned: LearnedTokens,
  steps: readonly number[],
): Generator<PrefixFigures> {
  const { tokens, uses, changes } = encodeAll(words, learned, steps);
  let done = 0;
  const order = changes.inOrder();
  for (const count of steps) {
    for (; done < order.length && changes.births[order[done]!]! <= count; done++) {
      const i = order[done]!;
      const word = changes.words[i]!;
      const delta = changes.deltas[i]!;
      words.counts.forEach((counts, language) => {
        const times = (counts[word] ?? 0) * delta;
        tokens[language]! += times;
        uses[changes.ids[i]!]! += times;
      });
    }
    yield { count, tokens: [...tokens], uses };
  }
}

function encodeAll(words: TrainingWords, learned: LearnedTokens, steps: readonly number[]) {
  const encoder = new PrefixEncoder(words, learned);
  const tokens = words.counts.map(() => 0);
  const uses = new Float64Array(learned.firstId + learned.candidates.length);
  const changes = new ChangeList();
  for (let word = 0; word < words.table.size; word++) {
    const times = words.counts.map((counts) => counts[word] ?? 0);
    const all = times.reduce((sum, count) => sum + count, 0);
    if (all === 0) continue;
    const ids = encoder.baseIds(word);
    times.forEach((count, language) => {
      tokens[language]! += count * ids.length;
    });
    for (const id of ids) uses[id]! += all;
    encoder.changes(ids, steps, (birth, removed, added) => {
      for (const id of removed) changes.add(birth, word, id, -1);
      for (const id of added) changes.add(birth, word, id, 1);
    });
  }
  return { tokens, uses, changes };
}

class ChangeList {
  readonly births: number[] = [];
  readonly words: number[] = [];
  readonly ids: number[] = [];
  readonly deltas: number[] = [];

  add(birth: number, word: number, id: number, delta: number): void {
    this.births.push(birth);
    this.words.push(word);
    this.ids.push(id);
    this.deltas.push(delta);
  }

  inOrder(): Uint32Array {
    const { births } = this;
    return Uint32Array.from(births, (_, i) => i).sort((a, b) => births[a]! - births[b]! || a - b);
  }
}
