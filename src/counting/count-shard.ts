// Feeds the documents of one shard to the scanner: plain text streams through it, records come one by one (of JSON Lines
// here; count-warc.ts, count-rows.ts and read-sentences.ts have the others). Invalid UTF-8 is dealt with before the scanner
// sees it.

import { isUtf8 } from "node:buffer";
import type { CorpusFile } from "../corpus/files.ts";
import type { Shard } from "../corpus/shards.ts";
import { VocabError } from "../errors.ts";
import type { OnBytes, OnStored } from "../io/read-chunks.ts";
import { makeReady } from "../io/stored-file.ts";
import { countRows } from "./count-rows.ts";
import { countWarc } from "./count-warc.ts";
import type { TextSink } from "./document-collector.ts";
import { eachLine, type Read, recordLimit } from "./file-lines.ts";
import type { FilterRules } from "./filter-rules.ts";
import { passDocument } from "./pass-document.ts";
import { eachSentence } from "./read-sentences.ts";
import { recordDocument } from "./record-text.ts";
import { shardReader } from "./shard-reader.ts";
import { TextFeeder } from "./text-feeder.ts";

export type DocumentUnit = "line" | "file" | "record";
export type InvalidPolicy = "error" | "replace" | "skip";

export interface ReadOptions {
  readonly unit: DocumentUnit;
  readonly textField: string;
  readonly onInvalid: InvalidPolicy;
  readonly maxDocumentBytes: number;
  /** How many times its stored bytes a compressed file may give. Default 250. */
  readonly maxExpansion?: number | undefined;
  /** What is left out or changed; who reads documents asks a DocumentFilter. */
  readonly filter?: FilterRules | undefined;
  /** Called with the number of stored bytes that were read. */
  readonly onBytes?: OnBytes;
  /** Shown the stored bytes of a compressed file. */
  readonly onStored?: OnStored;
}

/**
 * Counts the documents that begin in the shard. Returns how many ill-formed sequences were replaced, or documents skipped.
 * @throws VocabError `invalid-utf8`, `invalid-json`, `document-too-large`, `corrupt-gzip`, `corrupt-parquet`, …
 */
export async function countShard(
  scanner: TextSink,
  file: CorpusFile,
  shard: Shard,
  options: ReadOptions,
): Promise<number> {
  await makeReady(file);
  if (file.format === "parquet") return countRows(scanner, file, shard, options);
  if (file.format === "conllu")
    return eachSentence(file, options, ({ text, offset }) => passDocument(scanner, file.path, offset, text));
  const isByLine = file.format === "jsonl" || (file.format === "txt" && options.unit === "line");
  const read = shardReader(file, shard, isByLine, options);
  if (file.format === "wet") return countWarc(scanner, file.path, read, options);
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
    const record = recordDocument(line, file.path, offset, options);
    invalid += record.invalid;
    if (record.text !== undefined) passDocument(scanner, file.path, offset, record.text);
  });
  return invalid;
}

async function countValidLines(
  scanner: TextSink,
  file: CorpusFile,
  read: Read,
  options: ReadOptions,
): Promise<number> {
  let skipped = 0;
  await eachLine(file.path, read, options.maxDocumentBytes, (line, offset) => {
    if (isUtf8(line)) passDocument(scanner, file.path, offset, line);
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
