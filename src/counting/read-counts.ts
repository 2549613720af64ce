// Reads a table of the counts format, whoever wrote it: row group by row group, each as a block of segments. What is not in
// order, or no count, is refused.

import { closeSync } from "node:fs";
import type { AsyncBuffer, FileMetaData } from "hyparquet";
import { loadHyparquet } from "../corpus/hyparquet.ts";
import { openParquet, type ParquetText, type RowGroup } from "../corpus/parquet-file.ts";
import { readTextPages } from "../corpus/parquet-pages.ts";
import { VocabError } from "../errors.ts";
import { openFile, readPiece } from "../io/read-piece.ts";
import { isCutSpace } from "../text/cut-rule.ts";
import { invalidCounts } from "./counts-file.ts";
import type { SegmentCounts } from "./segment-counts.ts";
import { BlockBuilder, compareSegments, type SortedSource } from "./sorted-counts.ts";

/** A file of the table. */
export interface CountsPart {
  readonly path: string;
  readonly bytes: number;
  readonly rows: number;
}

/** Rows of a block. */
const BLOCK_ROWS = 1 << 16;

/** The rows of several files, one after another. Blocks are valid until the next one. */
export class CountsReader implements SortedSource {
  private readonly rows: AsyncGenerator<SegmentCounts>;

  constructor(parts: readonly CountsPart[]) {
    this.rows = readParts(parts);
  }

  /** @throws VocabError `counts-invalid` */
  async next(): Promise<SegmentCounts | undefined> {
    const { value, done } = await this.rows.next();
    return done === true ? undefined : value;
  }

  close(): void {
    void this.rows.return(undefined);
  }
}

async function* readParts(parts: readonly CountsPart[]): AsyncGenerator<SegmentCounts> {
  let last = new Uint8Array(0);
  for (const part of parts) {
    let rows = 0;
    for await (const block of readPart(part)) {
      const { bytes, offsets, counts } = block;
      const first = bytes.subarray(0, offsets[1]!);
      if (last.length > 0) requireOrder(part.path, rows, last, first);
      rows += counts.length;
      last = bytes.slice(offsets[counts.length - 1]!, offsets[counts.length]!);
      yield block;
    }
    if (rows !== part.rows)
      throw invalidCounts(part.path, `has ${rows} rows; its manifest says ${part.rows}`);
  }
}

function requireOrder(path: string, row: number, before: Uint8Array, after: Uint8Array): void {
  if (compareSegments(before, 0, before.length, after, 0, after.length) >= 0)
    throw invalidCounts(path, `row ${row} is not in the order of the segments, or stands twice`);
}

async function* readPart({ path, bytes }: CountsPart): AsyncGenerator<SegmentCounts> {
  const text = await asCounts(path, () => openParquet(path, bytes, "segment"));
  const file = new PartFile(path, bytes);
  try {
    const metadata = await asCounts(path, () => file.metadata());
    const builder = new BlockBuilder();
    for (const group of text.groups) {
      const numbers = await asCounts(path, () => file.numbersOf(metadata, group));
      yield* blocksOf(text, group, numbers, builder);
    }
  } finally {
    file.close();
  }
}

function* blocksOf(
  text: ParquetText,
  group: RowGroup,
  { opens, counts }: GroupNumbers,
  builder: BlockBuilder,
): Generator<SegmentCounts> {
  const { path } = text;
  let row = 0;
  builder.clear();
  for (const page of pagesOf(text, group)) {
    for (const segment of page) {
      const at = group.firstRow + row;
      if (segment === null || segment.length === 0) throw invalidCounts(path, `row ${at} has no segment`);
      const count = counts[row]!;
      if (!Number.isSafeInteger(count) || count < 1) throw invalidCounts(path, `row ${at} has no count`);
      addRow(builder, path, at, segment, opens[row]!, count);
      row++;
      if (builder.size < BLOCK_ROWS) continue;
      yield builder.block();
      builder.clear();
    }
  }
  if (builder.size > 0) yield builder.block();
  builder.clear();
}

function addRow(
  builder: BlockBuilder,
  path: string,
  row: number,
  segment: Uint8Array,
  opens: boolean,
  count: number,
): void {
  const beginsWithSpace = isCutSpace(segment[0]!);
  if (!beginsWithSpace && !opens)
    throw invalidCounts(path, `row ${row} begins without white space and yet opens no document`);
  if (opens && beginsWithSpace) builder.addMarked(segment, count);
  else builder.add(segment, 0, segment.length, count);
  if (builder.isLastOutOfOrder())
    throw invalidCounts(path, `row ${row} is not in the order of the segments, or stands twice`);
}

function* pagesOf(text: ParquetText, group: RowGroup): Generator<readonly (Uint8Array | null)[]> {
  try {
    yield* readTextPages(text, group);
  } catch (cause) {
    throw asInvalid(text.path, cause);
  }
}

interface GroupNumbers {
  readonly opens: readonly boolean[];
  readonly counts: Float64Array;
}

// The two columns that are not text.
class PartFile {
  private readonly path: string;
  private readonly size: number;
  private readonly descriptor: number;
  private readonly buffer: AsyncBuffer;

  constructor(path: string, size: number) {
    this.path = path;
    this.size = size;
    this.descriptor = openFile(path);
    this.buffer = { byteLength: size, slice: (start, end) => this.slice(start, end) };
  }

  async metadata(): Promise<FileMetaData> {
    const library = await loadHyparquet();
    return library.readFooter(this.size, (start, end) => this.slice(start, end));
  }

  async numbersOf(metadata: FileMetaData, { firstRow, rows }: RowGroup): Promise<GroupNumbers> {
    const { parquetRead } = await import("hyparquet");
    const { decompressors } = await loadHyparquet();
    const opens = new Array<boolean>(rows);
    const counts = new Float64Array(rows);
    let read = 0;
    await parquetRead({
      file: this.buffer,
      metadata,
      columns: ["opens_document", "count"],
      rowStart: firstRow,
      rowEnd: firstRow + rows,
      compressors: decompressors,
      onChunk: ({ columnName, columnData, rowStart }) => {
        const from = rowStart - firstRow;
        for (let i = Math.max(0, -from); i < columnData.length && from + i < rows; i++) {
          if (columnName === "count") counts[from + i] = Number(columnData[i]);
          else if (typeof columnData[i] === "boolean") opens[from + i] = columnData[i] as boolean;
          else throw new Error(`row ${rowStart + i} does not say whether it opens a document`);
          read++;
        }
      },
    });
    if (read !== 2 * rows) throw new Error(`has ${read} flags and counts for ${rows} rows`);
    return { opens, counts };
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private slice(start: number, end = this.size): ArrayBuffer {
    const bytes = new Uint8Array(end - start);
    for (let at = 0; at < bytes.length; ) {
      const read = readPiece(this.path, this.descriptor, bytes.subarray(at), bytes.length - at, start + at);
      if (read === 0) throw new Error(`ends before byte ${start + at}`);
      at += read;
    }
    return bytes.buffer;
  }
}

async function asCounts<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw asInvalid(path, cause);
  }
}

function asInvalid(path: string, cause: unknown): VocabError {
  const { message } = cause as Error;
  if (cause instanceof VocabError && cause.code === "counts-invalid") return cause;
  return invalidCounts(
    path,
    message.startsWith(path) ? message.slice(path.length).trimStart() : message,
    cause,
  );
}
