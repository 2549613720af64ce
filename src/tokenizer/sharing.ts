// Finds tokenizers whose pre-tokenizers agree, so that a text is pre-tokenized once for all of them. Llama 3 and Qwen 3,
// for example, differ only in how many digits they take together.

import {
  ALL_GROUPS,
  characterGroups,
  FORMAT_CHARACTERS,
  LOOSE_FORMAT_CHARACTERS,
  PUNCTUATION_AND_SYMBOLS,
  PUNCTUATION_BEFORE_OTHERS,
} from "./character-groups.ts";
import type { PatternAutomaton } from "./pattern-automaton.ts";
import { DEAD_STATE, START_STATE } from "./pattern-automaton.ts";
import type { CompiledSplit } from "./splitter.ts";

/**
 * The groups of characters (character-groups.ts) that a text must have none of to have the same pre-tokens, as few as were
 * found; 0 where all texts have. Undefined where not even words of plain letters have.
 */
export type Agreement = number | undefined;

type Chain = readonly CompiledSplit[];

/** Classes of a code point in two chains, and its groups. */
type Kind = readonly [classInA: number, classInB: number, groups: number];

const compared = new WeakMap<Chain, WeakMap<Chain, { readonly agreement: Agreement }>>();

/** Compares two chains of splits, over all texts. Equality of automata is decided, not sampled; each answer is kept. */
export function compareSplits(a: Chain, b: Chain): Agreement {
  const others = compared.get(a) ?? new WeakMap<Chain, { readonly agreement: Agreement }>();
  compared.set(a, others);
  const known = others.get(b) ?? { agreement: decideAgreement(a, b) };
  others.set(b, known);
  return known.agreement;
}

// Gives up groups from the commonest down, and takes each back that the others can do without.
function decideAgreement(a: Chain, b: Chain): Agreement {
  if (a.length === 0 || b.length === 0) return a.length === b.length ? 0 : undefined;
  const kinds = kindsOf(a[0]!.automaton.classes.table, b[0]!.automaton.classes.table);
  const agreeWithout = (groups: number) =>
    agreeOver(
      a,
      b,
      kinds.filter((kind) => (kind[2] & groups) === 0),
      groups,
    );
  if (agreeWithout(0)) return 0;
  if (!agreeWithout(ALL_GROUPS)) return undefined;
  let without = ALL_GROUPS;
  for (let group = (ALL_GROUPS + 1) >> 1; group > 0; group >>= 1)
    if (agreeWithout(without & ~group)) without &= ~group;
  return without;
}

// All combinations of classes and groups that some code point has. All splits of a chain share their classes.
function kindsOf(a: Uint8Array, b: Uint8Array): Kind[] {
  const groups = characterGroups();
  const found = new Map<number, Kind>();
  const borders = [a, b, groups].flatMap((table) => [...bordersOf(table)]);
  for (const at of borders) {
    const kind: Kind = [a[at]!, b[at]!, groups[at]!];
    found.set((kind[0] << 19) | (kind[1] << 11) | kind[2], kind);
  }
  return [...found.values()];
}

const borders = new WeakMap<Uint8Array | Uint16Array, Int32Array>();

// Where the entries of a table change. Within a stretch between borders of several tables, all are as at the last border.
function bordersOf(table: Uint8Array | Uint16Array): Int32Array {
  const known = borders.get(table);
  if (known !== undefined) return known;
  const found = [0];
  for (let at = 1; at < table.length; at++) if (table[at] !== table[at - 1]) found.push(at);
  const result = Int32Array.from(found);
  borders.set(table, result);
  return result;
}

function agreeOver(a: Chain, b: Chain, kinds: readonly Kind[], without: number): boolean {
  const found = kinds.map(([x, y, groups]): Step => [x, y, contextOf(groups)]);
  const steps = [
    ...new Map(found.map((step) => [(step[0] << 11) | (step[1] << 3) | step[2], step])).values(),
  ];
  const inA = effective(a, [...new Set(steps.map(([x]) => x))]);
  const inB = effective(b, [...new Set(steps.map(([, y]) => y))]);
  return (
    inA.length === inB.length &&
    inA.every((split, i) => {
      const other = inB[i]!;
      if (split.keeps !== other.keeps) return false;
      // A later split is given pieces, which may end behind any character.
      const endsInFormat = i > 0 || (without & LOOSE_FORMAT_CHARACTERS) === 0;
      return areEqual(split.automaton, other.automaton, steps, without, endsInFormat);
    })
  );
}

/** A character: its columns in two automata, and what it is to its neighbours. */
type Step = readonly [inA: number, inB: number, context: number];

const PUNCTUATION = 1;
const FORMAT = 2;
const LETTER = 4;
const CONTEXTS = [0, PUNCTUATION, FORMAT, LETTER];

function contextOf(groups: number): number {
  if (groups === 0) return LETTER;
  if ((groups & PUNCTUATION_AND_SYMBOLS) !== 0) return PUNCTUATION;
  return (groups & FORMAT_CHARACTERS) !== 0 ? FORMAT : 0;
}

// Whether two characters may be neighbours in a text without the groups.
function mayFollow(previous: number, next: number, without: number): boolean {
  if (previous === PUNCTUATION && next !== PUNCTUATION && (without & PUNCTUATION_BEFORE_OTHERS) !== 0)
    return false;
  if ((without & LOOSE_FORMAT_CHARACTERS) === 0) return true;
  return next === FORMAT ? previous === LETTER : previous !== FORMAT || next === LETTER;
}

// The splits of a chain that do something to texts of these classes, and what each keeps. One that keeps its matches alone
// keeps all where there is nothing between them.
function effective(
  chain: Chain,
  classes: readonly number[],
): { readonly automaton: PatternAutomaton; readonly keeps: string }[] {
  return chain.flatMap(({ automaton, behavior, invert }) => {
    if (!invert && !canMatch(automaton, classes)) return [];
    const isIsolating =
      behavior === "Isolated" || (behavior === "Removed" && invert && alwaysMatches(automaton, classes));
    return [{ automaton, keeps: isIsolating ? "all" : `${behavior} ${invert}` }];
  });
}

// Whether a match is found somewhere in some text of these classes.
function canMatch(automaton: PatternAutomaton, classes: readonly number[]): boolean {
  return !walk(automaton, classes, (isMatch) => !isMatch);
}

// Whether a match begins wherever one is looked for.
function alwaysMatches(automaton: PatternAutomaton, classes: readonly number[]): boolean {
  return walk(automaton, classes, (isMatch, next, isEnd) => isMatch || (next !== DEAD_STATE && !isEnd));
}

// Visits the transitions up to the first match on every way from the start; false when `passes` says so of one.
function walk(
  { transitions, width }: PatternAutomaton,
  classes: readonly number[],
  passes: (isMatch: boolean, next: number, isEnd: boolean) => boolean,
): boolean {
  const seen = new Set([START_STATE]);
  for (const state of seen)
    for (const column of state === START_STATE ? classes : [...classes, width - 1]) {
      const transition = transitions[state * width + column]!;
      const isMatch = (transition & 1) === 1;
      const next = transition >> 1;
      if (!passes(isMatch, next, column === width - 1)) return false;
      if (!isMatch && next !== DEAD_STATE) seen.add(next);
    }
  return true;
}

type State = readonly [inA: number, inB: number, isSame: boolean, previous: number];

// Walks both automata together (Hopcroft and Karp 1971) over the texts without the groups, noting whether the last matches
// that they have found end at one place: they are equal when that is so wherever both have come to an end. A match may begin
// behind any character.
function areEqual(
  a: PatternAutomaton,
  b: PatternAutomaton,
  steps: readonly Step[],
  without: number,
  endsInFormat: boolean,
): boolean {
  const seen = new Set<number>();
  const queue = CONTEXTS.map((context): State => [START_STATE, START_STATE, true, context]);
  const end = [a.width - 1, b.width - 1, undefined] as const;
  for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
    const [stateA, stateB, wasSame, previous] = state;
    for (const [columnA, columnB, context] of [...steps, end]) {
      const isPossible =
        context === undefined ? previous !== FORMAT || endsInFormat : mayFollow(previous, context, without);
      if (!isPossible) continue;
      const nextA = a.transitions[stateA * a.width + columnA]!;
      const nextB = b.transitions[stateB * b.width + columnB]!;
      const matches = (nextA & 1) + (nextB & 1);
      const isSame = matches === 2 || (matches === 0 && wasSame);
      const isOver = context === undefined || (nextA >> 1 === DEAD_STATE && nextB >> 1 === DEAD_STATE);
      if (isOver && !isSame) return false;
      if (isOver) continue;
      const key = ((nextA >> 1) * 0x10000 + (nextB >> 1)) * 16 + context * 2 + (isSame ? 1 : 0);
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push([nextA >> 1, nextB >> 1, isSame, context]);
    }
  }
  return true;
}
