// The table of distinct segments. Most text is made of few, short segments, so: keys of up to 16 bytes lie inline as
// four 32-bit words, and a small direct-mapped table in front, which stays in the processor's second-level cache, takes
// most of the increments. Measured on 121 MB of Persian (14.9 million segments, 535,000 distinct): 88 % of the
// increments end in front.

import {
  AT,
  COUNT_AT,
  COUNT_STRIDE,
  DOCUMENT_AT,
  type EndDocument,
  FRONT_WORDS,
  PATIENCE,
  ScanMemory,
  SLOT_WORDS,
} from "./scan-memory.ts";
import { SEGMENT_PADDING, type SegmentCounts } from "./segment-counts.ts";

/** Keys of at most this many bytes lie inline, padded with zeros; such keys contain no NUL. */
export const INLINE_BYTES = 16;

const INITIAL_CAPACITY = 1 << 18;

export class SegmentTable {
  /** Replaced when it grows. */
  memory: ScanMemory;
  private readonly endDocument: EndDocument;

  private arena = new Uint8Array(1 << 16);
  private arenaLength = 0;
  private longOffsets = new Uint32Array(1 << 12);
  private longHashes = new Int32Array(1 << 12);
  private longCounts = new Float64Array(1 << 12);
  private longSlots = new Int32Array(1 << 13);
  private longUsed = 0;

  /** @param endDocument, textCapacity for a scanner that works in the same memory */
  constructor(endDocument: EndDocument = () => {}, textCapacity = 0, slotCapacity = INITIAL_CAPACITY) {
    this.endDocument = endDocument;
    this.memory = new ScanMemory(slotCapacity, textCapacity, endDocument);
  }

  /** Distinct segments so far. */
  get size(): number {
    return this.memory.used + this.longUsed;
  }

  /** Counts an inline key that is not in front, and may put it there. `at`: offset of its slot in `front`. */
  countMiss(w0: number, w1: number, w2: number, w3: number, hash: number, at: number): void {
    // Finding the slot may replace the memory: it must come first.
    const slot = this.slotOf(w0, w1, w2, w3, hash);
    const { front, counts } = this.memory;
    counts[slot * COUNT_STRIDE + COUNT_AT]!++;
    if (front[at + 5]!-- > 0) return;
    const waiting = front[at + 4]!;
    if (waiting > 0) counts[front[at + 6]! * COUNT_STRIDE + COUNT_AT]! += waiting;
    front[at] = w0;
    front[at + 1] = w1;
    front[at + 2] = w2;
    front[at + 3] = w3;
    front[at + 4] = 0;
    front[at + 5] = PATIENCE;
    front[at + 6] = slot;
  }

  /** Adds `count` occurrences of an inline key. */
  addInline(w0: number, w1: number, w2: number, w3: number, hash: number, count: number): void {
    const slot = this.slotOf(w0, w1, w2, w3, hash);
    this.memory.counts[slot * COUNT_STRIDE + COUNT_AT]! += count;
  }

  /** Adds `count` occurrences of `bytes[start, end)`, longer than an inline key or with a NUL. */
  addLong(bytes: Uint8Array, start: number, end: number, hash: number, count: number): void {
    const mask = this.longSlots.length - 1;
    let at = hash & mask;
    for (;;) {
      const index = this.longSlots[at]! - 1;
      if (index < 0) break;
      if (this.longHashes[index] === hash && this.equalsLong(index, bytes, start, end)) {
        this.longCounts[index]! += count;
        return;
      }
      at = (at + 1) & mask;
    }
    this.longSlots[at] = this.appendLong(bytes, start, end, hash, count) + 1;
    if (this.longUsed * 2 > this.longSlots.length) this.growLongSlots();
  }

  /** Moves the counts that wait in front into the table. Must be called at least every 2³¹ increments. */
  flushFront(): void {
    const { front, counts } = this.memory;
    for (let at = 0; at < front.length; at += FRONT_WORDS) {
      if (front[at + 4]! > 0) counts[front[at + 6]! * COUNT_STRIDE + COUNT_AT]! += front[at + 4]!;
    }
    front.fill(0);
  }

  /** Makes room for more keys, or for more text. What the text holds is kept. */
  grow(slotCapacity: number, textCapacity: number): void {
    this.flushFront();
    const old = this.memory;
    const memory = new ScanMemory(slotCapacity, textCapacity, this.endDocument);
    memory.text.set(old.text.subarray(0, Math.min(old.text.length, memory.text.length)));
    memory.state.set(old.state.subarray(AT, DOCUMENT_AT + 1), AT);
    this.memory = memory;
    for (let at = 0; at < old.slots.length; at += SLOT_WORDS) {
      const w0 = old.slots[at]!;
      if (w0 === 0) continue;
      const w1 = old.slots[at + 1]!;
      const w2 = old.slots[at + 2]!;
      const w3 = old.slots[at + 3]!;
      this.addInline(
        w0,
        w1,
        w2,
        w3,
        hashInline(w0, w1, w2, w3),
        old.counts[(at / SLOT_WORDS) * COUNT_STRIDE + COUNT_AT]!,
      );
    }
  }

  /** All segments and counts as flat arrays; the table stays as it is. */
  export(): SegmentCounts {
    this.flushFront();
    const { slots, counts: values, used } = this.memory;
    const counts = new Float64Array(this.size);
    const offsets = new Uint32Array(this.size + 1);
    const bytes = new Uint8Array(used * INLINE_BYTES + this.arenaLength + SEGMENT_PADDING);
    const keyBytes = new Uint8Array(slots.buffer, slots.byteOffset, slots.byteLength);
    let index = 0;
    let length = 0;
    for (let at = 0; at < slots.length; at += SLOT_WORDS) {
      if (slots[at] === 0) continue;
      for (let i = at * 4; i < at * 4 + INLINE_BYTES && keyBytes[i] !== 0; i++)
        bytes[length++] = keyBytes[i]!;
      counts[index++] = values[(at / SLOT_WORDS) * COUNT_STRIDE + COUNT_AT]!;
      offsets[index] = length;
    }
    bytes.set(this.arena.subarray(0, this.arenaLength), length);
    for (let i = 0; i < this.longUsed; i++) {
      counts[index++] = this.longCounts[i]!;
      offsets[index] = length + this.longOffsets[i + 1]!;
    }
    return { bytes: bytes.slice(0, length + this.arenaLength + SEGMENT_PADDING), offsets, counts };
  }

  // Number of the key's slot, which is made when there is none.
  private slotOf(w0: number, w1: number, w2: number, w3: number, hash: number): number {
    const { slots, slotMask } = this.memory;
    let slot = (hash >>> 3) & slotMask;
    for (;;) {
      const at = slot * SLOT_WORDS;
      if (slots[at] === w0 && slots[at + 1] === w1 && slots[at + 2] === w2 && slots[at + 3] === w3)
        return slot;
      // A free slot is all zeros; a key never is, since it holds no NUL.
      if (slots[at] === 0) break;
      slot = (slot + 1) & slotMask;
    }
    if (this.isFull) {
      this.growSlots();
      return this.slotOf(w0, w1, w2, w3, hash);
    }
    slots.set([w0, w1, w2, w3], slot * SLOT_WORDS);
    this.memory.used++;
    return slot;
  }

  private get isFull(): boolean {
    return this.memory.used >= Math.floor(this.memory.slotMask / 3) * 2;
  }

  /** Doubles the room for keys. */
  growSlots(): void {
    this.grow(2 * (this.memory.slotMask + 1), this.memory.textCapacity);
  }

  private equalsLong(index: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.longOffsets[index]!;
    if (this.longOffsets[index + 1]! - from !== end - start) return false;
    for (let i = start; i < end; i++) if (this.arena[from + i - start] !== bytes[i]) return false;
    return true;
  }

  private appendLong(bytes: Uint8Array, start: number, end: number, hash: number, count: number): number {
    const needed = this.arenaLength + end - start;
    if (needed > this.arena.length)
      this.arena = enlarge(this.arena, new Uint8Array(Math.max(needed, 2 * this.arena.length)));
    if (this.longUsed + 1 >= this.longOffsets.length) {
      const size = 2 * this.longOffsets.length;
      this.longOffsets = enlarge(this.longOffsets, new Uint32Array(size));
      this.longHashes = enlarge(this.longHashes, new Int32Array(size));
      this.longCounts = enlarge(this.longCounts, new Float64Array(size));
    }
    this.arena.set(bytes.subarray(start, end), this.arenaLength);
    this.arenaLength = needed;
    const index = this.longUsed++;
    this.longOffsets[index + 1] = needed;
    this.longHashes[index] = hash;
    this.longCounts[index] = count;
    return index;
  }

  private growLongSlots(): void {
    this.longSlots = new Int32Array(2 * this.longSlots.length);
    const mask = this.longSlots.length - 1;
    for (let index = 0; index < this.longUsed; index++) {
      let at = this.longHashes[index]! & mask;
      while (this.longSlots[at] !== 0) at = (at + 1) & mask;
      this.longSlots[at] = index + 1;
    }
  }
}

/** Hash of an inline key. */
export function hashInline(w0: number, w1: number, w2: number, w3: number): number {
  let hash =
    Math.imul(w0, 0x9e3779b1) ^
    Math.imul(w1, 0x85ebca6b) ^
    Math.imul(w2, 0xc2b2ae35) ^
    Math.imul(w3, 0x27d4eb2f);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}

/** Hash of a longer key: FNV-1a with a final mix. */
export function hashLong(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}

function enlarge<T extends Uint8Array | Uint32Array | Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from as never);
  return to;
}
