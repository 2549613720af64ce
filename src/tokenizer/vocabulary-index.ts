// Finds the token that is spelt by a stretch of bytes, without making strings: for `ignore_merges`.

const FILTER_BITS_PER_SLOT = 8;

export class VocabularyIndex {
  private readonly arena: Uint8Array;
  private readonly offsets: Int32Array;
  private readonly slots: Int32Array;
  private readonly mask: number;
  /** A bit for each hash that occurs: most texts are no token, and end here without reading a slot and a spelling. */
  private readonly filter: Int32Array;
  private readonly filterShift: number;
  private readonly longest: number;

  /** @param spellings bytes of each id; undefined where an id has none */
  constructor(spellings: readonly (Uint8Array | undefined)[]) {
    this.offsets = new Int32Array(spellings.length + 1);
    spellings.forEach((bytes, id) => {
      this.offsets[id + 1] = this.offsets[id]! + (bytes?.length ?? 0);
    });
    this.arena = new Uint8Array(this.offsets[spellings.length]!);
    let capacity = 16;
    while (capacity < spellings.length * 2) capacity *= 2;
    this.mask = capacity - 1;
    this.slots = new Int32Array(capacity);
    this.filterShift = Math.clz32(capacity * FILTER_BITS_PER_SLOT) + 1;
    this.filter = new Int32Array((capacity * FILTER_BITS_PER_SLOT) / 32);
    this.longest = spellings.reduce((longest, bytes) => Math.max(longest, bytes?.length ?? 0), 0);
    spellings.forEach((bytes, id) => {
      if (bytes === undefined || bytes.length === 0) return;
      this.arena.set(bytes, this.offsets[id]!);
      const hash = hashBytes(bytes, 0, bytes.length);
      const bit = this.filterBit(hash);
      this.filter[bit >>> 5]! |= 1 << (bit & 31);
      let at = hash & this.mask;
      while (this.slots[at] !== 0) at = (at + 1) & this.mask;
      this.slots[at] = id + 1;
    });
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
