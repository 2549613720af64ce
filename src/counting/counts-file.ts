// segments.bin, which held the counts before they were Parquet, and is read and no longer written (docs/counts.md): tables of
// segments in order, each as what it does not share with the one before it, then its count. Numbers are LEB128.

import { VocabError } from "../errors.ts";
import { SEGMENT_PADDING, type SegmentCounts } from "./segment-counts.ts";

const MAGIC = Buffer.from("vocab.counts/1\n", "latin1");
/** Longest LEB128 number below 2⁵³. */
const MAX_NUMBER_BYTES = 8;

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
