// Passes whole documents on to a sink: records, and lines that were looked at first.

import { isUtf8 } from "node:buffer";
import { VocabError } from "../errors.ts";
import { firstInvalidByte, repairUtf8 } from "../text/utf8.ts";
import type { ReadOptions } from "./count-shard.ts";
import type { TextSink } from "./document-collector.ts";

/** A document of well-formed UTF-8. */
export function passDocument(sink: TextSink, path: string, offset: number, text: Uint8Array): void {
  sink.begin(path, offset, false);
  sink.reserve(text.length).set(text);
  sink.advance(text.length);
  sink.end();
}

/** Where a record stands. */
export interface RecordPlace {
  readonly path: string;
  /** In bytes of the decompressed file, or the number of a row: what orders the documents of a file. */
  readonly offset: number;
  /** The place of a byte of the record, for messages: "a.wet: invalid UTF-8 at byte 17". */
  readonly describe: (what: string, byte?: number) => string;
}

/**
 * A record as it stands in a file. Returns how many ill-formed sequences were replaced, or 1 when it was left out.
 * @throws VocabError `invalid-utf8`, `document-too-large`
 */
export function passRecord(
  sink: TextSink,
  place: RecordPlace,
  record: Uint8Array,
  { onInvalid, maxDocumentBytes }: ReadOptions,
): number {
  const { path, offset, describe } = place;
  if (record.length > maxDocumentBytes) throw recordTooLarge(describe, record.length, maxDocumentBytes);
  if (isUtf8(record)) {
    passDocument(sink, path, offset, record);
    return 0;
  }
  if (onInvalid === "skip") return 1;
  if (onInvalid === "error")
    throw new VocabError("invalid-utf8", describe("invalid UTF-8", firstInvalidByte(record)), {
      hint: "--on-invalid replace counts U+FFFD in its place, --on-invalid skip leaves the document out",
    });
  const { bytes, replaced } = repairUtf8(record);
  if (bytes.length > maxDocumentBytes) throw recordTooLarge(describe, bytes.length, maxDocumentBytes);
  passDocument(sink, path, offset, bytes);
  return replaced;
}

export function recordTooLarge(
  describe: RecordPlace["describe"],
  bytes: number,
  maxDocumentBytes: number,
): VocabError {
  return new VocabError(
    "document-too-large",
    describe(`a record of ${bytes} bytes is larger than ${maxDocumentBytes} bytes`),
    { hint: "raise --max-document-bytes" },
  );
}
