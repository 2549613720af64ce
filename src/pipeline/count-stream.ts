// Counts documents that come through a pipe: the part of `count` that Spark runs beside each of its tasks, which adds the
// rows up (spark/count_segments.py). The same documents give the same counts as `vocab count`.

import type { ReadOptions } from "../counting/count-shard.ts";
import { countingParts } from "../counting/counting-parts.ts";
import { DocumentSample } from "../counting/document-sample.ts";
import type { DocumentSplitter } from "../counting/document-split.ts";
import { framedDocuments, rowOfInvalid, rowsOf } from "../counting/document-stream.ts";
import { recordLimit } from "../counting/file-lines.ts";
import { type LongSegments, withoutLong } from "../counting/long-segments.ts";
import { addCounts } from "../counting/merge-counts.ts";
import { passRecord } from "../counting/pass-document.ts";
import { recordDocument } from "../counting/record-text.ts";
import type { SegmentCounts } from "../counting/segment-counts.ts";
import type { SegmentScanner } from "../counting/segment-scanner.ts";
import { DEFAULT_HOLD_OUT, holdOutRule } from "./count.ts";
import { type DocumentOptions, readOptions } from "./document-options.ts";

/** What an item of the input is: a line of a text file, a line of JSON Lines, a document as it is. */
export type StreamFormat = "text" | "jsonl" | "documents";

export interface CountStreamOptions extends Omit<DocumentOptions, "unit" | "hub"> {
  /** Default "documents". */
  readonly format?: StreamFormat | undefined;
  /** As in `count`. Default 50. */
  readonly holdOut?: number | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
}

const RETURN = 0x0d;
const NO_TEXT = new Uint8Array(0);
/** Bytes of the tables after which rows are written: a task of Spark has about a gigabyte. */
const TABLE_BYTES = 128 * 2 ** 20;

/**
 * Counts the documents of `input` (document-stream.ts has the format) and yields rows. Their sum is what counts: a segment
 * may stand in several, and what is held out is counted with the rest and taken off again.
 * @throws VocabError
 */
export async function* countStream(
  input: AsyncIterable<Uint8Array>,
  options: CountStreamOptions = {},
): AsyncGenerator<Buffer> {
  const counter = new StreamCounter(options);
  for await (const items of framedDocuments(input, recordLimit(counter.read.maxDocumentBytes))) {
    for (const item of items) counter.add(item);
    if (counter.tableBytes > TABLE_BYTES) yield* counter.rows();
  }
  yield* counter.rows();
  if (counter.invalid > 0) yield rowOfInvalid(counter.invalid);
}

class StreamCounter {
  readonly read: ReadOptions;
  invalid = 0;
  private readonly format: StreamFormat;
  private readonly long: LongSegments;
  private readonly splitter: DocumentSplitter | undefined;
  private readonly scanner: SegmentScanner;
  private readonly blocks: SegmentCounts[] = [];
  private number = 0;

  constructor(options: CountStreamOptions) {
    const { format = "documents", holdOut = DEFAULT_HOLD_OUT, seed = 0 } = options;
    this.format = format;
    this.read = readOptions(options, format === "text" ? "line" : "record");
    const { scanner, long, splitter } = countingParts({
      split: holdOutRule(holdOut, seed),
      sample: new DocumentSample(0, 0),
      onBlock: (block) => void this.blocks.push(block),
      maxDocumentBytes: this.read.maxDocumentBytes,
      // Nobody says how much will come: the table grows.
      expectedBytes: 0,
    });
    this.scanner = scanner;
    this.long = long;
    this.splitter = splitter;
  }

  /** Bytes of what is counted. */
  get tableBytes(): number {
    return this.scanner.table.bytes + (this.splitter?.heldOut.table.bytes ?? 0);
  }

  add(item: Uint8Array): void {
    const number = this.number++;
    const record = this.documentOf(item, number);
    if (record.length === 0) return;
    const describe = (what: string, byte?: number) =>
      `document ${number} of the input: ${what}${byte === undefined ? "" : ` at byte ${byte}`}`;
    this.invalid += passRecord(
      this.scanner,
      { path: "the input", offset: number, describe },
      record,
      this.read,
    );
    for (const block of this.blocks.splice(0)) addCounts(this.scanner.table, block, 1);
  }

  /** All that is counted; the tables are empty then. */
  *rows(): Generator<Buffer> {
    this.long.flush();
    const { table } = this.scanner;
    for (const block of this.blocks.splice(0)) addCounts(table, block, 1);
    yield rowsOf(table.export(), false, 1);
    table.clear();
    const heldOut = this.splitter?.heldOut.table;
    if (heldOut === undefined) return;
    const counts = heldOut.export();
    heldOut.clear();
    yield rowsOf(counts, true, 1);
    // Long segments of documents that are held out were never among the others.
    yield rowsOf(withoutLong(counts), false, -1);
  }

  private documentOf(item: Uint8Array, number: number): Uint8Array {
    if (this.format === "documents") return item;
    const line = item.at(-1) === RETURN ? item.subarray(0, -1) : item;
    if (this.format === "text" || line.length === 0) return line;
    const { text, invalid } = recordDocument(line, `line ${number} of the input`, 0, this.read);
    this.invalid += invalid;
    return text ?? NO_TEXT;
  }
}
