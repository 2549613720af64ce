// The pair to join next: the largest count, then the smallest left id, then the smallest right id. Counts fall while pairs
// wait (they never rise once a pair is there), so a pair whose count has changed is put back where it belongs now.

import type { PairTable } from "./pair-table.ts";

/**
 * Pairs that count less than the floor wait outside the heap, most of them for ever; when the heap is empty the floor is
 * lowered by this factor and the table is looked through.
 */
const FLOOR_STEP = 8;

export class PairQueue {
  private readonly pairs: PairTable;
  private readonly channel: number;
  private readonly minCount: number;
  private readonly idOf: readonly number[];
  private keys = new Float64Array(1 << 12);
  private heap = new Int32Array(1 << 12);
  private size = 0;
  private floor: number;

  /** @param idOf the token id of each symbol */
  constructor(pairs: PairTable, channel: number, minCount: number, idOf: readonly number[]) {
    this.pairs = pairs;
    this.channel = channel;
    this.minCount = minCount;
    this.idOf = idOf;
    let most = 0;
    for (let pair = 0; pair < pairs.size; pair++) most = Math.max(most, this.count(pair));
    this.floor = most + 1;
  }

  count(pair: number): number {
    return this.pairs.counts[pair * this.pairs.channels + this.channel]!;
  }

  /** Offers a new pair. */
  push(pair: number): void {
    const count = this.count(pair);
    if (count >= this.floor) this.insert(pair, count);
  }

  /** The best pair, which stays in the queue until its count is set to 0; -1 when none counts `minCount`. */
  best(): number {
    for (;;) {
      if (this.size === 0) {
        if (!this.lowerFloor()) return -1;
        continue;
      }
      const pair = this.heap[0]!;
      const count = this.count(pair);
      if (count === this.keys[0]) return pair;
      if (count >= this.floor) this.sink(0, pair, count);
      else {
        this.size--;
        if (this.size > 0) this.sink(0, this.heap[this.size]!, this.keys[this.size]!);
      }
    }
  }

  private lowerFloor(): boolean {
    const { pairs } = this;
    while (this.floor > this.minCount) {
      const before = this.floor;
      this.floor = Math.max(this.minCount, before / FLOOR_STEP);
      for (let pair = 0; pair < pairs.size; pair++) {
        const count = this.count(pair);
        if (count >= this.floor && count < before) this.insert(pair, count);
      }
      if (this.size > 0) return true;
    }
    return false;
  }

  private insert(pair: number, count: number): void {
    if (this.size === this.heap.length) this.grow();
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(pair, count, parent)) break;
      this.heap[at] = this.heap[parent]!;
      this.keys[at] = this.keys[parent]!;
      at = parent;
    }
    this.heap[at] = pair;
    this.keys[at] = count;
  }

  private sink(from: number, pair: number, count: number): void {
    const { heap, keys, size } = this;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && this.isBefore(heap[child + 1]!, keys[child + 1]!, child)) child++;
      if (this.isBefore(pair, count, child)) break;
      heap[at] = heap[child]!;
      keys[at] = keys[child]!;
      at = child;
    }
    heap[at] = pair;
    keys[at] = count;
  }

  // Whether the pair comes before the one at `at` in the heap.
  private isBefore(pair: number, count: number, at: number): boolean {
    const key = this.keys[at]!;
    if (count !== key) return count > key;
    const { lefts, rights } = this.pairs;
    const other = this.heap[at]!;
    const left = this.idOf[lefts[pair]!]! - this.idOf[lefts[other]!]!;
    return left !== 0 ? left < 0 : this.idOf[rights[pair]!]! < this.idOf[rights[other]!]!;
  }

  private grow(): void {
    const keys = new Float64Array(2 * this.keys.length);
    keys.set(this.keys);
    this.keys = keys;
    const heap = new Int32Array(2 * this.heap.length);
    heap.set(this.heap);
    this.heap = heap;
  }
}
