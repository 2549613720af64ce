// All pairs of symbols that may be joined: (left, right) → a number, and by number how often the pair occurs and where.

import { hashPair } from "../tokenizer/merge-table.ts";

/** Words of one slot: left symbol + 1 (0 = free), right symbol, number of the pair, unused. */
const SLOT = 4;
const INITIAL_SLOTS = 1 << 16;

export class PairTable {
  size = 0;
  lefts = new Int32Array(1 << 14);
  rights = new Int32Array(1 << 14);
  /** Occurrences, weighted: pair p in channel c at `p * channels + c`. */
  counts: Float64Array;
  /** Where the pair stands, or stood: see pair-places.ts. */
  starts = new Int32Array(1 << 14);
  lengths = new Int32Array(1 << 14);
  readonly channels: number;
  private slots = new Int32Array(INITIAL_SLOTS * SLOT);
  private mask = INITIAL_SLOTS - 1;

  constructor(channels: number) {
    this.channels = channels;
    this.counts = new Float64Array(this.lefts.length * channels);
  }

  /** The number of the pair, or -1. */
  find(left: number, right: number): number {
    const slots = this.slots;
    let at = (hashPair(left, right) & this.mask) * SLOT;
    for (;;) {
      const key = slots[at]!;
      if (key === 0) return -1;
      if (key === left + 1 && slots[at + 1] === right) return slots[at + 2]!;
      at = (at + SLOT) & (this.mask * SLOT);
    }
  }

  /** Numbers a pair that is not in the table. */
  add(left: number, right: number): number {
    if (this.size === this.lefts.length) this.growRecords();
    if (this.size * 1.6 > this.mask) this.growSlots();
    const pair = this.size++;
    this.lefts[pair] = left;
    this.rights[pair] = right;
    this.place(pair);
    return pair;
  }

  private place(pair: number): void {
    const slots = this.slots;
    const left = this.lefts[pair]!;
    const right = this.rights[pair]!;
    let at = (hashPair(left, right) & this.mask) * SLOT;
    while (slots[at] !== 0) at = (at + SLOT) & (this.mask * SLOT);
    slots[at] = left + 1;
    slots[at + 1] = right;
    slots[at + 2] = pair;
  }

  private growSlots(): void {
    const capacity = 2 * (this.mask + 1);
    this.slots = new Int32Array(capacity * SLOT);
    this.mask = capacity - 1;
    for (let pair = 0; pair < this.size; pair++) this.place(pair);
  }

  private growRecords(): void {
    const capacity = 2 * this.lefts.length;
    this.lefts = grown(this.lefts, capacity);
    this.rights = grown(this.rights, capacity);
    this.starts = grown(this.starts, capacity);
    this.lengths = grown(this.lengths, capacity);
    const counts = new Float64Array(capacity * this.channels);
    counts.set(this.counts);
    this.counts = counts;
  }
}

export function grown(array: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(capacity);
  larger.set(array);
  return larger;
}
