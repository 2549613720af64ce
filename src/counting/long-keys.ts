// The keys of a segment table that are too long to lie inline: their bytes one behind another, found by a hash.

const RECORD_WORDS = 4;
const COUNT_STRIDE = RECORD_WORDS / 2;
/** Bytes that a key takes beside its own: its record, and up to four slots. */
const KEY_BYTES = RECORD_WORDS * 4 + 4 * 8;

export class LongKeys {
  used = 0;
  bytes = new Uint8Array(1 << 16);
  /** Of `bytes`, what is used. */
  length = 0;
  /** By key: its place in `bytes`, its length, its count (a double). */
  private records = new Int32Array(RECORD_WORDS << 12);
  private counts = new Float64Array(this.records.buffer);
  /** Hash and number of a key + 1 (0 = free). */
  private slots = new Int32Array(2 << 13);

  /** Bytes of memory that are in use, about. */
  get room(): number {
    return this.length + this.used * KEY_BYTES;
  }

  startOf(index: number): number {
    return this.records[index * RECORD_WORDS]!;
  }

  endOf(index: number): number {
    return this.startOf(index) + this.records[index * RECORD_WORDS + 1]!;
  }

  countOf(index: number): number {
    return this.counts[index * COUNT_STRIDE + 1]!;
  }

  clear(): void {
    this.length = 0;
    this.used = 0;
    this.slots.fill(0);
  }

  /** Adds `count` occurrences of `bytes[start, end)`. */
  add(bytes: Uint8Array, start: number, end: number, hash: number, count: number): void {
    const { slots } = this;
    const mask = (slots.length >> 1) - 1;
    let at = hash & mask;
    for (;;) {
      const index = slots[2 * at + 1]! - 1;
      if (index < 0) break;
      if (slots[2 * at] === hash && this.equals(index, bytes, start, end)) {
        this.counts[index * COUNT_STRIDE + 1]! += count;
        return;
      }
      at = (at + 1) & mask;
    }
    slots[2 * at] = hash;
    slots[2 * at + 1] = this.append(bytes, start, end, count) + 1;
    if (this.used * 4 > slots.length) this.growSlots();
  }

  private equals(index: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.records[index * RECORD_WORDS]! - start;
    if (this.records[index * RECORD_WORDS + 1]! !== end - start) return false;
    for (let i = start; i < end; i++) if (this.bytes[from + i] !== bytes[i]) return false;
    return true;
  }

  private append(bytes: Uint8Array, start: number, end: number, count: number): number {
    const from = this.length;
    const needed = from + end - start;
    if (needed > this.bytes.length)
      this.bytes = enlarge(this.bytes, new Uint8Array(Math.max(needed, 2 * this.bytes.length)));
    const index = this.used++;
    if (this.used * RECORD_WORDS > this.records.length) {
      this.records = enlarge(this.records, new Int32Array(2 * this.records.length));
      this.counts = new Float64Array(this.records.buffer);
    }
    for (let i = start; i < end; i++) this.bytes[from + i - start] = bytes[i]!;
    this.length = needed;
    this.records[index * RECORD_WORDS] = from;
    this.records[index * RECORD_WORDS + 1] = end - start;
    this.counts[index * COUNT_STRIDE + 1] = count;
    return index;
  }

  private growSlots(): void {
    const old = this.slots;
    this.slots = new Int32Array(2 * old.length);
    const mask = (this.slots.length >> 1) - 1;
    for (let from = 0; from < old.length; from += 2) {
      if (old[from + 1] === 0) continue;
      let at = old[from]! & mask;
      while (this.slots[2 * at + 1] !== 0) at = (at + 1) & mask;
      this.slots[2 * at] = old[from]!;
      this.slots[2 * at + 1] = old[from + 1]!;
    }
  }
}

function enlarge<T extends Uint8Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
