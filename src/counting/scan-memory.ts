// The memory in which the hot loop works: text, inline keys and counts at fixed places, so that the loop in TypeScript and
// the one in WebAssembly (wasm/assembly/scan.ts) share them. The latter is used where its file is found and the processor
// has what it needs; the former is its twin and gives the same counts, order and hashes.

import { cutKindOfPair, cutKinds } from "../text/cut-rule.ts";
import { loadWasm } from "../wasm/load-wasm.ts";

const FRONT_BITS = 15;
export const FRONT_MASK = (1 << FRONT_BITS) - 1;
/** Words of a slot in front: the key (4), count, patience, number of its slot in the main table, unused. Half a cache line. */
export const FRONT_WORDS = 8;
/** Misses that a slot in front survives before a newcomer takes it: keeps the frequent key of two that collide. */
export const PATIENCE = 4;
/** Words of a slot in the main table: the key (4), the count as a double (2), unused (2). One cache miss finds both. */
export const SLOT_WORDS = 8;
export const COUNT_STRIDE = SLOT_WORDS / 2;
export const COUNT_AT = 2;
/** The loop reads up to this many bytes past the text. */
export const TEXT_PADDING = 32;

// Words of the state.
export const AT = 0;
export const HASH_A = 1;
export const HASH_B = 2;
export const AT_DOCUMENT_START = 3;
export const DOCUMENT_AT = 4;
const SLOT_MASK = 5;
const USED = 6;
const LONG_QUEUED = 7;
const LONG_BYTES = 8;
const LONG_TEXT_USED = 9;

// Byte addresses; wasm/assembly/scan.ts has the same.
const KEY_MASKS = 1024;
const LONG_QUEUE = 8192;
/** Words of a segment that waits for the table of longer ones: place in their text, size, hash, unused. */
export const LONG_ENTRY_WORDS = 4;
const LONG_ENTRIES = 3072;
const CUT_KIND_OF_PAIR = 0x10000;
const CUT_KINDS = 0x20000;
const LONG_TEXT = 0x30000;
/** The text of the segments that wait, and what is written behind it, in whole blocks. */
export const LONG_TEXT_BYTES = 0x1f000;
export const LONG_TEXT_PADDING = 16;
const FRONT = 0x50000;
const SLOTS = FRONT + (FRONT_MASK + 1) * FRONT_WORDS * 4;
const PAGE = 0x10000;

export const REACHED_LIMIT = 0;
export const SLOW_SEGMENT = 1;
export const TABLE_FULL = 2;
export const LONG_QUEUE_FULL = 3;

/** Told of the end of a document, with its place in the text and its two hashes. */
export type EndDocument = (start: number, end: number, hashA: number, hashB: number) => void;

/** Segments that are longer than a key, for another table. */
export interface QueuedKeys {
  /** `LONG_ENTRY_WORDS` of each: place in the text, size, hash. */
  readonly entries: Int32Array;
  readonly text: Uint8Array;
}

export class ScanMemory {
  readonly state: Int32Array;
  readonly front: Int32Array;
  readonly slots: Int32Array;
  readonly counts: Float64Array;
  readonly text: Uint8Array;
  readonly view: DataView;
  private readonly longQueue: Int32Array;
  private readonly longText: Uint8Array;
  /** The loop in WebAssembly: `scan` up to a limit, by lines or not; says why it stopped. Undefined without WebAssembly. */
  readonly scan: ((limit: number, lines: boolean) => number) | undefined;

  /**
   * @param slotCapacity a power of two
   * @param longBytes longer segments are not for the table; the loop in WebAssembly leaves those alone that its queue cannot hold
   */
  constructor(slotCapacity: number, textCapacity: number, longBytes: number, endDocument: EndDocument) {
    const textAt = SLOTS + slotCapacity * SLOT_WORDS * 4;
    const bytes = textAt + textCapacity + TEXT_PADDING;
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
    const buffer = memory.buffer;
    this.state = new Int32Array(buffer, 0, 16);
    this.front = new Int32Array(buffer, FRONT, (FRONT_MASK + 1) * FRONT_WORDS);
    this.slots = new Int32Array(buffer, SLOTS, slotCapacity * SLOT_WORDS);
    this.counts = new Float64Array(buffer, SLOTS, slotCapacity * COUNT_STRIDE);
    this.longQueue = new Int32Array(buffer, LONG_QUEUE, LONG_ENTRIES * LONG_ENTRY_WORDS);
    this.longText = new Uint8Array(buffer, LONG_TEXT, LONG_TEXT_BYTES);
    this.text = new Uint8Array(buffer, textAt, textCapacity + TEXT_PADDING);
    this.view = new DataView(buffer, textAt, textCapacity + TEXT_PADDING);
    this.state[SLOT_MASK] = slotCapacity - 1;
    this.state[LONG_BYTES] = Math.min(longBytes, LONG_TEXT_BYTES);
    this.scan = instantiate(memory, textAt, endDocument);
  }

  get slotMask(): number {
    return this.state[SLOT_MASK]!;
  }

  /** Slots in use. */
  get used(): number {
    return this.state[USED]!;
  }

  set used(value: number) {
    this.state[USED] = value;
  }

  /** Segments longer than a key that the last call of `scan` took. */
  get queued(): QueuedKeys {
    return {
      entries: this.longQueue.subarray(0, this.state[LONG_QUEUED]! * LONG_ENTRY_WORDS),
      text: this.longText.subarray(0, this.state[LONG_TEXT_USED]),
    };
  }

  /** Text that fits. */
  get textCapacity(): number {
    return this.text.length - TEXT_PADDING;
  }
}

function instantiate(
  memory: WebAssembly.Memory,
  textAt: number,
  endDocument: EndDocument,
): ScanMemory["scan"] {
  const module = loadWasm("scan");
  if (module === undefined) return undefined;
  const masks = new Uint8Array(memory.buffer, KEY_MASKS, 17 * 16);
  for (let size = 0; size <= 16; size++) masks.fill(0xff, size * 16, size * 16 + size);
  new Uint8Array(memory.buffer, CUT_KIND_OF_PAIR, 0x10000).set(cutKindOfPair);
  new Uint8Array(memory.buffer, CUT_KINDS, 0x10000).set(cutKinds.subarray(0, 0x10000));
  const instance = new WebAssembly.Instance(module, { env: { memory, endDocument } });
  const scan = instance.exports["scan"] as (
    text: number,
    slots: number,
    limit: number,
    lines: number,
  ) => number;
  return (limit, lines) => scan(textAt, SLOTS, limit, lines ? 1 : 0);
}
