// Compiles a parsed pattern into a deterministic automaton over classes of code points, with the semantics of a
// backtracking engine: leftmost match, alternatives in their written order (Thompson 1968; the priority-ordered
// construction of Cox, "Regular Expression Matching: the Virtual Machine Approach", 2009).

import { VocabError } from "../errors.ts";
import type { CodePointSet } from "../text/code-point-set.ts";
import type { CodePointClasses } from "./code-point-classes.ts";
import type { PatternNode } from "./pattern-syntax.ts";

/**
 * A transition is `next state << 1 | flag`; the flag says that a match ends *before* the character being read, which is
 * how a lookahead of one character is decided. State 0 is dead, state 1 is the start. Column `classes.count` is the end
 * of the text.
 */
export interface PatternAutomaton {
  readonly classes: CodePointClasses;
  /** Columns of one row: the classes and the end of the text. */
  readonly width: number;
  readonly transitions: Int32Array;
  readonly stateCount: number;
}

export const DEAD_STATE = 0;
export const START_STATE = 1;

/** The patterns of the field need fewer than 60 states; far more means a pattern made to explode. */
const MAX_STATES = 4096;
const MAX_INSTRUCTIONS = 20_000;
/** Visits of an instruction in all steps of the construction: known patterns need less than 100,000, one second is about 50 million. */
const MAX_VISITS = 30_000_000;

type Instruction =
  | { readonly op: "class"; readonly accepts: Uint8Array; readonly next: number }
  | { readonly op: "split"; readonly first: number; readonly second: number }
  | { readonly op: "look"; readonly passes: Uint8Array; readonly next: number }
  | { readonly op: "match" };

/**
 * @param source for error messages
 * @throws VocabError `pattern-unsupported` when the pattern can match the empty text or needs too many states.
 */
export function compilePattern(
  node: PatternNode,
  classes: CodePointClasses,
  source: string,
): PatternAutomaton {
  const program = new ProgramBuilder(classes, source).build(node);
  return determinize(program, classes, source);
}

function refuse(source: string, what: string): never {
  throw new VocabError("pattern-unsupported", `pattern ${JSON.stringify(source)} ${what}`, {
    hint: "vocab refuses what it cannot reproduce exactly",
  });
}

// Builds the program from its end to its start: every fragment is told the instruction that follows it.
class ProgramBuilder {
  private readonly instructions: Instruction[] = [{ op: "match" }];
  private readonly classes: CodePointClasses;
  private readonly source: string;
  private emitted = 0;

  constructor(classes: CodePointClasses, source: string) {
    this.classes = classes;
    this.source = source;
  }

  build(node: PatternNode): { instructions: Instruction[]; start: number } {
    const start = this.emit(node, 0);
    return { instructions: this.instructions, start };
  }

  private add(instruction: Instruction): number {
    if (this.instructions.length >= MAX_INSTRUCTIONS) refuse(this.source, "is too large");
    return this.instructions.push(instruction) - 1;
  }

  private emit(node: PatternNode, next: number): number {
    // Nodes without an instruction count too: `((){1000}){1000}` would emit nothing a million times.
    if (++this.emitted > 4 * MAX_INSTRUCTIONS) refuse(this.source, "is too large");
    switch (node.type) {
      case "class":
        return this.add({ op: "class", accepts: this.classes.membership(node.set), next });
      case "look":
        return this.look(node.set, node.negative, node.orEnd, next);
      case "sequence":
        return node.items.reduceRight((following, item) => this.emit(item, following), next);
      case "choice":
        return node.options
          .map((option) => this.emit(option, next))
          .reduceRight((second, first) => this.add({ op: "split", first, second }));
      case "repeat":
        return this.repeat(node, next);
    }
  }

  private look(set: CodePointSet, negative: boolean, orEnd: boolean, next: number): number {
    const membership = this.classes.membership(set);
    const passes = new Uint8Array(membership.length + 1);
    for (let i = 0; i < membership.length; i++) passes[i] = negative ? 1 - membership[i]! : membership[i]!;
    passes[membership.length] = orEnd ? 1 : 0;
    return this.add({ op: "look", passes, next });
  }

  private repeat(node: PatternNode & { type: "repeat" }, next: number): number {
    if (node.mode === "possessive") return this.possessive(node, next);
    let tail = next;
    if (node.max === Infinity) tail = this.star(node.item, node.mode === "lazy", next);
    else
      for (let i = node.min; i < node.max; i++)
        tail = this.optional(node.item, node.mode === "lazy", tail, next);
    for (let i = 0; i < node.min; i++) tail = this.emit(node.item, tail);
    return tail;
  }

  // Taking all that there is of one class, and never giving back, is taking it and not being followed by it.
  private possessive(node: PatternNode & { type: "repeat" }, next: number): number {
    if (node.item.type !== "class")
      return refuse(this.source, "repeats a group possessively, which is not supported");
    const stop = this.look(node.item.set, true, true, next);
    if (node.max === Infinity) return this.repeat({ ...node, mode: "greedy" }, stop);
    let tail = next;
    for (let i = node.min; i < node.max; i++)
      tail = this.add({ op: "split", first: this.emit(node.item, tail), second: stop });
    for (let i = 0; i < node.min; i++) tail = this.emit(node.item, tail);
    return tail;
  }

  private star(item: PatternNode, lazy: boolean, next: number): number {
    const loop = this.add({ op: "match" });
    const body = this.emit(item, loop);
    this.instructions[loop] = lazy
      ? { op: "split", first: next, second: body }
      : { op: "split", first: body, second: next };
    return loop;
  }

  private optional(item: PatternNode, lazy: boolean, rest: number, next: number): number {
    const taken = this.emit(item, rest);
    return this.add(
      lazy ? { op: "split", first: next, second: taken } : { op: "split", first: taken, second: next },
    );
  }
}

function determinize(
  program: { instructions: Instruction[]; start: number },
  classes: CodePointClasses,
  source: string,
): PatternAutomaton {
  const width = classes.count + 1;
  const states: number[][] = [[], [program.start]];
  const byKey = new Map<string, number>([["", DEAD_STATE]]);
  const rows: Int32Array[] = [new Int32Array(width)];
  let visits = 0;
  for (let state = START_STATE; state < states.length; state++) {
    const row = new Int32Array(width);
    for (let column = 0; column < width; column++) {
      const { threads, matched, visited } = step(program.instructions, states[state]!, column);
      visits += visited;
      if (visits > MAX_VISITS) refuse(source, "needs too many steps to compile");
      const key = threads.join(",");
      let next = byKey.get(key);
      if (next === undefined) {
        next = states.push(threads) - 1;
        if (next > MAX_STATES) refuse(source, "needs too many states");
        byKey.set(key, next);
      }
      row[column] = (next << 1) | (matched ? 1 : 0);
    }
    rows.push(row);
  }
  if (rows[START_STATE]!.some((transition) => (transition & 1) === 1))
    refuse(source, "can match the empty text, which is not supported");
  const transitions = new Int32Array(width * rows.length);
  rows.forEach((row, state) => {
    transitions.set(row, state * width);
  });
  return { classes, width, transitions, stateCount: rows.length };
}

// One step of all threads, in order of priority, over a character of class `column`. Threads are stored before their
// free moves (splits, lookaheads) are made, because a lookahead needs the next character.
function step(
  instructions: readonly Instruction[],
  threads: readonly number[],
  column: number,
): { threads: number[]; matched: boolean; visited: number } {
  const next = new Set<number>();
  const seen = new Set<number>();
  const stack = [...threads].reverse();
  while (stack.length > 0) {
    const at = stack.pop()!;
    if (seen.has(at)) continue;
    seen.add(at);
    const instruction = instructions[at]!;
    if (instruction.op === "match") return { threads: [...next], matched: true, visited: seen.size };
    if (instruction.op === "split") stack.push(instruction.second, instruction.first);
    else if (instruction.op === "look") {
      if (instruction.passes[column] === 1) stack.push(instruction.next);
    } else if (instruction.accepts[column] === 1) next.add(instruction.next);
  }
  return { threads: [...next], matched: false, visited: seen.size };
}
