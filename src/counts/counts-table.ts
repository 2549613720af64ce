// The tables of a counts folder, opened when they are read: no more of one is in memory than a block at a time.

import { createHash } from "node:crypto";
import { open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { invalidCounts } from "../counting/counts-file.ts";
import { blocksOf } from "../counting/merge-sorted.ts";
import { CountsReader } from "../counting/read-counts.ts";
import { SEGMENT_PADDING, type SegmentCounts } from "../counting/segment-counts.ts";
import type { SortedSource } from "../counting/sorted-counts.ts";
import {
  type CountsManifest,
  MANIFEST_FILE,
  type SegmentTotals,
  type StoredPart,
  type StoredTable,
} from "./counts-manifest.ts";

/** Counts of one language, from one folder or several. */
export interface CountedLanguage extends Omit<CountsManifest, "segments"> {
  /** The text for training. */
  readonly training: CountsTable;
  readonly heldOutCounts: CountsTable;
}

export interface CountsTable extends Pick<StoredTable, "dropped"> {
  /** As the manifest has them; undefined for the sum of several, which has to be read for it. */
  readonly totals: SegmentTotals | undefined;
  /** The segments in order, from the first on. */
  open(): SortedSource;
}

const HASHED_BYTES = 1 << 20;

/** The blocks of a table, each to be kept as long as is liked. */
export async function* blocksOfTable(
  table: CountsTable,
  signal?: AbortSignal | undefined,
): AsyncGenerator<SegmentCounts> {
  for await (const { bytes, offsets, counts } of blocksOf(table.open())) {
    // Lets signals through.
    await setImmediate();
    signal?.throwIfAborted();
    yield {
      bytes: bytes.slice(0, offsets[counts.length]! + SEGMENT_PADDING),
      offsets: offsets.slice(),
      counts: counts.slice(),
    };
  }
}

/**
 * A table whose files are there as the manifest has them.
 * @throws VocabError `counts-invalid` naming the file
 */
export async function openTable(folder: string, table: StoredTable): Promise<CountsTable> {
  const { distinct, occurrences, dropped, parts } = table;
  for (const part of parts) await requirePart(folder, part);
  const files = parts.map(({ file, bytes, rows }) => ({ path: join(folder, file), bytes, rows }));
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  if (rows !== distinct)
    throw invalidCounts(
      join(folder, MANIFEST_FILE),
      `says that there are ${distinct} segments, and ${rows} rows of them`,
    );
  return { totals: { distinct, occurrences }, dropped, open: () => new CountsReader(files) };
}

async function requirePart(folder: string, { file, bytes, sha256 }: StoredPart): Promise<void> {
  const path = join(folder, file);
  const entry = await stat(path).catch((cause: Error) => {
    throw invalidCounts(path, `cannot be read: ${cause.message}`, cause);
  });
  if (entry.size !== bytes)
    throw invalidCounts(path, `has ${entry.size} bytes; ${MANIFEST_FILE} says ${bytes}`);
  if ((await digestOfFile(path)) !== sha256)
    throw invalidCounts(path, `is damaged: its SHA-256 is not the one that ${MANIFEST_FILE} has`);
}

async function digestOfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  const file = await open(path);
  try {
    const buffer = new Uint8Array(HASHED_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return hash.digest("hex");
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

/** A whole file. @throws VocabError `counts-invalid` */
export async function readWhole(path: string): Promise<Buffer> {
  return readFile(path).catch((cause: Error) => {
    throw invalidCounts(path, `cannot be read: ${cause.message}`, cause);
  });
}
