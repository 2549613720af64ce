// Writes segments.bin, as the version of vocab that made such folders did.

import type { SegmentCounts } from "../../src/counting/segment-counts.ts";

const MAGIC = Buffer.from("vocab.counts/1\n", "latin1");
/** Longest LEB128 number below 2⁵³. */
const MAX_NUMBER_BYTES = 8;

/** @param tables in the order in which `decodeCounts` returns them; each segment stands once in a table */
export function encodeCounts(tables: readonly SegmentCounts[]): Uint8Array {
  const out = new ByteWriter();
  out.bytes(MAGIC, 0, MAGIC.length);
  for (const table of tables) encodeTable(table, out);
  return out.done();
}

function encodeTable(table: SegmentCounts, out: ByteWriter): void {
  const { bytes, offsets, counts } = table;
  out.number(counts.length);
  out.number(counts.length === 0 ? 0 : offsets[counts.length]! - offsets[0]!);
  let previous = 0;
  let previousLength = 0;
  for (const i of inByteOrder(table)) {
    const start = offsets[i]!;
    const length = offsets[i + 1]! - start;
    let shared = 0;
    while (shared < length && shared < previousLength && bytes[start + shared] === bytes[previous + shared])
      shared++;
    out.number(shared);
    out.number(length - shared);
    out.bytes(bytes, start + shared, start + length);
    out.number(counts[i]!);
    previous = start;
    previousLength = length;
  }
}

// The mark of a document's start was a byte like the others.
function inByteOrder({ bytes, offsets, counts }: SegmentCounts): number[] {
  const segment = (i: number) => bytes.subarray(offsets[i]!, offsets[i + 1]!);
  return Array.from(counts, (_, i) => i).sort((a, b) => Buffer.compare(segment(a), segment(b)));
}

class ByteWriter {
  private buffer = new Uint8Array(1 << 16);
  private length = 0;

  number(value: number): void {
    this.reserve(MAX_NUMBER_BYTES);
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.buffer[this.length++] = (rest % 0x80) | 0x80;
    this.buffer[this.length++] = rest;
  }

  bytes(from: Uint8Array, start: number, end: number): void {
    this.reserve(end - start);
    for (let at = start; at < end; at++) this.buffer[this.length++] = from[at]!;
  }

  done(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  private reserve(more: number): void {
    if (this.length + more <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(2 * this.buffer.length, this.length + more));
    larger.set(this.buffer);
    this.buffer = larger;
  }
}
