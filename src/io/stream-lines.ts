// The lines of a byte stream, as they come: for the verbs that are used in pipes.

import { VocabError } from "../errors.ts";
import { LineCollector } from "./read-lines.ts";

/** A line stands in memory as a whole. Far below the longest string and the longest list of ids that Node can hold. */
const MAX_LINE_BYTES = 256 * 1024 * 1024;

export interface StreamLine {
  /** Without its line end (LF or CRLF). Valid during the call only. */
  readonly bytes: Uint8Array;
  /** From 1. */
  readonly number: number;
  /** Where the line begins in the stream. */
  readonly offset: number;
}

/**
 * Converts each line; yields, for each piece of `input`, the results of the lines that end in it, so that a person who
 * types a line gets an answer, and a file of gigabytes is never held.
 * @throws VocabError `line-too-long`
 */
export async function* streamLines<T>(
  input: AsyncIterable<Uint8Array>,
  convert: (line: StreamLine) => T,
): AsyncGenerator<T[]> {
  let converted: T[] = [];
  let number = 0;
  const lines = new LineCollector((bytes, start, end, offset) => {
    number++;
    converted.push(convert({ bytes: bytes.subarray(start, end), number, offset }));
  });
  let offset = 0;
  for await (const piece of input) {
    lines.reserve(piece.length).set(piece);
    const pending = lines.advance(piece.length, offset);
    if (pending > MAX_LINE_BYTES) throw tooLong(number + 1);
    offset += piece.length;
    if (converted.length > 0) yield converted;
    converted = [];
  }
  lines.end();
  if (converted.length > 0) yield converted;
}

function tooLong(line: number): VocabError {
  return new VocabError("line-too-long", `line ${line} of the input is longer than ${MAX_LINE_BYTES} bytes`, {
    hint: "put line ends into the text",
  });
}
