// Gathers what changes in words that are encoded anew (reviver.ts), and brings the counts of pairs up to date.

import type { MergeState } from "./merge-state.ts";
import type { SymbolRules } from "./symbol-rules.ts";

/** A symbol in a word: `mark` as in the cells, negative where it takes part in no pair. */
export interface Placed {
  mark: number;
  readonly at: number;
  length: number;
}

interface Change {
  readonly left: number;
  readonly right: number;
  readonly weights: number[];
  readonly cells: number[];
  /** The pairs of this kind that went, by cell: those that come again at the same cell did not change. */
  readonly gone: Set<number>;
}

export class PairChanges {
  private readonly state: MergeState;
  private readonly rules: SymbolRules;
  private readonly changes = new Map<string, Change>();

  constructor(state: MergeState, rules: SymbolRules) {
    this.state = state;
    this.rules = rules;
    state.created.length = 0;
  }

  remove(word: readonly Placed[]): void {
    this.eachPair(word, -1, (change, at) => change.gone.add(at));
    this.save(word, 1);
  }

  add(word: readonly Placed[]): void {
    this.eachPair(word, 1, (change, at) => {
      if (!change.gone.delete(at)) change.cells.push(at);
    });
    this.save(word, -1);
  }

  apply(): void {
    for (const { left, right, weights, cells } of this.changes.values())
      this.state.change(left, right, weights, cells);
  }

  private eachPair(word: readonly Placed[], sign: number, note: (change: Change, at: number) => void): void {
    for (let i = 0; i + 1 < word.length; i++) {
      const left = word[i]!.mark;
      const right = word[i + 1]!.mark;
      if (left < 0 || right < 0 || !this.rules.mayJoin(left, right)) continue;
      const change = this.changeOf(left, right);
      this.state.weights.forEach((weights, c) => {
        change.weights[c]! += sign * weights[this.state.laidOut.cells[word[i]!.at + 1]!]!;
      });
      note(change, word[i]!.at);
    }
  }

  private changeOf(left: number, right: number): Change {
    const key = `${left} ${right}`;
    let change = this.changes.get(key);
    if (change === undefined) {
      change = { left, right, weights: this.state.weights.map(() => 0), cells: [], gone: new Set() };
      this.changes.set(key, change);
    }
    return change;
  }

  private save(word: readonly Placed[], sign: number): void {
    const index = this.state.laidOut.cells[word[0]!.at + 1]!;
    this.state.weights.forEach((weights, c) => {
      this.state.saved[c]! += sign * word.length * weights[index]!;
    });
  }
}
