// Finds the token that is spelt by a stretch of bytes, without making strings: for `ignore_merges`.

import type { LinearMemory } from "../wasm/linear-memory.ts";

const FILTER_BITS_PER_SLOT = 8;

export class VocabularyIndex {
  /** Addresses of slots, offsets, spellings and filter, and mask, shift and longest spelling: wasm/assembly/whole-tokens.ts. */
  readonly parameters: Int32Array;
  private arena!: Uint8Array;
  private offsets!: Int32Array;
  private slots!: Int32Array;
  private readonly mask: number;
  /** A bit for each hash that occurs: most texts are no token, and end here without reading a slot and a spelling. */
  private filter!: Int32Array;
  private readonly filterShift: number;
  private readonly longest: number;

  /**
   * @param spellings bytes of each id; undefined where an id has none
   * @param memory where the index is to lie, so that WebAssembly can read it
   */
  constructor(spellings: readonly (Uint8Array | undefined)[], memory: LinearMemory) {
    const tokens = spellings.length;
    let capacity = 16;
    while (capacity < tokens * 2) capacity *= 2;
    this.mask = capacity - 1;
    this.filterShift = Math.clz32(capacity * FILTER_BITS_PER_SLOT) + 1;
    this.longest = spellings.reduce((longest, bytes) => Math.max(longest, bytes?.length ?? 0), 0);
    const size = spellings.reduce((sum, bytes) => sum + (bytes?.length ?? 0), 0);
    const slots = memory.allocate(capacity * 4);
    const offsets = memory.allocate((tokens + 1) * 4);
    const arena = memory.allocate(size);
    const filter = memory.allocate((capacity * FILTER_BITS_PER_SLOT) / 8);
    // Kept as long as the memory: it must not hold the spellings.
    memory.addOwner(() => {
      const { buffer } = memory;
      this.slots = new Int32Array(buffer, slots, capacity);
      this.offsets = new Int32Array(buffer, offsets, tokens + 1);
      this.arena = new Uint8Array(buffer, arena, size);
      this.filter = new Int32Array(buffer, filter, (capacity * FILTER_BITS_PER_SLOT) / 32);
    });
    this.parameters = Int32Array.of(slots, offsets, arena, filter, this.mask, this.filterShift, this.longest);
    this.fill(spellings);
  }

  private fill(spellings: readonly (Uint8Array | undefined)[]): void {
    const { arena, offsets, slots, filter, mask } = this;
    for (let id = 0; id < spellings.length; id++) {
      const bytes = spellings[id];
      offsets[id + 1] = offsets[id]! + (bytes?.length ?? 0);
      if (bytes === undefined || bytes.length === 0) continue;
      arena.set(bytes, offsets[id]!);
      const hash = hashBytes(bytes, 0, bytes.length);
      const bit = this.filterBit(hash);
      filter[bit >>> 5]! |= 1 << (bit & 31);
      let at = hash & mask;
      while (slots[at] !== 0) at = (at + 1) & mask;
      slots[at] = id + 1;
    }
  }

  /** The id of the token spelt `bytes[start, end)`, or -1. */
  find(bytes: Uint8Array, start: number, end: number): number {
    if (end - start > this.longest) return -1;
    const hash = hashBytes(bytes, start, end);
    const bit = this.filterBit(hash);
    if ((this.filter[bit >>> 5]! & (1 << (bit & 31))) === 0) return -1;
    let at = hash & this.mask;
    for (;;) {
      const id = this.slots[at]! - 1;
      if (id < 0 || this.equals(id, bytes, start, end)) return id;
      at = (at + 1) & this.mask;
    }
  }

  private filterBit(hash: number): number {
    return Math.imul(hash, 0x9e3779b1) >>> this.filterShift;
  }

  private equals(id: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.offsets[id]!;
    if (this.offsets[id + 1]! - from !== end - start) return false;
    for (let i = start; i < end; i++) if (this.arena[from + i - start] !== bytes[i]) return false;
    return true;
  }
}

// FNV-1a, 32 bits, with a final mix.
function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash ^ (hash >>> 15);
}
