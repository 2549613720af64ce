// The keys of a segment table that are too long to lie inline: their bytes one behind another, found by a hash. They lie in
// memory that the loop of wasm/assembly/long-keys.ts shares; `add` is its twin.

import { loadWasm } from "../wasm/load-wasm.ts";
import { LONG_ENTRY_WORDS, LONG_TEXT_BYTES, LONG_TEXT_PADDING, type QueuedKeys } from "./scan-memory.ts";

/** Words of a slot: hash, place in the bytes, size, number + 1 (0 = free). */
const SLOT_WORDS = 4;
/** Slots for each key, at least. */
const LOAD = 2;
const LEAST_SLOTS = 1 << 10;
/** Bytes of keys for each slot at first. */
const SLOT_TEXT_BYTES = 16;
/** Bytes that a key takes beside its own: its count, its end, and up to four slots. */
const KEY_BYTES = 8 + 4 + 4 * SLOT_WORDS * 4;

// Words of the state, and byte addresses; wasm/assembly/long-keys.ts has the same.
const USED = 0;
const LENGTH = 1;
const QUEUE = 1024;
const TEXT = 65536;
const SLOTS = 0x40000;
const PAGE = 0x10000;

interface Memory {
  readonly state: Int32Array;
  readonly queue: Int32Array;
  readonly text: Uint8Array;
  readonly slots: Int32Array;
  readonly counts: Float64Array;
  readonly ends: Int32Array;
  readonly bytes: Uint8Array;
  /** Counts so many keys of the queue, in WebAssembly. */
  readonly addQueued: ((count: number) => void) | undefined;
}

export class LongKeys {
  private memory: Memory;

  /** @param expectedKeys how many there will be, about: growing moves them all */
  constructor(expectedKeys = 0) {
    const slots = Math.max(LEAST_SLOTS, 2 ** Math.ceil(Math.log2(LOAD * expectedKeys + 1)));
    this.memory = newMemory(slots, slots * SLOT_TEXT_BYTES);
  }

  get used(): number {
    return this.memory.state[USED]!;
  }

  /** The keys, one behind another. */
  get bytes(): Uint8Array {
    return this.memory.bytes;
  }

  /** Of `bytes`, what is used. */
  get length(): number {
    return this.memory.state[LENGTH]!;
  }

  /** Bytes of memory that are in use, about. */
  get room(): number {
    return this.roomFor(this.used, this.length);
  }

  startOf(index: number): number {
    return index === 0 ? 0 : this.memory.ends[index - 1]!;
  }

  endOf(index: number): number {
    return this.memory.ends[index]!;
  }

  countOf(index: number): number {
    return this.memory.counts[index]!;
  }

  clear(): void {
    this.memory.counts.fill(0, 0, this.used);
    this.memory.slots.fill(0);
    this.memory.state[USED] = 0;
    this.memory.state[LENGTH] = 0;
  }

  /** Memory that so many keys of so many bytes together need, about. */
  roomFor(keys: number, bytes: number): number {
    return bytes + keys * KEY_BYTES;
  }

  /** Adds an occurrence of each queued key, in order. */
  addQueued({ entries, text }: QueuedKeys): void {
    const count = entries.length / LONG_ENTRY_WORDS;
    this.reserve(count, text.length);
    const { memory } = this;
    if (memory.addQueued === undefined) {
      for (let at = 0; at < entries.length; at += LONG_ENTRY_WORDS)
        this.add(text, entries[at]!, entries[at]! + entries[at + 1]!, entries[at + 2]!, 1);
      return;
    }
    memory.queue.set(entries);
    memory.text.set(text);
    memory.addQueued(count);
  }

  /** Adds `count` occurrences of `bytes[start, end)`. */
  add(bytes: Uint8Array, start: number, end: number, hash: number, count: number): void {
    this.reserve(1, end - start);
    const { slots, counts } = this.memory;
    const mask = slots.length / SLOT_WORDS - 1;
    let at = hash & mask;
    for (;;) {
      const slot = at * SLOT_WORDS;
      const number = slots[slot + 3]! - 1;
      if (number < 0) {
        slots.set([hash, this.length, end - start, this.used + 1], slot);
        counts[this.append(bytes, start, end)]! += count;
        return;
      }
      const isAlike = slots[slot] === hash && slots[slot + 2] === end - start;
      if (isAlike && this.equals(slots[slot + 1]!, bytes, start, end)) {
        counts[number]! += count;
        return;
      }
      at = (at + 1) & mask;
    }
  }

  private equals(from: number, bytes: Uint8Array, start: number, end: number): boolean {
    const own = this.memory.bytes;
    for (let i = start; i < end; i++) if (own[from + i - start] !== bytes[i]) return false;
    return true;
  }

  // Returns the number of the new key.
  private append(bytes: Uint8Array, start: number, end: number): number {
    const { state, ends, bytes: own } = this.memory;
    const number = this.used;
    const from = this.length;
    for (let i = start; i < end; i++) own[from + i - start] = bytes[i]!;
    ends[number] = from + end - start;
    state[USED] = number + 1;
    state[LENGTH] = ends[number]!;
    return number;
  }

  // Makes room for `keys` more, of `size` bytes together.
  private reserve(keys: number, size: number): void {
    const old = this.memory;
    let slots = old.slots.length / SLOT_WORDS;
    while ((this.used + keys) * LOAD > slots) slots *= 2;
    let bytes = old.bytes.length;
    while (this.length + size > bytes) bytes *= 2;
    if (slots * SLOT_WORDS === old.slots.length && bytes === old.bytes.length) return;
    const memory = newMemory(slots, bytes);
    memory.state.set(old.state);
    memory.counts.set(old.counts.subarray(0, this.used));
    memory.ends.set(old.ends.subarray(0, this.used));
    memory.bytes.set(old.bytes.subarray(0, this.length));
    moveSlots(old.slots, memory.slots);
    this.memory = memory;
  }
}

function moveSlots(from: Int32Array, to: Int32Array): void {
  if (from.length === to.length) return to.set(from);
  const mask = to.length / SLOT_WORDS - 1;
  for (let old = 0; old < from.length; old += SLOT_WORDS) {
    if (from[old + 3] === 0) continue;
    let slot = (from[old]! & mask) * SLOT_WORDS;
    while (to[slot + 3] !== 0) slot = (slot + SLOT_WORDS) & (to.length - 1);
    for (let i = 0; i < SLOT_WORDS; i++) to[slot + i] = from[old + i]!;
  }
}

function newMemory(slots: number, bytes: number): Memory {
  const keys = slots / LOAD;
  const countsAt = SLOTS + slots * SLOT_WORDS * 4;
  const endsAt = countsAt + keys * 8;
  const bytesAt = endsAt + keys * 4;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((bytesAt + bytes) / PAGE) });
  const { buffer } = memory;
  const module = loadWasm("long-keys");
  return {
    state: new Int32Array(buffer, 0, 2),
    queue: new Int32Array(buffer, QUEUE, (TEXT - QUEUE) / 4),
    text: new Uint8Array(buffer, TEXT, LONG_TEXT_BYTES + LONG_TEXT_PADDING),
    slots: new Int32Array(buffer, SLOTS, slots * SLOT_WORDS),
    counts: new Float64Array(buffer, countsAt, keys),
    ends: new Int32Array(buffer, endsAt, keys),
    bytes: new Uint8Array(buffer, bytesAt, bytes),
    addQueued:
      module === undefined ? undefined : loopOver(module, memory, slots, { countsAt, endsAt, bytesAt }),
  };
}

function loopOver(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  slots: number,
  { countsAt, endsAt, bytesAt }: Readonly<Record<"countsAt" | "endsAt" | "bytesAt", number>>,
): (count: number) => void {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const addQueued = exports["addQueued"] as (count: number, ...places: number[]) => void;
  return (count) => addQueued(count, SLOTS, slots - 1, countsAt, endsAt, bytesAt);
}
