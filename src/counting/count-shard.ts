// Feeds the documents of one shard to the scanner: plain text streams through it, records of JSON lines and sentences of
// treebanks one by one.
// Invalid UTF-8 is dealt with here, before the scanner sees it.

import { isUtf8 } from "node:buffer";
import type { CorpusFile } from "../corpus/files.ts";
import { parseRecord } from "../corpus/json-record.ts";
import type { Shard } from "../corpus/shards.ts";
import { VocabError } from "../errors.ts";
import { type OnBytes, readGzip, readRange } from "../io/read-chunks.ts";
import { readLineRange } from "../io/read-lines.ts";
import { firstInvalidByte, repairUtf8 } from "../text/utf8.ts";
import type { TextSink } from "./document-collector.ts";
import { eachLine, type Read, recordLimit } from "./file-lines.ts";
import { eachSentence } from "./read-sentences.ts";
import { invalidUtf8, TextFeeder } from "./text-feeder.ts";

export type DocumentUnit = "line" | "file" | "record";
export type InvalidPolicy = "error" | "replace" | "skip";

export interface ReadOptions {
  readonly unit: DocumentUnit;
  readonly textField: string;
  readonly onInvalid: InvalidPolicy;
  readonly maxDocumentBytes: number;
  /** Called with the number of stored bytes that were read. */
  readonly onBytes?: OnBytes;
}

/**
 * Counts the documents that begin in the shard. Returns how many ill-formed sequences were replaced, or documents skipped.
 * @throws VocabError `invalid-utf8`, `invalid-json`, `document-too-large`, `corrupt-gzip`, …
 */
export async function countShard(
  scanner: TextSink,
  file: CorpusFile,
  shard: Shard,
  options: ReadOptions,
): Promise<number> {
  if (file.format === "conllu")
    return eachSentence(file, options, ({ text, offset }) => countText(scanner, file.path, offset, text));
  const isByLine = file.format === "jsonl" || options.unit === "line";
  const read: Read = (reserve, take, onBytes = options.onBytes) => {
    if (file.gzip) return readGzip(file.path, reserve, take, onBytes);
    if (isByLine) return readLineRange(file.path, shard.start, shard.end, reserve, take, onBytes);
    return readRange(file.path, shard.start, shard.end, reserve, take, onBytes);
  };
  if (file.format === "jsonl") return countRecords(scanner, file, read, options);
  if (options.onInvalid !== "skip") return stream(scanner, file, isByLine, read, options.onInvalid);
  return isByLine ? countValidLines(scanner, file, read, options) : countValidFile(scanner, file, read);
}

async function stream(
  scanner: TextSink,
  file: CorpusFile,
  isByLine: boolean,
  read: Read,
  onInvalid: "error" | "replace",
): Promise<number> {
  const feeder = new TextFeeder(scanner, file.path, isByLine, onInvalid);
  await read(feeder.reserve, feeder.take);
  return feeder.end();
}

async function countRecords(
  scanner: TextSink,
  file: CorpusFile,
  read: Read,
  options: ReadOptions,
): Promise<number> {
  let invalid = 0;
  await eachLine(file.path, read, recordLimit(options.maxDocumentBytes), (line, offset) => {
    if (line.length === 0) return;
    let bytes: Uint8Array = line;
    if (!isUtf8(bytes)) {
      if (options.onInvalid === "error") throw invalidUtf8(file.path, offset + firstInvalidByte(bytes));
      if (options.onInvalid === "skip") return void invalid++;
      const repaired = repairUtf8(bytes);
      invalid += repaired.replaced;
      bytes = repaired.bytes;
    }
    const record = parseRecord(bytes, { path: file.path, offset, textField: options.textField });
    if (record.loneSurrogates > 0) {
      if (options.onInvalid === "error") throw loneSurrogate(file.path, offset, options.textField);
      if (options.onInvalid === "skip") return void invalid++;
      invalid += record.loneSurrogates;
    }
    countText(scanner, file.path, offset, record.text);
  });
  return invalid;
}

function countText(scanner: TextSink, path: string, offset: number, text: Uint8Array): void {
  scanner.begin(path, offset, false);
  scanner.reserve(text.length).set(text);
  scanner.advance(text.length);
  scanner.end();
}

async function countValidLines(
  scanner: TextSink,
  file: CorpusFile,
  read: Read,
  options: ReadOptions,
): Promise<number> {
  let skipped = 0;
  await eachLine(file.path, read, options.maxDocumentBytes, (line, offset) => {
    if (isUtf8(line)) countText(scanner, file.path, offset, line);
    else skipped++;
  });
  return skipped;
}

// A file that is one document: looked through first, then counted or left out.
async function countValidFile(sink: TextSink, file: CorpusFile, read: Read): Promise<number> {
  try {
    await stream(
      new DiscardingSink(),
      file,
      false,
      (reserve, take) => read(reserve, take, () => {}),
      "error",
    );
  } catch (error) {
    if (error instanceof VocabError && error.code === "invalid-utf8") return 1;
    throw error;
  }
  return stream(sink, file, false, read, "error");
}

class DiscardingSink implements TextSink {
  private room = new Uint8Array(0);

  begin(): void {}

  reserve(size: number): Uint8Array {
    if (this.room.length < size) this.room = new Uint8Array(size);
    return this.room;
  }

  advance(): void {}

  end(): void {}
}

function loneSurrogate(path: string, offset: number, field: string): VocabError {
  return new VocabError(
    "invalid-utf8",
    `${path}: the record at byte ${offset} has a lone surrogate in ${JSON.stringify(field)}`,
    {
      hint: "--on-invalid replace counts U+FFFD in its place, --on-invalid skip leaves the document out",
    },
  );
}
