// BPE merging of long pre-tokens in O(n log n): a heap of candidate merges over a doubly linked list of symbols.

import { type MergeTable, NO_RANK } from "./merge-table.ts";

/** Heap keys are rank · 2³⁰ + position: exact in a double for ranks below 2²³, ordered by rank, then leftmost. */
const POSITIONS = 2 ** 30;
/** Arrays above this are given back after use. */
const KEEP_SYMBOLS = 1 << 20;

export class MergeHeap {
  private keys = new Float64Array(0);
  private size = 0;
  private previous = new Int32Array(0);
  private next = new Int32Array(0);
  private ranks = new Int32Array(0);

  /** Merges the first `count` symbols of `ids` in place; returns how many are left. `lengths` are added up alike. */
  merge(table: MergeTable, ids: Int32Array, lengths: Int32Array, count: number): number {
    this.link(table, ids, count);
    while (this.size > 0) {
      const key = this.pop();
      const at = key % POSITIONS;
      // A symbol that changed or died since this key was pushed has another rank now.
      if (this.ranks[at] !== (key - at) / POSITIONS) continue;
      this.mergeAt(table, ids, lengths, at, count);
    }
    const left = this.compact(ids, lengths, count);
    if (count > KEEP_SYMBOLS) this.release();
    return left;
  }

  private link(table: MergeTable, ids: Int32Array, count: number): void {
    if (this.next.length < count) {
      this.previous = new Int32Array(count);
      this.next = new Int32Array(count);
      this.ranks = new Int32Array(count);
    }
    this.size = 0;
    for (let i = 0; i < count; i++) {
      this.previous[i] = i - 1;
      this.next[i] = i + 1;
      this.consider(table, ids, i, i + 1 < count ? i + 1 : -1);
    }
  }

  // Notes the rank of the pair (at, right) and pushes it when it is a merge.
  private consider(table: MergeTable, ids: Int32Array, at: number, right: number): void {
    const slot = right < 0 ? -1 : table.find(ids[at]!, ids[right]!);
    const rank = slot < 0 ? NO_RANK : table.slots[slot + 2]!;
    this.ranks[at] = rank;
    if (rank !== NO_RANK) this.push(rank * POSITIONS + at);
  }

  private mergeAt(table: MergeTable, ids: Int32Array, lengths: Int32Array, at: number, count: number): void {
    const right = this.next[at]!;
    ids[at] = table.slots[table.find(ids[at]!, ids[right]!) + 3]!;
    lengths[at] = lengths[at]! + lengths[right]!;
    lengths[right] = 0;
    this.ranks[right] = NO_RANK;
    const after = this.next[right]!;
    this.next[at] = after;
    if (after < count) this.previous[after] = at;
    const before = this.previous[at]!;
    if (before >= 0) this.consider(table, ids, before, at);
    this.consider(table, ids, at, after < count ? after : -1);
  }

  private compact(ids: Int32Array, lengths: Int32Array, count: number): number {
    let kept = 0;
    for (let at = 0; at < count; at = this.next[at]!) {
      ids[kept] = ids[at]!;
      lengths[kept++] = lengths[at]!;
    }
    return kept;
  }

  private push(key: number): void {
    if (this.size === this.keys.length) {
      const larger = new Float64Array(Math.max(256, 2 * this.size));
      larger.set(this.keys);
      this.keys = larger;
    }
    const keys = this.keys;
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (keys[parent]! <= key) break;
      keys[at] = keys[parent]!;
      at = parent;
    }
    keys[at] = key;
  }

  private pop(): number {
    const keys = this.keys;
    const top = keys[0]!;
    const last = keys[--this.size]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.size) break;
      if (child + 1 < this.size && keys[child + 1]! < keys[child]!) child++;
      if (keys[child]! >= last) break;
      keys[at] = keys[child]!;
      at = child;
    }
    keys[at] = last;
    return top;
  }

  private release(): void {
    this.keys = new Float64Array(0);
    this.previous = new Int32Array(0);
    this.next = new Int32Array(0);
    this.ranks = new Int32Array(0);
  }
}
