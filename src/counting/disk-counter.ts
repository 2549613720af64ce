// Counts documents into tables of bounded size, which go to the disk as sorted runs when they are full.

import { join } from "node:path";
import type { Run } from "./commits.ts";
import type { CountJob } from "./count-job.ts";
import { countingParts } from "./counting-parts.ts";
import type { TextSink } from "./document-collector.ts";
import { DocumentFilter } from "./document-filter.ts";
import { DocumentSample } from "./document-sample.ts";
import type { DocumentSplitter } from "./document-split.ts";
import type { FilterOutcome } from "./filter-rules.ts";
import { FilteringSink } from "./filtering-sink.ts";
import type { LongSegments } from "./long-segments.ts";
import { addCounts } from "./merge-counts.ts";
import { RunWriter } from "./run-file.ts";
import { SLOT_WORDS } from "./scan-memory.ts";
import type { SegmentCounts } from "./segment-counts.ts";
import type { SegmentScanner } from "./segment-scanner.ts";
import type { SegmentTable } from "./segment-table.ts";

// Of the memory of a worker. Sorting a full table takes about three quarters of what its slots take; what is left is for
// text, and for the table of what is held out.
const SLOT_SHARE = 0.4;
const LONG_SHARE = 0.15;
const HELD_OUT_SHARE = 0.1;
const MIN_SLOTS = 1 << 10;
/** A gigabyte: addresses in the memory of the scanner have 32 bits, and a larger table gains little. */
const MAX_SLOTS = 1 << 25;
const MAX_LONG_BYTES = 2 ** 29;
const MIN_LONG_BYTES = 1 << 15;

export class DiskCounter implements TextSink {
  /** Where documents go in. */
  readonly sink: TextSink;
  private readonly folder: string;
  private readonly scanner: SegmentScanner;
  private readonly long: LongSegments;
  private readonly splitter: DocumentSplitter | undefined;
  private readonly filter: DocumentFilter | undefined;
  private readonly blocks: SegmentCounts[] = [];
  private readonly heldOutBytes: number;
  private name = "";
  private runs: Run[] = [];
  private written = 0;

  /** @param tableBytes memory that it may take, about */
  constructor(job: CountJob, folder: string, tableBytes: number) {
    this.folder = folder;
    this.heldOutBytes = HELD_OUT_SHARE * tableBytes;
    const { maxDocumentBytes } = job.read;
    const { scanner, long, splitter } = countingParts({
      split: job.split,
      sample: new DocumentSample(0, 0),
      onBlock: (block) => void this.blocks.push(block),
      maxDocumentBytes,
      expectedBytes: job.files.reduce((sum, file) => sum + file.size, 0),
      limit: {
        slots: between(
          MIN_SLOTS,
          2 ** Math.floor(Math.log2((SLOT_SHARE * tableBytes) / (SLOT_WORDS * 4))),
          MAX_SLOTS,
        ),
        longBytes: between(MIN_LONG_BYTES, LONG_SHARE * tableBytes, MAX_LONG_BYTES),
        spill: () => this.spill(),
      },
    });
    this.scanner = scanner;
    this.long = long;
    this.splitter = splitter;
    this.filter = job.read.filter === undefined ? undefined : new DocumentFilter(job.read.filter);
    this.sink = this.filter === undefined ? this : new FilteringSink(this, this.filter, maxDocumentBytes);
  }

  /** Begins a batch, whose runs bear its name. */
  beginBatch(name: string): void {
    this.name = name;
    this.runs = [];
    this.written = 0;
    this.scanner.documents = 0;
    if (this.splitter !== undefined) this.splitter.heldOut.documents = 0;
    this.filter?.resetOutcome();
  }

  enterFile(file: number): void {
    this.filter?.enterFile(file);
  }

  /** Ends the batch: all that it has is on the disk. @throws VocabError `cannot-write` */
  endBatch(): BatchOutput {
    this.long.flush();
    this.takeBlocks();
    this.spill();
    return {
      runs: this.runs,
      documents: this.scanner.documents,
      heldOutDocuments: this.splitter?.heldOut.documents ?? 0,
      filtered: this.filter?.outcome,
    };
  }

  /** Names of the runs that the batch has so far. */
  get batchRuns(): readonly Run[] {
    return this.runs;
  }

  begin(file: string, offset: number, lines: boolean): void {
    this.scanner.begin(file, offset, lines);
  }

  reserve(size: number): Uint8Array {
    return this.scanner.reserve(size);
  }

  advance(size: number): void {
    this.scanner.advance(size);
    this.takeBlocks();
  }

  end(): void {
    this.scanner.end();
    this.takeBlocks();
  }

  // Long segments are counted between two pieces of text: the table may be emptied for them.
  private takeBlocks(): void {
    for (const block of this.blocks.splice(0)) addCounts(this.scanner.table, block, 1);
    if ((this.splitter?.heldOut.table.bytes ?? 0) > this.heldOutBytes) this.spill();
  }

  private spill(): void {
    const number = this.written++;
    const all = this.write(this.scanner.table, `${this.name}-${number}.all.run`);
    const heldOut =
      this.splitter && this.write(this.splitter.heldOut.table, `${this.name}-${number}.held-out.run`);
    if (all !== undefined || heldOut !== undefined) this.runs.push({ all, heldOut });
  }

  private write(table: SegmentTable, name: string): string | undefined {
    if (table.size === 0) return undefined;
    const run = new RunWriter(join(this.folder, name));
    table.forEachSorted((bytes, start, end, count) => run.add(bytes, start, end, count));
    run.finish();
    table.clear();
    return name;
  }
}

export interface BatchOutput {
  readonly runs: readonly Run[];
  readonly documents: number;
  readonly heldOutDocuments: number;
  readonly filtered: FilterOutcome | undefined;
}

function between(least: number, value: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
