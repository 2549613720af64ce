// The merges of a BPE model as one open-addressing table over typed arrays: (left id, right id) → rank and product.

import { LinearMemory } from "../wasm/linear-memory.ts";
import { loadWasm } from "../wasm/load-wasm.ts";

/** Words of one slot: left id + 1 (0 = free), right id, rank, product id. Sixteen bytes: a slot never straddles a cache line. */
const SLOT = 4;

/** The rank of a pair that is no merge: 25 bits, beside which the loop in WebAssembly keeps an index, and lengths beside ids. */
export const NO_RANK = 0x1ffffff;

/**
 * Slots of the cache in front: 512 KiB, which the second-level cache of a processor holds. Pairs are as unevenly
 * distributed as words: measured on the distinct pre-tokens of 121 MB of Persian, it answers 9 of 10 look-ups for
 * Qwen 3 and Llama 3, 8 of 10 for Gemma 3; with the filter below, merging took 0.70 s in place of 1.10 (docs/log.md).
 */
const CACHE_MASK = (1 << 15) - 1;

/** Bits of the filter behind the cache, 1 MiB: of ten look-ups that the cache leaves, seven or eight are no merges and end here. */
const FILTER_BITS = 23;

/** Pre-tokens of at most this many symbols are merged by `mergeShort`, where there is WebAssembly. */
export const SHORT_SYMBOLS = 64;

// Byte addresses; wasm/assembly/merge-places.ts has the same.
const IDS = 1024;
const LENGTHS = 2048;
const CACHE = 0x10000;
const FILTER = CACHE + (CACHE_MASK + 1) * SLOT * 4;
/** Behind the filter lies what encode-loop.ts uses. */
const SLOTS = 2261376;

/** The loops in WebAssembly over the memory of a merge table. */
export interface MergeLoops {
  /** Merges the first `count` symbols of `shortIds` in place; returns how many are left. */
  readonly mergeShort: (count: number) => number;
  /** See encode-loop.ts. */
  readonly encode: (count: number, start: number, symbols: number, wholes: number, base: number) => number;
}

export class MergeTable {
  readonly memory: LinearMemory;
  slots!: Int32Array;
  readonly mask: number;
  /** Slots of the cache: left id, right id, rank or NO_RANK, product id. Read at the offset that `lookup` returns. */
  cache!: Int32Array;
  /** Symbols and the bytes under each, for `mergeShort`. */
  shortIds!: Int32Array;
  shortLengths!: Int32Array;
  /** Undefined without WebAssembly. */
  readonly loops: MergeLoops | undefined;
  private filter!: Int32Array;

  /**
   * @param merges left, right, product, … in order of rank; a later equal pair replaces an earlier one, as in the reference
   * @param ranks the rank of each, where that is not its place
   */
  constructor(merges: Int32Array, ranks?: Int32Array) {
    const count = merges.length / 3;
    let capacity = 16;
    while (capacity < count * 1.7) capacity *= 2;
    this.mask = capacity - 1;
    this.memory = new LinearMemory(SLOTS + capacity * SLOT * 4);
    this.memory.addOwner(() => {
      const { buffer } = this.memory;
      this.slots = new Int32Array(buffer, SLOTS, capacity * SLOT);
      this.cache = new Int32Array(buffer, CACHE, (CACHE_MASK + 1) * SLOT);
      this.filter = new Int32Array(buffer, FILTER, 2 ** (FILTER_BITS - 5));
      this.shortIds = new Int32Array(buffer, IDS, SHORT_SYMBOLS);
      this.shortLengths = new Int32Array(buffer, LENGTHS, SHORT_SYMBOLS);
    });
    this.cache.fill(-1);
    this.loops = instantiate(this.memory.memory, this.mask);
    for (let rank = 0; rank < count; rank++)
      this.set(merges[3 * rank]!, merges[3 * rank + 1]!, ranks?.[rank] ?? rank, merges[3 * rank + 2]!);
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

  /** The rank of the merge in a slot that `find` returned. */
  rankAt(offset: number): number {
    return this.slots[offset + 2]!;
  }

  /** The token that it makes. */
  productAt(offset: number): number {
    return this.slots[offset + 3]!;
  }

  /** Offset in `cache` of the pair's rank and product, valid until the next call. */
  lookup(left: number, right: number): number {
    const cache = this.cache;
    const hash = hashPair(left, right);
    const at = ((hash >>> 4) & CACHE_MASK) * SLOT;
    if (cache[at] === left && cache[at + 1] === right) return at;
    const bit = hash >>> (32 - FILTER_BITS);
    const slot = (this.filter[bit >>> 5]! & (1 << (bit & 31))) === 0 ? -1 : this.find(left, right);
    cache[at] = left;
    cache[at + 1] = right;
    cache[at + 2] = slot < 0 ? NO_RANK : this.rankAt(slot);
    cache[at + 3] = slot < 0 ? 0 : this.productAt(slot);
    return at;
  }

  private set(left: number, right: number, rank: number, product: number): void {
    const slots = this.slots;
    let at = hashPair(left, right) & this.mask;
    while (slots[at * SLOT] !== 0 && !(slots[at * SLOT] === left + 1 && slots[at * SLOT + 1] === right))
      at = (at + 1) & this.mask;
    const bit = hashPair(left, right) >>> (32 - FILTER_BITS);
    this.filter[bit >>> 5]! |= 1 << (bit & 31);
    slots[at * SLOT] = left + 1;
    slots[at * SLOT + 1] = right;
    slots[at * SLOT + 2] = rank;
    slots[at * SLOT + 3] = product;
  }
}

function instantiate(memory: WebAssembly.Memory, mask: number): MergeLoops | undefined {
  const module = loadWasm("merge");
  if (module === undefined) return undefined;
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const merge = exports["merge"] as (count: number, mask: number) => number;
  const encode = exports["encode"] as (...numbers: number[]) => number;
  return {
    mergeShort: (count) => merge(count, mask),
    encode: (count, start, symbols, wholes, base) => encode(count, start, symbols, wholes, mask, base),
  };
}

/** One more than the highest rank. */
export function endOfRanks({
  merges,
  ranks,
}: {
  readonly merges: Int32Array;
  readonly ranks?: Int32Array;
}): number {
  return ranks === undefined ? merges.length / 3 : (ranks.at(-1) ?? -1) + 1;
}

export function hashPair(left: number, right: number): number {
  const mixed = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
