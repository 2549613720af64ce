// The two ends of a program that counts in a pipe, for Spark (spark/README.md): documents come in, each behind its length,
// and counts go out as rows that whoever reads them adds up.

import { VocabError } from "../errors.ts";
import { DOCUMENT_START, type SegmentCounts } from "./segment-counts.ts";
import { opensDocument } from "./sorted-counts.ts";

const LENGTH_BYTES = 4;

/**
 * The documents of a stream, each behind its length in bytes (32 bits, little-endian): 03 00 00 00 61 62 63 → "abc".
 * Those that one piece of the input completes come together. They are valid until the next ones are asked for.
 * @throws VocabError `cut-stream`, `document-too-large`
 */
export async function* framedDocuments(
  input: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array[]> {
  let left: Buffer = Buffer.alloc(0);
  let number = 0;
  for await (const piece of input) {
    const bytes = left.length === 0 ? Buffer.from(piece) : Buffer.concat([left, piece]);
    const documents: Uint8Array[] = [];
    let at = 0;
    while (at + LENGTH_BYTES <= bytes.length) {
      const start = at + LENGTH_BYTES;
      const size = bytes.readUInt32LE(at);
      if (size > maxBytes) throw tooLarge(number + documents.length, size, maxBytes);
      if (start + size > bytes.length) break;
      documents.push(bytes.subarray(start, start + size));
      at = start + size;
    }
    number += documents.length;
    left = bytes.subarray(at);
    if (documents.length > 0) yield documents;
  }
  if (left.length > 0)
    throw new VocabError("cut-stream", `the input ends in the middle of document ${number}`, {
      hint: "each document stands behind its length in bytes, 32 bits, little-endian",
    });
}

const OPENS_DOCUMENT = 1;
const HELD_OUT = 2;
const HEADER_BYTES = 13;

/**
 * Counts as rows: a byte of flags (1: opens its document, 2: held out), the count as a double, the length of the segment
 * (32 bits), all little-endian, and its UTF-8.
 * @param sign -1 for counts that are to be taken off
 */
export function rowsOf({ bytes, offsets, counts }: SegmentCounts, heldOut: boolean, sign: 1 | -1): Buffer {
  const rows = Buffer.alloc(counts.length * HEADER_BYTES + offsets[counts.length]!);
  let at = 0;
  for (let i = 0; i < counts.length; i++) {
    const start = offsets[i]!;
    const flags = (opensDocument(bytes, start) ? OPENS_DOCUMENT : 0) | (heldOut ? HELD_OUT : 0);
    const segment = bytes.subarray(bytes[start] === DOCUMENT_START ? start + 1 : start, offsets[i + 1]);
    at = writeRow(rows, at, flags, sign * counts[i]!, segment);
  }
  return rows.subarray(0, at);
}

/** What was replaced or left out: the count of the segment of no bytes, which no document has. */
export function rowOfInvalid(invalid: number): Buffer {
  const row = Buffer.alloc(HEADER_BYTES);
  writeRow(row, 0, 0, invalid, new Uint8Array(0));
  return row;
}

function writeRow(rows: Buffer, at: number, flags: number, count: number, segment: Uint8Array): number {
  rows[at] = flags;
  rows.writeDoubleLE(count, at + 1);
  rows.writeUInt32LE(segment.length, at + 9);
  rows.set(segment, at + HEADER_BYTES);
  return at + HEADER_BYTES + segment.length;
}

function tooLarge(number: number, size: number, limit: number): VocabError {
  return new VocabError(
    "document-too-large",
    `document ${number} of the input has ${size} bytes; ${limit} are the limit`,
    { hint: "raise --max-document-bytes" },
  );
}
