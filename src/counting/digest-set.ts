// A set of 128-bit digests in typed arrays: a Map of JavaScript ends at 16.7 million keys, and takes several times as much.

import { hash } from "node:crypto";

const PARTS = 256;
const DIGEST_BYTES = 16;
const WORDS = DIGEST_BYTES / 4;
const FIRST_SLOTS = 16;

/** The first 128 bits of a SHA-256: among 10¹² texts two have the same one with a probability of 10⁻¹⁵. */
export function digestOf(bytes: Uint8Array): Buffer {
  return hash("sha256", bytes, "buffer").subarray(0, DIGEST_BYTES);
}

/**
 * Open addressing, at most three quarters full: 21 to 43 bytes a digest. The set grows by a part at a time, so that it is
 * never there twice.
 */
export class DigestSet {
  size = 0;
  private readonly parts: Uint32Array[] = [];
  private readonly sizes = new Uint32Array(PARTS);

  constructor() {
    for (let part = 0; part < PARTS; part++) this.parts.push(new Uint32Array(FIRST_SLOTS * WORDS));
  }

  /** Adds a digest; false when it was there. */
  add(digest: Buffer): boolean {
    const part = digest[0]!;
    const key = Array.from({ length: WORDS }, (_, i) => digest.readUInt32LE(4 * i));
    // A slot of zeros is a free one.
    if (!key.some((word) => word !== 0)) key[WORDS - 1] = 1;
    if (!place(this.parts[part]!, key)) return false;
    this.size++;
    if (++this.sizes[part]! > (this.parts[part]!.length / WORDS) * 0.75) this.grow(part);
    return true;
  }

  private grow(part: number): void {
    const old = this.parts[part]!;
    const larger = new Uint32Array(2 * old.length);
    for (let at = 0; at < old.length; at += WORDS) {
      const key = old.subarray(at, at + WORDS);
      if (key.some((word) => word !== 0)) place(larger, key);
    }
    this.parts[part] = larger;
  }
}

// Returns false when the key stands there. The first byte of the first word has chosen the part.
function place(slots: Uint32Array, key: ArrayLike<number>): boolean {
  const mask = slots.length / WORDS - 1;
  for (let slot = key[1]! & mask; ; slot = (slot + 1) & mask) {
    const at = slot * WORDS;
    const isFree = slots[at] === 0 && slots[at + 1] === 0 && slots[at + 2] === 0 && slots[at + 3] === 0;
    if (isFree) {
      for (let i = 0; i < WORDS; i++) slots[at + i] = key[i]!;
      return true;
    }
    if (
      slots[at] === key[0] &&
      slots[at + 1] === key[1] &&
      slots[at + 2] === key[2] &&
      slots[at + 3] === key[3]
    )
      return false;
  }
}
