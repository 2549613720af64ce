// Merges a short pre-token by scanning all pairs for the lowest rank: wasm/assembly/merge.ts does the same.

import { type MergeTable, NO_RANK, SHORT_SYMBOLS } from "./merge-table.ts";

/** Rank and product of the pair of symbols i and i + 1. */
const ranks = new Int32Array(SHORT_SYMBOLS);
const products = new Int32Array(SHORT_SYMBOLS);

/** Merges the first `symbols` of `ids` (at most `SHORT_SYMBOLS`) and `lengths` in place; returns how many are left. */
export function mergeLinear(
  table: MergeTable,
  ids: Int32Array,
  lengths: Int32Array,
  symbols: number,
): number {
  let count = symbols;
  for (let i = 0; i + 1 < count; i++) consider(table, ids, i);
  for (;;) {
    let best = NO_RANK;
    let at = -1;
    for (let i = 0; i + 1 < count; i++) {
      if (ranks[i]! < best) {
        best = ranks[i]!;
        at = i;
      }
    }
    if (at < 0) return count;
    ids[at] = products[at]!;
    lengths[at] = lengths[at]! + lengths[at + 1]!;
    count--;
    for (let i = at + 1; i < count; i++) {
      ids[i] = ids[i + 1]!;
      lengths[i] = lengths[i + 1]!;
      ranks[i] = ranks[i + 1]!;
      products[i] = products[i + 1]!;
    }
    if (at + 1 < count) consider(table, ids, at);
    if (at > 0) consider(table, ids, at - 1);
  }
}

function consider(table: MergeTable, ids: Int32Array, at: number): void {
  const pair = table.lookup(ids[at]!, ids[at + 1]!);
  ranks[at] = table.cache[pair + 2]!;
  products[at] = table.cache[pair + 3]!;
}
