// The slow twin of the pattern automaton: a plain backtracking matcher over the tree of src/tokenizer/pattern-syntax.ts.

import { has } from "../../src/text/code-point-set.ts";
import type { PatternNode } from "../../src/tokenizer/pattern-syntax.ts";

/** Called with the end of a possible match; answers the end of the whole match, or undefined to try another way. */
type Continue = (at: number) => number | undefined;

/**
 * End of the match of `node` that starts at `at`, or undefined. Alternatives are tried in their written order and a
 * greedy repeat takes all it can first; the first way that works to the end wins, as in a backtracking regex engine.
 */
export function matchSlowly(
  node: PatternNode,
  text: readonly number[],
  at: number,
  next: Continue = (end) => end,
): number | undefined {
  switch (node.type) {
    case "class":
      return at < text.length && has(node.set, text[at]!) ? next(at + 1) : undefined;
    case "look": {
      const passes = at === text.length ? node.orEnd : has(node.set, text[at]!) !== node.negative;
      return passes ? next(at) : undefined;
    }
    case "sequence": {
      const [first, ...rest] = node.items;
      if (first === undefined) return next(at);
      return matchSlowly(first, text, at, (end) =>
        matchSlowly({ type: "sequence", items: rest }, text, end, next),
      );
    }
    case "choice":
      return firstOf(node.options.map((option) => () => matchSlowly(option, text, at, next)));
    case "repeat":
      return repeatSlowly(node, text, at, next);
  }
}

function repeatSlowly(
  node: PatternNode & { type: "repeat" },
  text: readonly number[],
  at: number,
  next: Continue,
): number | undefined {
  if (node.mode === "possessive") {
    const end = matchSlowly({ ...node, mode: "greedy" }, text, at);
    return end === undefined ? undefined : next(end);
  }
  const less = { ...node, min: Math.max(0, node.min - 1), max: node.max - 1 };
  const more = () => matchSlowly(node.item, text, at, (end) => matchSlowly(less, text, end, next));
  const stop = () => next(at);
  if (node.min > 0) return more();
  if (node.max === 0) return stop();
  return firstOf(node.mode === "lazy" ? [stop, more] : [more, stop]);
}

function firstOf(ways: readonly (() => number | undefined)[]): number | undefined {
  for (const way of ways) {
    const end = way();
    if (end !== undefined) return end;
  }
  return undefined;
}

/** All matches in a text, left to right and never overlapping: "aab" by a+ → [[0, 2]]. Offsets count code points. */
export function matchesSlowly(node: PatternNode, text: string): [number, number][] {
  const codePoints = Array.from(text, (character) => character.codePointAt(0)!);
  const matches: [number, number][] = [];
  for (let at = 0; at < codePoints.length; ) {
    const end = matchSlowly(node, codePoints, at);
    if (end === undefined) at++;
    else {
      matches.push([at, end]);
      at = end;
    }
  }
  return matches;
}
