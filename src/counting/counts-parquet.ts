// Writes a table of the counts format (docs/counts.md) as Parquet, row group by row group, so that no more than one of them
// is ever held. The bytes are a function of the rows alone.

import { createHash } from "node:crypto";
import { closeSync, openSync, writeFileSync } from "node:fs";
import type { ByteWriter, ParquetWriter } from "hyparquet-writer";
import { VocabError } from "../errors.ts";
import { DOCUMENT_START } from "./segment-counts.ts";
import { BlockBuilder, opensDocument } from "./sorted-counts.ts";

/** Rows and bytes of text that make a row group: some 3 MB in memory when it is read. */
const GROUP_ROWS = 1 << 17;
const GROUP_BYTES = 1 << 23;

const SCHEMA: ConstructorParameters<typeof ParquetWriter>[0]["schema"] = [
  { name: "counts", num_children: 3 },
  { name: "segment", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" },
  { name: "opens_document", type: "BOOLEAN", repetition_type: "REQUIRED" },
  { name: "count", type: "INT64", repetition_type: "REQUIRED" },
];

export interface WrittenTable {
  readonly bytes: number;
  readonly sha256: string;
  readonly rows: number;
}

export class CountsWriter {
  private readonly path: string;
  private readonly descriptor: number;
  private readonly buffer: ByteWriter;
  private readonly parquet: ParquetWriter;
  private readonly hash = createHash("sha256");
  private readonly group = new BlockBuilder();
  private rows = 0;

  private constructor(path: string, library: typeof import("hyparquet-writer")) {
    this.path = path;
    this.descriptor = this.writing(() => openSync(path, "w"));
    this.buffer = new library.ByteWriter();
    this.parquet = new library.ParquetWriter({ writer: this.buffer, schema: SCHEMA, createdBy: "vocab" });
  }

  /** Begins a file; one that is there is replaced. @throws VocabError `cannot-write` */
  static async create(path: string): Promise<CountsWriter> {
    return new CountsWriter(path, await import("hyparquet-writer"));
  }

  /** Adds a row. Rows come in the order of `compareSegments`, each segment once. */
  add(bytes: Uint8Array, start: number, end: number, count: number): void {
    this.group.add(bytes, start, end, count);
    if (this.group.size >= GROUP_ROWS || this.group.length >= GROUP_BYTES) this.writeGroup();
  }

  /** Ends the file. @throws VocabError `cannot-write` */
  finish(): WrittenTable {
    this.writeGroup();
    void this.parquet.finish();
    this.flush();
    closeSync(this.descriptor);
    return { bytes: this.buffer.offset, sha256: this.hash.digest("hex"), rows: this.rows };
  }

  /** Gives the file up. */
  abandon(): void {
    closeSync(this.descriptor);
  }

  private writeGroup(): void {
    const { bytes, offsets, counts } = this.group.block();
    const size = counts.length;
    if (size === 0) return;
    const segments = new Array<Uint8Array>(size);
    const opens = new Array<boolean>(size);
    for (let i = 0; i < size; i++) {
      const start = offsets[i]!;
      segments[i] = bytes.subarray(bytes[start] === DOCUMENT_START ? start + 1 : start, offsets[i + 1]);
      opens[i] = opensDocument(bytes, start);
    }
    const columnData = [
      { name: "segment", data: segments, encoding: "DELTA_BYTE_ARRAY" as const },
      { name: "opens_document", data: opens },
      { name: "count", data: Array.from(counts), encoding: "DELTA_BINARY_PACKED" as const },
    ];
    void this.parquet.write({ columnData, rowGroupSize: size });
    this.rows += size;
    this.group.clear();
    this.flush();
  }

  private flush(): void {
    const bytes = this.buffer.getBytes();
    this.hash.update(bytes);
    this.writing(() => writeFileSync(this.descriptor, bytes));
    this.buffer.index = 0;
  }

  private writing<T>(write: () => T): T {
    try {
      return write();
    } catch (cause) {
      throw cannotWrite(this.path, cause);
    }
  }
}

export function cannotWrite(path: string, cause: unknown): VocabError {
  return new VocabError("cannot-write", `${path} cannot be written to: ${(cause as Error).message}`, {
    cause,
    hint: "make room, or choose another --out folder",
  });
}
