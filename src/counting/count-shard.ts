// Feeds the documents of one shard to the scanner: plain text streams through it, records of JSON lines one by one.
// Invalid UTF-8 is dealt with here, before the scanner sees it.

import { isUtf8 } from "node:buffer";
import type { CorpusFile } from "../corpus/files.ts";
import { parseRecord } from "../corpus/json-record.ts";
import type { Shard } from "../corpus/shards.ts";
import { VocabError } from "../errors.ts";
import {
  CHUNK_BYTES,
  type OnBytes,
  type Reserve,
  readGzip,
  readRange,
  type Take,
} from "../io/read-chunks.ts";
import { LineCollector, readLineRange } from "../io/read-lines.ts";
import { firstInvalidByte, incompleteTail, repairUtf8 } from "../text/utf8.ts";
import type { TextSink } from "./document-collector.ts";

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

type Read = (reserve: Reserve, take: Take) => Promise<void> | void;

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
  const isByLine = file.format === "jsonl" || options.unit === "line";
  const onBytes = options.onBytes ?? (() => {});
  const read: Read = (reserve, take) => {
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

/** Passes pieces of a file on to the scanner, cut at whole characters and checked. */
class TextFeeder {
  private readonly scanner: TextSink;
  private readonly path: string;
  private readonly isByLine: boolean;
  private readonly onInvalid: "error" | "replace";
  private room: Uint8Array = new Uint8Array(0);
  private carry: Uint8Array = new Uint8Array(0);
  private end_ = 0;
  private hasBegun = false;
  private replaced = 0;

  constructor(scanner: TextSink, path: string, isByLine: boolean, onInvalid: "error" | "replace") {
    this.scanner = scanner;
    this.path = path;
    this.isByLine = isByLine;
    this.onInvalid = onInvalid;
  }

  readonly reserve: Reserve = (size) => {
    this.room = this.scanner.reserve(size + this.carry.length);
    this.room.set(this.carry);
    return this.room.subarray(this.carry.length);
  };

  readonly take: Take = (size, offset) => {
    let length = this.carry.length + size;
    let at = offset - this.carry.length;
    if (!this.hasBegun) {
      const mark = markLength(this.room, at, length, this.path);
      this.room.copyWithin(0, mark, length);
      length -= mark;
      at += mark;
      this.scanner.begin(this.path, at, this.isByLine);
      this.hasBegun = true;
    }
    const whole = incompleteTail(this.room, 0, length);
    const next = this.room.slice(whole, length);
    this.pass(whole, at);
    this.carry = next;
    this.end_ = at + length;
    return true;
  };

  /** Returns the number of sequences replaced. */
  end(): number {
    if (!this.hasBegun) return 0;
    if (this.carry.length > 0) {
      const length = this.carry.length;
      this.scanner.reserve(length).set(this.carry);
      this.room = this.scanner.reserve(length);
      this.pass(length, this.end_ - length);
    }
    this.scanner.end();
    return this.replaced;
  }

  private pass(length: number, offset: number): void {
    const bytes = this.room.subarray(0, length);
    if (isUtf8(bytes)) return this.scanner.advance(length);
    if (this.onInvalid === "error") throw invalidUtf8(this.path, offset + firstInvalidByte(bytes));
    const repaired = repairUtf8(bytes);
    this.replaced += repaired.replaced;
    this.scanner.reserve(repaired.bytes.length).set(repaired.bytes);
    this.scanner.advance(repaired.bytes.length);
  }
}

async function countRecords(
  scanner: TextSink,
  file: CorpusFile,
  read: Read,
  options: ReadOptions,
): Promise<number> {
  let invalid = 0;
  await eachLine(file, read, options, (line, offset) => {
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
  await eachLine(file, read, options, (line, offset) => {
    if (isUtf8(line)) countText(scanner, file.path, offset, line);
    else skipped++;
  });
  return skipped;
}

// A file that is one document: looked through first, then counted or left out.
async function countValidFile(scanner: TextSink, file: CorpusFile, read: Read): Promise<number> {
  try {
    await read(...checkingSink(file.path));
  } catch (error) {
    if (error instanceof VocabError && error.code === "invalid-utf8") return 1;
    throw error;
  }
  return stream(scanner, file, false, read, "error");
}

// Reads without counting: only checks.
function checkingSink(path: string): [Reserve, Take] {
  let room: Uint8Array = new Uint8Array(0);
  let carried = 0;
  return [
    (size) => {
      const larger = new Uint8Array(carried + size);
      larger.set(room.subarray(room.length - carried));
      room = larger;
      return room.subarray(carried);
    },
    (size, offset) => {
      const length = carried + size;
      const whole = incompleteTail(room, 0, length);
      if (!isUtf8(room.subarray(0, whole)))
        throw invalidUtf8(path, offset - carried + firstInvalidByte(room.subarray(0, whole)));
      room = room.slice(0, length);
      carried = length - whole;
      return true;
    },
  ];
}

async function eachLine(
  file: CorpusFile,
  read: Read,
  options: ReadOptions,
  sink: (line: Uint8Array, offset: number) => void,
): Promise<void> {
  const lines = new LineCollector((bytes, start, end, offset) => {
    const mark = markLength(bytes.subarray(start), offset, end - start, file.path);
    sink(bytes.subarray(start + mark, end), offset + mark);
  });
  await read(lines.reserve, (size, offset) => {
    const open = lines.advance(size, offset);
    // A record is at most six times as long in JSON (\u0061), and has other fields.
    if (open > 8 * options.maxDocumentBytes + CHUNK_BYTES) {
      throw new VocabError(
        "document-too-large",
        `${file.path}: the line at byte ${offset + size - open} is far larger than ${options.maxDocumentBytes} bytes`,
        {
          hint: "raise --max-document-bytes if the file really is one record a line",
        },
      );
    }
    return true;
  });
  lines.end();
}

// Length of the byte order mark that opens a file: dropped in UTF-8, refused in UTF-16.
function markLength(bytes: Uint8Array, offset: number, length: number, path: string): number {
  if (offset !== 0) return 0;
  if (length >= 2 && ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))) {
    throw new VocabError("utf-16", `${path} is UTF-16, not UTF-8`, {
      hint: `convert it: iconv -f UTF-16 -t UTF-8 '${path}'`,
    });
  }
  return length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

function invalidUtf8(path: string, offset: number): VocabError {
  return new VocabError("invalid-utf8", `${path}: invalid UTF-8 at byte ${offset}`, {
    hint: "--on-invalid replace counts U+FFFD in its place, --on-invalid skip leaves the document out; other encodings: iconv -f … -t UTF-8",
  });
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
