// Feeds the texts of a WARC file to the scanner, a record at a time.

import { WarcRecords } from "../corpus/warc-records.ts";
import type { ReadOptions } from "./count-shard.ts";
import type { TextSink } from "./document-collector.ts";
import type { Read } from "./file-lines.ts";
import { passRecord, recordTooLarge } from "./pass-document.ts";

/**
 * Returns how many ill-formed sequences were replaced, or documents skipped.
 * @throws VocabError `corrupt-warc`, `invalid-utf8`, `document-too-large`
 */
export async function countWarc(
  sink: TextSink,
  path: string,
  read: Read,
  options: ReadOptions,
): Promise<number> {
  let invalid = 0;
  const describe = (offset: number) => (what: string, byte?: number) =>
    byte === undefined
      ? `${path}: the record at byte ${offset}: ${what}`
      : `${path}: ${what} at byte ${offset + byte}`;
  const records = new WarcRecords(
    path,
    (bytes, offset) => {
      const limit = options.maxDocumentBytes;
      if (bytes > limit) throw recordTooLarge(describe(offset), bytes, limit);
    },
    (text, offset) => {
      invalid += passRecord(sink, { path, offset, describe: describe(offset) }, text, options);
    },
  );
  await read(records.reserve, records.take);
  records.end();
  return invalid;
}
