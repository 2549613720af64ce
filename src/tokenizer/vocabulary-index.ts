// Finds the token that is spelt by a stretch of bytes, without making strings: for `ignore_merges`.

export class VocabularyIndex {
  private readonly arena: Uint8Array;
  private readonly offsets: Int32Array;
  private readonly slots: Int32Array;
  private readonly mask: number;
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
    this.longest = spellings.reduce((longest, bytes) => Math.max(longest, bytes?.length ?? 0), 0);
    spellings.forEach((bytes, id) => {
      if (bytes === undefined || bytes.length === 0) return;
      this.arena.set(bytes, this.offsets[id]!);
      let at = hashBytes(bytes, 0, bytes.length) & this.mask;
      while (this.slots[at] !== 0) at = (at + 1) & this.mask;
      this.slots[at] = id + 1;
    });
  }

  /** The id of the token spelt `bytes[start, end)`, or -1. */
  find(bytes: Uint8Array, start: number, end: number): number {
    if (end - start > this.longest) return -1;
    let at = hashBytes(bytes, start, end) & this.mask;
    for (;;) {
      const id = this.slots[at]! - 1;
      if (id < 0 || this.equals(id, bytes, start, end)) return id;
      at = (at + 1) & this.mask;
    }
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
