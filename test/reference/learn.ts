// The slow twin of training: every word is encoded anew for every merge, with all merges so far, and all pairs are counted.

import { type Merges, mergeSlowly } from "./bpe.ts";

export interface SlowBase {
  /** The token of each id. */
  readonly tokens: readonly string[];
  readonly merges: Merges;
}

/** A word as the symbols it starts from, and its weight. */
export type SlowWord = readonly [symbols: readonly string[], count: number];

export interface SlowResult {
  /** In order of rank; the product of a merge is its parts, joined. */
  readonly merges: readonly (readonly [left: string, right: string])[];
  readonly tokens: readonly string[];
  readonly counts: readonly number[];
}

/**
 * Continued BPE: encode, count pairs, append the best pair as a merge, start again.
 * @param isAllowed whether a pair may become this token
 */
export function learnSlowly(
  words: readonly SlowWord[],
  base: SlowBase,
  { add, minCount, isAllowed }: { add: number; minCount: number; isAllowed: (token: string) => boolean },
): SlowResult {
  const ids = new Map(base.tokens.map((token, id) => [token, id]));
  const merges: [string, string][] = [];
  const tokens: string[] = [];
  const counts: number[] = [];
  while (tokens.length < add) {
    const pairs = countPairs(words, [...base.merges, ...merges]).filter(
      ({ left, right, count }) => count >= minCount && isAllowed(left + right),
    );
    const order = (a: string, b: string) => ids.get(a)! - ids.get(b)!;
    pairs.sort((a, b) => b.count - a.count || order(a.left, b.left) || order(a.right, b.right));
    const best = pairs[0];
    if (best === undefined) break;
    merges.push([best.left, best.right]);
    const token = best.left + best.right;
    if (ids.has(token)) continue;
    ids.set(token, ids.size);
    tokens.push(token);
    counts.push(best.count);
  }
  return { merges, tokens, counts };
}

interface SlowPair {
  readonly left: string;
  readonly right: string;
  count: number;
}

function countPairs(words: readonly SlowWord[], merges: Merges): SlowPair[] {
  const pairs = new Map<string, SlowPair>();
  for (const [symbols, weight] of words) {
    const word = mergeSlowly(symbols, merges);
    for (let i = 0; i + 1 < word.length; i++) {
      const [left, right] = [word[i]!, word[i + 1]!];
      const key = JSON.stringify([left, right]);
      const pair = pairs.get(key) ?? { left, right, count: 0 };
      pair.count += weight;
      pairs.set(key, pair);
    }
  }
  return [...pairs.values()];
}
