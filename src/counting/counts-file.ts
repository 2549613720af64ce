// Segment counts as bytes on disk (docs/counts.md): tables of segments in canonical order, each segment as what it does
// not share with the one before it, then its count. Numbers are LEB128.

import { VocabError } from "../errors.ts";
import { sortedOrder } from "./canonical-counts.ts";
import { SEGMENT_PADDING, type SegmentCounts } from "./segment-counts.ts";

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
  for (const i of sortedOrder(table)) {
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

/**
 * @param name of the file, for messages
 * @throws VocabError `counts-invalid` when the bytes are not `tables` tables
 */
export function decodeCounts(data: Uint8Array, tables: number, name: string): SegmentCounts[] {
  if (!MAGIC.equals(data.subarray(0, MAGIC.length)))
    throw invalidCounts(name, "does not begin as a file of counts");
  const reader = new ByteReader(data, MAGIC.length, name);
  const decoded = Array.from({ length: tables }, () => decodeTable(reader));
  if (reader.at !== data.length) throw invalidCounts(name, `goes on behind its end at byte ${reader.at}`);
  return decoded;
}

function decodeTable(reader: ByteReader): SegmentCounts {
  const size = reader.number();
  const total = reader.number();
  // Each segment takes three bytes at least, and shared bytes are not stored: an upper bound against nonsense.
  if (size > reader.left || total > 2 ** 32) throw reader.damaged();
  const bytes = new Uint8Array(total + SEGMENT_PADDING);
  const offsets = new Uint32Array(size + 1);
  const counts = new Float64Array(size);
  let previous = 0;
  let at = 0;
  for (let i = 0; i < size; i++) {
    const shared = reader.number();
    const rest = reader.number();
    if (shared > at - previous || at + shared + rest > total) throw reader.damaged();
    bytes.copyWithin(at, previous, previous + shared);
    reader.bytes(bytes, at + shared, rest);
    previous = at;
    at += shared + rest;
    offsets[i + 1] = at;
    counts[i] = reader.number();
  }
  if (at !== total) throw reader.damaged();
  return { bytes, offsets, counts };
}

export function invalidCounts(name: string, what: string, cause?: unknown): VocabError {
  return new VocabError("counts-invalid", `${name}: ${what}`, {
    cause,
    hint: "count the corpus again: vocab count --corpus … --lang … --out DIR",
  });
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

class ByteReader {
  at: number;
  private readonly data: Uint8Array;
  private readonly name: string;

  constructor(data: Uint8Array, at: number, name: string) {
    this.data = data;
    this.at = at;
    this.name = name;
  }

  get left(): number {
    return this.data.length - this.at;
  }

  number(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < MAX_NUMBER_BYTES; i++) {
      if (this.at >= this.data.length) throw this.damaged();
      const byte = this.data[this.at++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
    throw this.damaged();
  }

  bytes(to: Uint8Array, at: number, size: number): void {
    if (size > this.left) throw this.damaged();
    for (let i = 0; i < size; i++) to[at + i] = this.data[this.at++]!;
  }

  damaged(): VocabError {
    return invalidCounts(this.name, `damaged at byte ${this.at}`);
  }
}
