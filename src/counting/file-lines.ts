// The lines of a text file one by one, each of bounded size: for formats whose lines are looked at before they are counted.

import { constants } from "node:buffer";
import { VocabError } from "../errors.ts";
import { CHUNK_BYTES, type OnBytes, type Reserve, type Take } from "../io/read-chunks.ts";
import { LineCollector } from "../io/read-lines.ts";
import { markLength } from "./text-feeder.ts";

/** Reads a file, or the part of it that is wanted, as `readRange` does. */
export type Read = (reserve: Reserve, take: Take, onBytes?: OnBytes) => Promise<void> | void;

/**
 * Hands over lines of at most `limit` bytes, without their line ends and without the byte order mark that opens a file.
 * @throws VocabError `document-too-large`, `utf-16`
 */
export async function eachLine(
  path: string,
  read: Read,
  limit: number,
  sink: (line: Uint8Array, offset: number) => void,
): Promise<void> {
  const lines = new LineCollector((bytes, start, end, offset) => {
    const mark = markLength(bytes.subarray(start), offset, end - start, path);
    if (end - start - mark > limit) throw lineTooLarge(path, offset, limit);
    sink(bytes.subarray(start + mark, end), offset + mark);
  });
  await read(lines.reserve, (size, offset) => {
    const open = lines.advance(size, offset);
    // Room for a mark and the first byte of a line end.
    if (open > limit + 4) throw lineTooLarge(path, offset + size - open, limit);
    return true;
  });
  lines.end();
}

/**
 * Bytes that the record of a document may have: of JSON at most six times the text (\u0061), and other fields. Longer
 * strings do not exist in JavaScript.
 */
export function recordLimit(maxDocumentBytes: number): number {
  return Math.min(8 * maxDocumentBytes + CHUNK_BYTES, constants.MAX_STRING_LENGTH);
}

function lineTooLarge(path: string, offset: number, limit: number): VocabError {
  return new VocabError(
    "document-too-large",
    `${path}: the line at byte ${offset} is larger than ${limit} bytes`,
    {
      hint: "raise --max-document-bytes, or choose another --unit if the file has no line ends",
    },
  );
}
