// Cuts normalized text into pre-tokens: the Split steps of a tokenizer, compiled to automata and run one after another.

import { type CodePointSet, complement, union } from "../text/code-point-set.ts";
import { codePointSet } from "../text/unicode.ts";
import { divideCodePoints } from "./code-point-classes.ts";
import type { PreTokenizerStep, SplitBehavior, SplitPattern } from "./definition.ts";
import { compilePattern, DEAD_STATE, type PatternAutomaton, START_STATE } from "./pattern-automaton.ts";
import { type PatternNode, parsePattern, patternSets } from "./pattern-syntax.ts";

export type SplitStep = PreTokenizerStep & { readonly type: "split" };

export interface CompiledSplit {
  readonly automaton: PatternAutomaton;
  readonly behavior: SplitBehavior;
  readonly invert: boolean;
}

/** Borders of pieces as a growing list of offsets: `[start₀, end₀, start₁, end₁, …]`. */
export class PieceList {
  offsets = new Int32Array(64);
  length = 0;

  add(start: number, end: number): void {
    if (this.length + 2 > this.offsets.length) {
      const larger = new Int32Array(2 * this.offsets.length);
      larger.set(this.offsets);
      this.offsets = larger;
    }
    this.offsets[this.length++] = start;
    this.offsets[this.length++] = end;
  }

  clear(): void {
    this.length = 0;
  }
}

/** Compiles all steps over one shared division of the code points. `extra` sets are kept apart too, for proofs. */
export function compileSplits(
  steps: readonly SplitStep[],
  extra: readonly CodePointSet[] = [],
): CompiledSplit[] {
  const nodes = steps.map((step) => patternNode(step.pattern));
  const classes = divideCodePoints([...nodes.flatMap(patternSets), ...extra]);
  return steps.map((step, i) => ({
    automaton: compilePattern(nodes[i]!, classes, patternName(step.pattern)),
    behavior: step.behavior,
    invert: step.invert,
  }));
}

function patternName(pattern: SplitPattern): string {
  if ("regex" in pattern) return pattern.regex;
  return "words" in pattern ? "words" : pattern.property;
}

function patternNode(pattern: SplitPattern): PatternNode {
  if ("regex" in pattern) return parsePattern(pattern.regex, pattern.syntax);
  if ("words" in pattern) return wordsNode();
  const set = codePointSet(pattern.property);
  if (set === undefined) throw new Error(`no data for the property ${pattern.property}`);
  const item: PatternNode = { type: "class", set };
  return pattern.run ? { type: "repeat", item, min: 1, max: Infinity, mode: "greedy" } : item;
}

function wordsNode(): PatternNode {
  const word = codePointSet("Word")!;
  const symbols = complement(union(word, codePointSet("White_Space")!));
  const runOf = (set: CodePointSet): PatternNode => ({
    type: "repeat",
    item: { type: "class", set },
    min: 1,
    max: Infinity,
    mode: "greedy",
  });
  return { type: "choice", options: [runOf(word), runOf(symbols)] };
}

/**
 * End of the match that starts at `start`, or -1. The loop of everything: one table look-up for the class of a
 * character, one for the transition.
 */
export function matchEnd(automaton: PatternAutomaton, bytes: Uint8Array, start: number, end: number): number {
  const { width, transitions } = automaton;
  const table = automaton.classes.table;
  let state = START_STATE;
  let matched = -1;
  let at = start;
  while (at < end) {
    const lead = bytes[at]!;
    let codePoint = lead;
    let length = 1;
    if (lead >= 0x80) {
      if (lead < 0xe0) {
        codePoint = ((lead & 0x1f) << 6) | (bytes[at + 1]! & 0x3f);
        length = 2;
      } else if (lead < 0xf0) {
        codePoint = ((lead & 0xf) << 12) | ((bytes[at + 1]! & 0x3f) << 6) | (bytes[at + 2]! & 0x3f);
        length = 3;
      } else {
        codePoint =
          ((lead & 7) << 18) |
          ((bytes[at + 1]! & 0x3f) << 12) |
          ((bytes[at + 2]! & 0x3f) << 6) |
          (bytes[at + 3]! & 0x3f);
        length = 4;
      }
    }
    const transition = transitions[state * width + table[codePoint]!]!;
    if ((transition & 1) === 1) matched = at;
    state = transition >> 1;
    if (state === DEAD_STATE) return matched;
    at += length;
  }
  return (transitions[state * width + width - 1]! & 1) === 1 ? end : matched;
}

/** Runs all splits over `bytes[start, end)`; the pre-tokens are appended to `out`, whose earlier content stays. */
export class Splitter {
  readonly splits: readonly CompiledSplit[];
  private readonly pieces = [new PieceList(), new PieceList()] as const;

  constructor(splits: readonly CompiledSplit[]) {
    this.splits = splits;
  }

  split(bytes: Uint8Array, start: number, end: number, out: PieceList): void {
    if (start === end) return;
    if (this.splits.length === 0) return out.add(start, end);
    let from = this.pieces[0];
    from.clear();
    from.add(start, end);
    for (let i = 0; i < this.splits.length; i++) {
      const isLast = i === this.splits.length - 1;
      const to = isLast ? out : from === this.pieces[0] ? this.pieces[1] : this.pieces[0];
      if (!isLast) to.clear();
      for (let at = 0; at < from.length; at += 2)
        splitPiece(this.splits[i]!, bytes, from.offsets[at]!, from.offsets[at + 1]!, to);
      from = to;
    }
  }
}

function splitPiece(
  split: CompiledSplit,
  bytes: Uint8Array,
  start: number,
  end: number,
  out: PieceList,
): void {
  if (split.behavior === "Isolated") return isolate(split.automaton, bytes, start, end, out);
  const cuts = new PieceList();
  isolate(split.automaton, bytes, start, end, cuts, true);
  emitByBehavior(split, cuts, out);
}

// Matches and the gaps between them, each a piece; with `marked`, an empty piece stands before each match.
function isolate(
  automaton: PatternAutomaton,
  bytes: Uint8Array,
  start: number,
  end: number,
  out: PieceList,
  marked = false,
): void {
  let gap = start;
  let at = start;
  while (at < end) {
    const matched = matchEnd(automaton, bytes, at, end);
    if (matched < 0) {
      at++;
      while (at < end && (bytes[at]! & 0xc0) === 0x80) at++;
      continue;
    }
    if (gap < at) out.add(gap, at);
    if (marked) out.add(at, at);
    out.add(at, matched);
    at = matched;
    gap = matched;
  }
  if (gap < end) out.add(gap, end);
}

// The reference's five behaviours (tokenizers, src/tokenizer/normalizer.rs, `split`).
function emitByBehavior(split: CompiledSplit, cuts: PieceList, out: PieceList): void {
  const pieces: { start: number; end: number; isMatch: boolean }[] = [];
  for (let i = 0; i < cuts.length; i += 2) {
    const isMatch = cuts.offsets[i] === cuts.offsets[i + 1];
    if (isMatch) i += 2;
    pieces.push({ start: cuts.offsets[i]!, end: cuts.offsets[i + 1]!, isMatch: isMatch !== split.invert });
  }
  const joined = joinPieces(pieces, split.behavior);
  for (const piece of joined) out.add(piece.start, piece.end);
}

function joinPieces(
  pieces: { start: number; end: number; isMatch: boolean }[],
  behavior: SplitBehavior,
): { start: number; end: number }[] {
  if (behavior === "Removed") return pieces.filter((piece) => !piece.isMatch);
  if (behavior === "MergedWithNext") return joinBackwards(pieces);
  const joined: { start: number; end: number }[] = [];
  let previousMatch = false;
  for (const { start, end, isMatch } of pieces) {
    const joins = behavior === "Contiguous" ? isMatch === previousMatch : isMatch && !previousMatch;
    if (joins && joined.length > 0) joined[joined.length - 1]!.end = end;
    else joined.push({ start, end });
    previousMatch = isMatch;
  }
  return joined;
}

function joinBackwards(
  pieces: { start: number; end: number; isMatch: boolean }[],
): { start: number; end: number }[] {
  const joined: { start: number; end: number }[] = [];
  let previousMatch = false;
  for (const { start, end, isMatch } of [...pieces].reverse()) {
    if (isMatch && !previousMatch && joined.length > 0) joined[joined.length - 1]!.start = start;
    else joined.push({ start, end });
    previousMatch = isMatch;
  }
  return joined.reverse();
}
