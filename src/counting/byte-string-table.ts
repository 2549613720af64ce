// Numbers distinct byte strings from 0 in order of first appearance: pre-tokens, and the segments of sampled documents.

import { hashInline, hashLong, INLINE_BYTES } from "./segment-table.ts";

const INITIAL_CAPACITY = 1 << 16;
/** Words of a slot: the first 16 bytes (4), hash, index + 1 (0 = free), length, unused. Half a cache line. */
const SLOT_WORDS = 8;
/** Slots per string, at least. */
const LOAD = 1.5;
/** Strings that are hashed together, and words of each: the first 16 bytes and the hash. */
const BATCH = 64;
const KEY_WORDS = 5;

export class ByteStringTable {
  /** The strings, one behind another; string i is `bytes[offsets[i], offsets[i + 1])`. At least 16 bytes follow the last. */
  bytes = new Uint8Array(INITIAL_CAPACITY * 8);
  offsets = new Uint32Array(INITIAL_CAPACITY);
  size = 0;

  private readonly keys = new Int32Array(BATCH * KEY_WORDS);
  private slots = new Int32Array(INITIAL_CAPACITY * SLOT_WORDS);
  private mask = INITIAL_CAPACITY - 1;

  /** Makes room for `more` new strings at once. */
  reserve(more: number): void {
    let capacity = this.mask + 1;
    while ((this.size + more) * LOAD >= capacity) capacity *= 2;
    if (capacity > this.mask + 1) this.growSlots(capacity);
  }

  /**
   * The number of `bytes[start, end)`, new or old.
   * @param view over `bytes`; four bytes behind `end` must be readable
   */
  intern(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    this.hashKey(bytes, view, start, end, 0);
    return this.find(bytes, start, end, 0);
  }

  /**
   * Numbers `count` strings whose borders are `borders[2i], borders[2i + 1]` in `bytes`, into `out` from `at` on. Hashes a
   * batch of them first: the look-ups that follow wait for memory, and the processor waits for several of them at once.
   */
  internAll(
    bytes: Uint8Array,
    view: DataView,
    borders: Int32Array,
    count: number,
    out: Int32Array,
    at: number,
  ): void {
    for (let from = 0; from < count; from += BATCH) {
      const to = Math.min(count, from + BATCH);
      for (let i = from; i < to; i++)
        this.hashKey(bytes, view, borders[2 * i]!, borders[2 * i + 1]!, (i - from) * KEY_WORDS);
      for (let i = from; i < to; i++)
        out[at + i] = this.find(bytes, borders[2 * i]!, borders[2 * i + 1]!, (i - from) * KEY_WORDS);
    }
  }

  // Writes the first 16 bytes of a string and its hash to `keys[key, key + 5)`.
  private hashKey(bytes: Uint8Array, view: DataView, start: number, end: number, key: number): void {
    const length = end - start;
    let w0 = 0;
    let w1 = 0;
    let w2 = 0;
    let w3 = 0;
    if (length <= 4) w0 = tail(view, start, length);
    else {
      w0 = view.getInt32(start, true);
      if (length <= 8) w1 = tail(view, start + 4, length - 4);
      else {
        w1 = view.getInt32(start + 4, true);
        if (length <= 12) w2 = tail(view, start + 8, length - 8);
        else {
          w2 = view.getInt32(start + 8, true);
          w3 = length < INLINE_BYTES ? tail(view, start + 12, length - 12) : view.getInt32(start + 12, true);
        }
      }
    }
    const keys = this.keys;
    keys[key] = w0;
    keys[key + 1] = w1;
    keys[key + 2] = w2;
    keys[key + 3] = w3;
    keys[key + 4] =
      length <= INLINE_BYTES ? hashInline(w0, w1, w2, w3 ^ length) : hashLong(bytes, start, end);
  }

  private find(bytes: Uint8Array, start: number, end: number, key: number): number {
    const { slots, keys } = this;
    const length = end - start;
    const w0 = keys[key]!;
    const w1 = keys[key + 1]!;
    const w2 = keys[key + 2]!;
    const w3 = keys[key + 3]!;
    const hash = keys[key + 4]!;
    let slot = (hash >>> 3) & this.mask;
    for (;;) {
      const at = slot * SLOT_WORDS;
      const index = slots[at + 5]! - 1;
      if (index < 0) return this.insert(bytes, start, end, at, w0, w1, w2, w3, hash);
      const isAlike =
        slots[at] === w0 && slots[at + 1] === w1 && slots[at + 2] === w2 && slots[at + 3] === w3;
      if (isAlike && slots[at + 6] === length) {
        if (length <= INLINE_BYTES || (slots[at + 4] === hash && this.hasRest(index, bytes, start, end)))
          return index;
      }
      slot = (slot + 1) & this.mask;
    }
  }

  private insert(
    bytes: Uint8Array,
    start: number,
    end: number,
    at: number,
    w0: number,
    w1: number,
    w2: number,
    w3: number,
    hash: number,
  ): number {
    const index = this.size++;
    this.append(bytes, start, end);
    const slots = this.slots;
    slots[at] = w0;
    slots[at + 1] = w1;
    slots[at + 2] = w2;
    slots[at + 3] = w3;
    slots[at + 4] = hash;
    slots[at + 5] = index + 1;
    slots[at + 6] = end - start;
    if (this.size * LOAD > this.mask) this.growSlots(2 * (this.mask + 1));
    return index;
  }

  private append(bytes: Uint8Array, start: number, end: number): void {
    const from = this.offsets[this.size - 1]!;
    const to = from + end - start;
    if (to + INLINE_BYTES > this.bytes.length) {
      const larger = new Uint8Array(Math.max(2 * this.bytes.length, to + INLINE_BYTES));
      larger.set(this.bytes);
      this.bytes = larger;
    }
    if (this.size + 1 > this.offsets.length) {
      const larger = new Uint32Array(2 * this.offsets.length);
      larger.set(this.offsets);
      this.offsets = larger;
    }
    for (let i = start; i < end; i++) this.bytes[from + i - start] = bytes[i]!;
    this.offsets[this.size] = to;
  }

  private hasRest(index: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.offsets[index]! - start;
    for (let i = start + INLINE_BYTES; i < end; i++) if (this.bytes[from + i] !== bytes[i]) return false;
    return true;
  }

  private growSlots(capacity: number): void {
    const old = this.slots;
    this.slots = new Int32Array(capacity * SLOT_WORDS);
    this.mask = capacity - 1;
    for (let from = 0; from < old.length; from += SLOT_WORDS) {
      if (old[from + 5] === 0) continue;
      let slot = (old[from + 4]! >>> 3) & this.mask;
      while (this.slots[slot * SLOT_WORDS + 5] !== 0) slot = (slot + 1) & this.mask;
      this.slots.set(old.subarray(from, from + SLOT_WORDS), slot * SLOT_WORDS);
    }
  }
}

// The first `length` bytes (0 to 4) of the word at `at`, the others zero.
function tail(view: DataView, at: number, length: number): number {
  return length === 4 ? view.getInt32(at, true) : view.getInt32(at, true) & ((1 << (length << 3)) - 1);
}
