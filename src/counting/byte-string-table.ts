// Numbers distinct byte strings from 0 in order of first appearance: pre-tokens, and the segments of sampled documents.
// It lies in memory that the loops of wasm/assembly/divide.ts share; what is here is their twin.

import { LinearMemory } from "../wasm/linear-memory.ts";
import { hashInline, hashLong, INLINE_BYTES } from "./segment-table.ts";

const INITIAL_CAPACITY = 1 << 16;
/** Words of a slot: the first 16 bytes (4), hash, index + 1 (0 = free), length, unused. Half a cache line. */
const SLOT_WORDS = 8;
/** Slots per string, at least. */
const LOAD = 1.35;
/** Strings that are hashed together, and words of each: the first 16 bytes and the hash. */
const BATCH = 64;
const KEY_WORDS = 5;

// Words of the state at address 0; wasm/assembly/divide.ts has the same.
const SLOT_MASK = 0;
const SIZE = 1;
const SIZE_LIMIT = 2;
const SLOTS = 3;
const BYTES = 4;
const BYTES_LIMIT = 5;
const OFFSETS = 6;
/** Words of the state, those of pre-tokens/piece-loops.ts among them. */
const STATE_WORDS = 16;
/** Below this address lie the state and what divide.ts keeps at fixed places. */
const FIXED_BYTES = 8192;

export class ByteStringTable {
  /** The strings, one behind another; string i is `bytes[offsets[i], offsets[i + 1])`. At least 16 bytes follow the last. */
  bytes!: Uint8Array;
  offsets!: Uint32Array;
  readonly memory = new LinearMemory(FIXED_BYTES);
  /** Replaced, as are `bytes` and `offsets`, when the memory grows. */
  state!: Int32Array;

  private readonly keys = new Int32Array(BATCH * KEY_WORDS);
  private slots!: Int32Array;
  private bytesCapacity = 0;
  private offsetsCapacity = 0;

  constructor() {
    this.memory.addOwner(() => {
      this.state = new Int32Array(this.memory.buffer, 0, STATE_WORDS);
      this.makeViews();
    });
    this.allocateSlots(INITIAL_CAPACITY);
    this.growBytes(INITIAL_CAPACITY * 8);
    this.growOffsets(INITIAL_CAPACITY);
  }

  /** Strings so far. */
  get size(): number {
    return this.state[SIZE]!;
  }

  private get mask(): number {
    return this.state[SLOT_MASK]!;
  }

  /** Makes room for `more` new strings at once, and for `bytes` of theirs. */
  reserve(more: number, bytes = 0): void {
    const strings = this.size + more;
    let capacity = this.mask + 1;
    while (strings * LOAD >= capacity) capacity *= 2;
    if (capacity > this.mask + 1) this.growSlots(capacity);
    if (strings + 1 > this.offsetsCapacity) this.growOffsets(strings + 1);
    const length = this.offsets[this.size]! + bytes;
    if (length + INLINE_BYTES > this.bytesCapacity) this.growBytes(length + INLINE_BYTES);
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
    const { slots, keys, mask } = this;
    const length = end - start;
    const w0 = keys[key]!;
    const w1 = keys[key + 1]!;
    const w2 = keys[key + 2]!;
    const w3 = keys[key + 3]!;
    const hash = keys[key + 4]!;
    let slot = (hash >>> 3) & mask;
    for (;;) {
      const at = slot * SLOT_WORDS;
      const index = slots[at + 5]! - 1;
      if (index < 0) {
        slots.set([w0, w1, w2, w3, hash, this.size + 1, length], at);
        return this.append(bytes, start, end);
      }
      const isAlike =
        slots[at] === w0 && slots[at + 1] === w1 && slots[at + 2] === w2 && slots[at + 3] === w3;
      if (isAlike && slots[at + 6] === length) {
        if (length <= INLINE_BYTES || (slots[at + 4] === hash && this.hasRest(index, bytes, start, end)))
          return index;
      }
      slot = (slot + 1) & mask;
    }
  }

  private append(bytes: Uint8Array, start: number, end: number): number {
    const index = this.size;
    const from = this.offsets[index]!;
    const to = from + end - start;
    if (to + INLINE_BYTES > this.bytesCapacity) this.growBytes(to + INLINE_BYTES);
    if (index + 2 > this.offsetsCapacity) this.growOffsets(index + 2);
    for (let i = start; i < end; i++) this.bytes[from + i - start] = bytes[i]!;
    this.offsets[index + 1] = to;
    this.state[SIZE] = index + 1;
    if ((index + 1) * LOAD > this.mask) this.growSlots(2 * (this.mask + 1));
    return index;
  }

  private hasRest(index: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.offsets[index]! - start;
    for (let i = start + INLINE_BYTES; i < end; i++) if (this.bytes[from + i] !== bytes[i]) return false;
    return true;
  }

  private makeViews(): void {
    const { buffer } = this.memory;
    this.slots = new Int32Array(buffer, this.state[SLOTS]!, (this.mask + 1) * SLOT_WORDS);
    this.bytes = new Uint8Array(buffer, this.state[BYTES]!, this.bytesCapacity);
    this.offsets = new Uint32Array(buffer, this.state[OFFSETS]!, this.offsetsCapacity);
  }

  private growBytes(least: number): void {
    const capacity = Math.max(2 * this.bytesCapacity, least);
    const address = this.memory.allocate(capacity);
    const old = this.bytes;
    this.state[BYTES] = address;
    this.state[BYTES_LIMIT] = capacity - INLINE_BYTES;
    this.bytesCapacity = capacity;
    this.makeViews();
    this.bytes.set(old);
  }

  private growOffsets(least: number): void {
    const capacity = Math.max(2 * this.offsetsCapacity, least);
    const address = this.memory.allocate(capacity * Uint32Array.BYTES_PER_ELEMENT);
    const old = this.offsets;
    this.state[OFFSETS] = address;
    this.offsetsCapacity = capacity;
    this.makeViews();
    this.offsets.set(old);
    this.limitSize();
  }

  private growSlots(capacity: number): void {
    const old = this.allocateSlots(capacity);
    for (let from = 0; from < old.length; from += SLOT_WORDS) {
      if (old[from + 5] === 0) continue;
      let slot = (old[from + 4]! >>> 3) & this.mask;
      while (this.slots[slot * SLOT_WORDS + 5] !== 0) slot = (slot + 1) & this.mask;
      this.slots.set(old.subarray(from, from + SLOT_WORDS), slot * SLOT_WORDS);
    }
  }

  // Returns the slots that there were.
  private allocateSlots(capacity: number): Int32Array {
    const address = this.memory.allocate(capacity * SLOT_WORDS * 4);
    const old = this.slots;
    this.state[SLOTS] = address;
    this.state[SLOT_MASK] = capacity - 1;
    this.makeViews();
    this.limitSize();
    return old;
  }

  // Strings for which there are slots and offsets.
  private limitSize(): void {
    this.state[SIZE_LIMIT] = Math.min(Math.floor(this.mask / LOAD), this.offsetsCapacity - 1);
  }
}

// The first `length` bytes (0 to 4) of the word at `at`, the others zero.
function tail(view: DataView, at: number, length: number): number {
  return length === 4 ? view.getInt32(at, true) : view.getInt32(at, true) & ((1 << (length << 3)) - 1);
}
