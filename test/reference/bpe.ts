// The slow twin of the BPE encoder and its heap: symbols are strings, and every round scans all pairs.

/** Merges in order of rank; when a pair stands twice, its last place counts. */
export type Merges = readonly (readonly [left: string, right: string])[];

/**
 * Byte pair encoding as Sennrich et al. (2016) describe it: find the adjacent pair of lowest rank, the leftmost of
 * equals, join it, and start again until no pair is a merge.
 *
 * With merges ab, bc, abc = ab+c: [a, b, c] → [ab, c] → [abc]. Quadratic in the length of the word.
 */
export function mergeSlowly(symbols: readonly string[], merges: Merges): string[] {
  const ranks = new Map(merges.map(([left, right], rank) => [pairKey(left, right), rank]));
  const word = [...symbols];
  for (;;) {
    const at = lowestPair(word, ranks);
    if (at === undefined) return word;
    word.splice(at, 2, word[at]! + word[at + 1]!);
  }
}

function lowestPair(word: readonly string[], ranks: ReadonlyMap<string, number>): number | undefined {
  let best: number | undefined;
  let bestRank = Infinity;
  for (let at = 0; at + 1 < word.length; at++) {
    const rank = ranks.get(pairKey(word[at]!, word[at + 1]!));
    if (rank === undefined || rank >= bestRank) continue;
    best = at;
    bestRank = rank;
  }
  return best;
}

function pairKey(left: string, right: string): string {
  return JSON.stringify([left, right]);
}
