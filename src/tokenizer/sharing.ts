// Finds tokenizers whose pre-tokenizers agree, so that a text is pre-tokenized once for all of them. Llama 3 and Qwen 3,
// for example, differ only in how many digits they take together.

import { codePointSet, fillTable } from "../text/unicode.ts";
import type { PatternAutomaton } from "./pattern-automaton.ts";
import { DEAD_STATE, START_STATE } from "./pattern-automaton.ts";
import type { CompiledSplit } from "./splitter.ts";

/** `always`: the same pre-tokens for every text; `without-numbers`: for every text that has no number in it. */
export type Agreement = "always" | "without-numbers" | "never";

const compared = new WeakMap<readonly CompiledSplit[], WeakMap<readonly CompiledSplit[], Agreement>>();

/** Compares two chains of splits, over all texts. Equality of automata is decided, not sampled; each answer is kept. */
export function compareSplits(a: readonly CompiledSplit[], b: readonly CompiledSplit[]): Agreement {
  const others = compared.get(a) ?? new WeakMap<readonly CompiledSplit[], Agreement>();
  compared.set(a, others);
  const agreement = others.get(b) ?? decideAgreement(a, b);
  others.set(b, agreement);
  return agreement;
}

function decideAgreement(a: readonly CompiledSplit[], b: readonly CompiledSplit[]): Agreement {
  if (
    a.length !== b.length ||
    a.some((split, i) => split.behavior !== b[i]!.behavior || split.invert !== b[i]!.invert)
  )
    return "never";
  const agree = (pairs: (x: PatternAutomaton, y: PatternAutomaton) => [number, number][]) =>
    a.every((split, i) =>
      areEqual(split.automaton, b[i]!.automaton, pairs(split.automaton, b[i]!.automaton)),
    );
  if (agree((x, y) => classPairs(x, y, undefined))) return "always";
  const numbers = numberTable();
  return agree((x, y) => classPairs(x, y, numbers)) ? "without-numbers" : "never";
}

// All pairs (class in a, class in b) that some code point has, but for those marked in `without`; and the end of the text.
function classPairs(
  a: PatternAutomaton,
  b: PatternAutomaton,
  without: Uint8Array | undefined,
): [number, number][] {
  const pairs = new Set<number>();
  let last = -1;
  for (let codePoint = 0; codePoint < a.classes.table.length; codePoint++) {
    if (without?.[codePoint] === 1) continue;
    const pair = a.classes.table[codePoint]! * 256 + b.classes.table[codePoint]!;
    if (pair !== last) pairs.add(pair);
    last = pair;
  }
  return [...[...pairs].map((pair): [number, number] => [pair >> 8, pair & 255]), [a.width - 1, b.width - 1]];
}

// Walks both automata together (Hopcroft and Karp 1971): they are equal when no text makes one match where the other does not.
function areEqual(a: PatternAutomaton, b: PatternAutomaton, pairs: readonly [number, number][]): boolean {
  const seen = new Set<number>([START_STATE * b.stateCount + START_STATE]);
  const queue: [number, number][] = [[START_STATE, START_STATE]];
  for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
    for (const [columnA, columnB] of pairs) {
      const nextA = a.transitions[state[0] * a.width + columnA]!;
      const nextB = b.transitions[state[1] * b.width + columnB]!;
      if ((nextA & 1) !== (nextB & 1) || (nextA >> 1 === DEAD_STATE) !== (nextB >> 1 === DEAD_STATE))
        return false;
      const key = (nextA >> 1) * b.stateCount + (nextB >> 1);
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push([nextA >> 1, nextB >> 1]);
    }
  }
  return true;
}

let numbers: Uint8Array | undefined;

function numberTable(): Uint8Array {
  if (numbers === undefined) {
    numbers = new Uint8Array(0x110000);
    fillTable(codePointSet("N")!, numbers, 1);
  }
  return numbers;
}
