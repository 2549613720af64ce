// Decodes what stands in a page of a parquet file: levels, and strings as the bytes that they are. hyparquet would make
// JavaScript strings of them, and invalid UTF-8 would become U+FFFD unseen.

import type { Hyparquet } from "./hyparquet.ts";

export type Dictionary = readonly Uint8Array[];

/**
 * `count` strings in one of the encodings that strings may have. They are views of `bytes`, or of the dictionary's page.
 * @throws Error saying what is wrong
 */
export function readStrings(
  library: Hyparquet,
  bytes: Uint8Array,
  encoding: string,
  count: number,
  dictionary: Dictionary | undefined,
): readonly Uint8Array[] {
  if (encoding === "PLAIN") return readPlain(bytes, count);
  if (encoding === "PLAIN_DICTIONARY" || encoding === "RLE_DICTIONARY")
    return readIndexed(bytes, count, dictionary);
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  const values = new Array<Uint8Array>(count);
  if (encoding === "DELTA_LENGTH_BYTE_ARRAY") library.readDeltaLengths(reader, count, values);
  else if (encoding === "DELTA_BYTE_ARRAY") library.readDeltas(reader, count, values);
  else throw new Error(`the encoding ${encoding} is not known for strings`);
  if (reader.offset > bytes.length) throw new Error("strings reach behind the page");
  return values;
}

/** Each string behind its length, in four bytes. */
export function readPlain(bytes: Uint8Array, count: number): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Array<Uint8Array>(count);
  let at = 0;
  for (let i = 0; i < count; i++) {
    const start = at + 4;
    at = start + view.getUint32(at, true);
    if (at > bytes.length) throw new Error(`string ${i} of ${count} reaches behind the page`);
    values[i] = bytes.subarray(start, at);
  }
  return values;
}

function readIndexed(bytes: Uint8Array, count: number, dictionary: Dictionary | undefined): Uint8Array[] {
  if (count === 0) return [];
  if (dictionary === undefined) throw new Error("its dictionary is missing");
  const indexes = readHybrid(bytes, 1, bytes.length, bytes[0]!, count);
  return Array.from(indexes, (index) => {
    const value = dictionary[index];
    if (value === undefined)
      throw new Error(`the dictionary has ${dictionary.length} strings, not ${index + 1}`);
    return value;
  });
}

/**
 * `count` numbers of `width` bits in `bytes[start, end)`, in runs: of one value repeated, or packed in groups of eight.
 * hyparquet has the same, but a damaged length of a run would make it write until the memory is full.
 * [0x06, 0x01] → 1, 1, 1 (0x06: three times), [0x03, 0b00_01_10_11, 0b00_00_00_00], width 2 → 3, 2, 1, 0, 0, 0, 0, 0
 */
export function readHybrid(
  bytes: Uint8Array,
  start: number,
  end: number,
  width: number,
  count: number,
): Int32Array {
  if (width > 32 || end > bytes.length) throw new Error("levels or indexes reach behind the page");
  const values = new Int32Array(count);
  const valueBytes = (width + 7) >> 3;
  let at = start;
  for (let filled = 0; filled < count; ) {
    let header = 0;
    for (let shift = 0; ; shift += 7) {
      if (at >= end || shift > 28) throw new Error(`${filled} levels or indexes stand where ${count} should`);
      header |= (bytes[at]! & 0x7f) << shift;
      if (bytes[at++]! < 0x80) break;
    }
    const size = Math.min(count - filled, (header & 1) === 0 ? header >>> 1 : (header >>> 1) * 8);
    if ((header & 1) === 0) {
      if (at + valueBytes > end) throw new Error("a run reaches behind the page");
      values.fill(littleEndian(bytes, at, valueBytes), filled, filled + size);
      at += valueBytes;
    } else {
      // The last group may be cut off where the values end.
      if (at + Math.ceil((size * width) / 8) > end) throw new Error("a run reaches behind the page");
      for (let i = 0; i < size; i++) values[filled + i] = bitsAt(bytes, at * 8 + i * width, width);
      at += (header >>> 1) * width;
    }
    filled += size;
  }
  return values;
}

function littleEndian(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let i = 0; i < size; i++) value |= bytes[at + i]! << (8 * i);
  return value;
}

// Up to 32 bits, the lowest of each byte first; they may lie in five bytes.
function bitsAt(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let got = 0; got < width; ) {
    const bit = (at + got) & 7;
    const size = Math.min(8 - bit, width - got);
    value |= ((bytes[(at + got) >> 3]! >> bit) & ((1 << size) - 1)) << got;
    got += size;
  }
  return value;
}
