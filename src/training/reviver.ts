// Joins a pair whose product is a token that the base has but never made in this place. Merges of the base that have it as
// a part may then fire at once, so each word with the pair is encoded on from where it stands, as the encoder would do.

import type { BpeModel } from "../tokenizer/definition.ts";
import { endOfRanks, MergeTable } from "../tokenizer/merge-table.ts";
import type { Merge } from "./learner.ts";
import type { MergeState } from "./merge-state.ts";
import { PairChanges, type Placed } from "./pair-changes.ts";
import type { SymbolRules } from "./symbol-rules.ts";
import { CELL, INNER, LENGTH_BITS, LENGTH_MASK, WORD_BORDER } from "./word-cells.ts";

export class Reviver {
  private readonly model: BpeModel;
  private readonly rules: SymbolRules;
  private readonly state: MergeState;
  private readonly base: MergeTable;
  /** Rank and product of the merges learned so far, by the ids of their parts. */
  private readonly learned = new Map<string, readonly [rank: number, product: number]>();
  private known = 0;
  /** Symbols of learned tokens by id. */
  private readonly symbolOfLearned = new Map<number, number>();

  constructor(model: BpeModel, rules: SymbolRules, state: MergeState) {
    this.model = model;
    this.rules = rules;
    this.state = state;
    this.base = new MergeTable(model.merges, model.ranks);
  }

  /** @param merges all that are learned, this one last. Returns the symbol of the product. */
  revive(pair: number, id: number, merges: readonly Merge[]): number {
    this.learn(merges);
    const { cells } = this.state.laidOut;
    const starts = new Set<number>();
    for (const at of this.state.places.of(pair)) {
      let start = at;
      while (cells[start - CELL] !== WORD_BORDER) start -= CELL;
      starts.add(start);
    }
    this.state.refuse(pair);
    const changes = new PairChanges(this.state, this.rules);
    for (const start of starts) {
      const word = this.symbolsFrom(start);
      changes.remove(word);
      this.encodeOn(word);
      changes.add(word);
    }
    changes.apply();
    return this.rules.symbolOf(id);
  }

  private learn(merges: readonly Merge[]): void {
    const rank = endOfRanks(this.model);
    for (; this.known < merges.length; this.known++) {
      const [left, right, product] = merges[this.known]!;
      this.learned.set(`${left} ${right}`, [rank + this.known, product]);
    }
    const { idOf } = this.rules.symbols;
    for (let symbol = 0; symbol < idOf.length; symbol++)
      if (idOf[symbol]! >= this.model.tokens.length) this.symbolOfLearned.set(idOf[symbol]!, symbol);
  }

  private symbolsFrom(start: number): Placed[] {
    const { cells } = this.state.laidOut;
    const word: Placed[] = [];
    for (let at = start; cells[at] !== WORD_BORDER; at += cells[at]! & LENGTH_MASK)
      word.push({ mark: cells[at]! >> LENGTH_BITS, at, length: cells[at]! & LENGTH_MASK });
    return word;
  }

  private encodeOn(word: Placed[]): void {
    const { cells } = this.state.laidOut;
    for (let best = this.lowest(word); best !== undefined; best = this.lowest(word)) {
      const left = word[best.index]!;
      const right = word[best.index + 1]!;
      const symbol = this.symbolOfLearned.get(best.product) ?? this.rules.symbolOf(best.product);
      left.mark = this.rules.isOpen(symbol) ? symbol : ~symbol;
      left.length += right.length;
      cells[right.at - CELL] = INNER;
      cells[right.at] = INNER;
      cells[left.at] = (left.mark << LENGTH_BITS) | left.length;
      cells[left.at + left.length - CELL] = cells[left.at]!;
      word.splice(best.index + 1, 1);
    }
  }

  private lowest(word: readonly Placed[]): { index: number; product: number } | undefined {
    let best: { index: number; rank: number; product: number } | undefined;
    for (let index = 0; index + 1 < word.length; index++) {
      const found = this.mergeOf(word[index]!.mark, word[index + 1]!.mark);
      if (found !== undefined && (best === undefined || found[0] < best.rank))
        best = { index, rank: found[0], product: found[1] };
    }
    return best;
  }

  private mergeOf(left: number, right: number): readonly [rank: number, product: number] | undefined {
    const { idOf } = this.rules.symbols;
    const a = idOf[left < 0 ? ~left : left]!;
    const b = idOf[right < 0 ? ~right : right]!;
    if (a < 0 || b < 0) return undefined;
    const slot = this.base.find(a, b);
    return slot < 0
      ? this.learned.get(`${a} ${b}`)
      : [this.base.slots[slot + 2]!, this.base.slots[slot + 3]!];
  }
}
