// The learned merges by pair, and the prefix of the candidates from which on each is there.

import { endOfRanks, MergeTable } from "../tokenizer/merge-table.ts";
import type { BpeTokenizer } from "../tokenizer/tokenizer.ts";
import type { LearnedTokens } from "./candidates.ts";

/** Ids stay far below this. */
const ID_LIMIT = 2 ** 26;

export interface IndexedMerge {
  /** Behind all merges of the base, whose ranks are below 0 here. */
  readonly rank: number;
  readonly product: number;
  /** It is in `prefixOf(learned, n)` for every n from this on. */
  readonly birth: number;
  /** It comes later than merges behind it: one of its parts is learned later than they. */
  readonly isLate: boolean;
}

export class MergeIndex {
  private readonly merges = new Map<number, IndexedMerge>();
  private readonly base: MergeTable | undefined;
  private readonly baseRanks: number;

  constructor({ definition: { model } }: BpeTokenizer, { firstId, merges }: LearnedTokens) {
    let products = 0;
    merges.forEach(([left, right, product], rank) => {
      products = Math.max(products, product - firstId + 1);
      const birth = Math.max(products, left - firstId + 1, right - firstId + 1);
      this.merges.set(left * ID_LIMIT + right, { rank, product, birth, isLate: birth > products });
    });
    this.baseRanks = endOfRanks(model);
    // A base merge fires behind a learned one only where that makes a token of the base.
    const revives = merges.some(([, , product]) => product < firstId);
    this.base = revives ? new MergeTable(model.merges, model.ranks) : undefined;
  }

  /** The merge of a pair that stands side by side after a learned merge. */
  find(left: number, right: number): IndexedMerge | undefined {
    const slot = this.base?.find(left, right) ?? -1;
    if (slot < 0) return this.merges.get(left * ID_LIMIT + right);
    const { slots } = this.base!;
    return { rank: slots[slot + 2]! - this.baseRanks, product: slots[slot + 3]!, birth: 0, isLate: false };
  }
}
