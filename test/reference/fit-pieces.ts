// The slow twin of the fit of Unigram pieces: strings, and every path tried from the left.

export type Scores = ReadonlyMap<string, number>;
export type SlowWords = readonly (readonly [word: string, weight: number])[];

export interface SlowPiece {
  readonly token: string;
  readonly count: number;
  readonly isCharacter: boolean;
}

interface SlowFitOptions {
  readonly add: number;
  readonly minCount: number;
  readonly rounds: number;
  readonly step: number;
  readonly margin: number;
}

/** Kept pieces with their scores, those that save most tokens first. */
export function fitSlowly(
  base: Scores,
  found: readonly SlowPiece[],
  words: SlowWords,
  options: SlowFitOptions,
) {
  const { add, minCount, rounds, step, margin } = options;
  const lowest = Math.min(...base.values());
  const highest = Math.max(...base.values());
  const first = usesOf(base, lowest, words);
  const offset = weightedMedian(
    [...base].flatMap(([piece, score]) => {
      const uses = first.uses.get(piece) ?? 0;
      return uses === 0 ? [] : [[score - Math.log(uses / first.tokens), uses] as const];
    }),
  );
  const scores = new Map<string, number>();
  let kept = [...found];
  const all = () =>
    new Map([
      ...base,
      ...kept.flatMap((p) => (scores.has(p.token) ? [[p.token, scores.get(p.token)!] as const] : [])),
    ]);
  const without = (token: string) =>
    encodeSlowly(new Map([...all()].filter(([piece]) => piece !== token)), lowest, token);
  const sumOf = (tokens: readonly string[]) => tokens.reduce((sum, t) => sum + (all().get(t) ?? lowest), 0);
  const score = (uses: (piece: SlowPiece) => number, tokens: number) => {
    // Shorter pieces first: they are what longer ones are spelt with.
    for (const piece of [...kept].sort((a, b) => Buffer.byteLength(a.token) - Buffer.byteLength(b.token))) {
      const byCount = Math.log(Math.max(uses(piece), 0.5) / tokens) + offset;
      const byParts = piece.isCharacter ? -Infinity : sumOf(without(piece.token)) + margin;
      const within = Math.min(Math.max(byCount, byParts, lowest), highest);
      const rounded = Math.round(within / step) * step;
      scores.set(
        piece.token,
        rounded < lowest ? rounded + step : rounded > highest ? rounded - step : rounded,
      );
    }
  };
  let uses = new Map<string, number>();
  const savings = ({ token, isCharacter }: SlowPiece) => {
    const times = uses.get(token) ?? 0;
    return isCharacter ? Infinity : times < minCount ? 0 : times * (without(token).length - 1);
  };
  const inOrder = () => {
    const saved = new Map(kept.map((piece) => [piece, savings(piece)]));
    // A stable sort: equal ones stay in the order in which they were found.
    return [...kept].sort((a, b) => (saved.get(a) === saved.get(b) ? 0 : saved.get(b)! - saved.get(a)!));
  };
  score(({ count }) => count, first.tokens);
  uses = usesOf(all(), lowest, words).uses;
  for (let round = 1; round <= rounds; round++) {
    const target = Math.max(add, Math.round(found.length * (add / found.length) ** (round / rounds)));
    const staying = new Set(
      inOrder()
        .filter((piece) => savings(piece) > 0)
        .slice(0, target),
    );
    kept = kept.filter((piece) => staying.has(piece));
    const now = usesOf(all(), lowest, words);
    score(({ token }) => now.uses.get(token) ?? 0, now.tokens);
    uses = usesOf(all(), lowest, words).uses;
  }
  return inOrder().map(({ token }) => ({ token, score: scores.get(token)!, uses: uses.get(token) ?? 0 }));
}

function usesOf(scores: Scores, lowest: number, words: SlowWords) {
  const uses = new Map<string, number>();
  let tokens = 0;
  for (const [word, weight] of words)
    for (const piece of encodeSlowly(scores, lowest, word)) {
      uses.set(piece, (uses.get(piece) ?? 0) + weight);
      tokens += weight;
    }
  return { uses, tokens };
}

/** The best path: of equal ones the one whose last piece begins first. Unknown characters side by side are one token. */
export function encodeSlowly(scores: Scores, lowest: number, word: string): string[] {
  const characters = [...word];
  const best: { score: number; start: number; isUnknown: boolean }[] = [];
  best[0] = { score: 0, start: -1, isUnknown: false };
  for (let end = 1; end <= characters.length; end++)
    for (let start = 0; start < end; start++) {
      const own = scores.get(characters.slice(start, end).join(""));
      if (own === undefined && end > start + 1) continue;
      const score = (own ?? lowest - 10) + best[start]!.score;
      if (best[end] === undefined || score > best[end]!.score)
        best[end] = { score, start, isUnknown: own === undefined };
    }
  const tokens: string[] = [];
  let wasUnknown = false;
  for (let end = characters.length; end > 0; end = best[end]!.start) {
    const { start, isUnknown } = best[end]!;
    if (!(isUnknown && wasUnknown))
      tokens.unshift(isUnknown ? "<unk>" : characters.slice(start, end).join(""));
    wasUnknown = isUnknown;
  }
  return tokens;
}

function weightedMedian(items: readonly (readonly [value: number, weight: number])[]): number {
  const sorted = [...items].sort((a, b) => a[0] - b[0]);
  const half = sorted.reduce((sum, [, weight]) => sum + weight, 0) / 2;
  let sum = 0;
  for (const [value, weight] of sorted) {
    sum += weight;
    if (sum >= half) return value;
  }
  return 0;
}
