// The merges of a BPE model as one open-addressing table over typed arrays: (left id, right id) → rank and product.

/** Words of one slot: left id + 1 (0 = free), right id, rank, product id. Sixteen bytes: a slot never straddles a cache line. */
const SLOT = 4;

export class MergeTable {
  readonly slots: Int32Array;
  readonly mask: number;

  /** @param merges left, right, product, … in order of rank; a later equal pair replaces an earlier one, as in the reference. */
  constructor(merges: Int32Array) {
    const count = merges.length / 3;
    let capacity = 16;
    while (capacity < count * 1.7) capacity *= 2;
    this.mask = capacity - 1;
    this.slots = new Int32Array(capacity * SLOT);
    for (let rank = 0; rank < count; rank++)
      this.set(merges[3 * rank]!, merges[3 * rank + 1]!, rank, merges[3 * rank + 2]!);
  }

  /** Offset of the pair's slot in `slots`, or -1 when the pair is no merge. */
  find(left: number, right: number): number {
    const slots = this.slots;
    let at = hashPair(left, right) & this.mask;
    for (;;) {
      const offset = at * SLOT;
      const key = slots[offset]!;
      if (key === 0) return -1;
      if (key === left + 1 && slots[offset + 1] === right) return offset;
      at = (at + 1) & this.mask;
    }
  }

  private set(left: number, right: number, rank: number, product: number): void {
    const slots = this.slots;
    let at = hashPair(left, right) & this.mask;
    while (slots[at * SLOT] !== 0 && !(slots[at * SLOT] === left + 1 && slots[at * SLOT + 1] === right))
      at = (at + 1) & this.mask;
    slots[at * SLOT] = left + 1;
    slots[at * SLOT + 1] = right;
    slots[at * SLOT + 2] = rank;
    slots[at * SLOT + 3] = product;
  }
}

export function hashPair(left: number, right: number): number {
  const mixed = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
