// Files whose text is much larger than what may be in memory: 200 MB, with a peak of all the process below 300 MB.

import { execFile } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { madeParquet } from "../corpus/made-parquet.ts";
import { fileOf } from "../io/compressed-files.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const folder = temporaryFolder();

function write(name: string, pieces: Iterable<Uint8Array>): string {
  const path = join(folder, name);
  const file = openSync(path, "w");
  for (const piece of pieces) writeSync(file, piece);
  closeSync(file);
  return path;
}

function* repeated(piece: Uint8Array, times: number): Generator<Uint8Array> {
  for (let i = 0; i < times; i++) yield piece;
}

interface Run {
  readonly documents: number;
  readonly bytes: number;
  /** By which the peak exceeded the process before counting. */
  readonly mebibytes: number;
  readonly peakMebibytes: number;
}

async function count(path: string): Promise<Run> {
  const script = fileURLToPath(new URL("./run-large.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", script, path], {
    timeout: 110_000,
  });
  return JSON.parse(stdout) as Run;
}

const LINE = "سلام دنیا! این یک سطر است.\n";
const MEGABYTES = 200;

/** One frame of raw blocks of 128 KiB, with a window of 8 MiB. */
function* oneFrame(text: Buffer): Generator<Uint8Array> {
  yield Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 13 << 3]);
  const size = text.length;
  for (let i = 0; i < (MEGABYTES * 1e6) / size; i++) {
    yield Buffer.from([(size << 3) & 0xff, (size >> 5) & 0xff, size >> 13]);
    yield text;
  }
  yield Buffer.from([1, 0, 0]);
}

test("a zstd file of one frame", async () => {
  const text = Buffer.from(LINE.repeat(2500));
  const run = await count(write("one.txt.zst", oneFrame(text)));
  const times = Math.ceil((MEGABYTES * 1e6) / text.length);
  expect([run.documents, run.bytes]).toEqual([2500 * times, times * (text.length - 2500)]);
  expect(run.peakMebibytes).toBeLessThan(300);
});

test.each([
  ["zstd, many blocks", "a.txt.zst", 430],
  ["xz, long", "a.txt.xz", 430],
  ["bzip2, small blocks", "a.txt.bz2", 40],
])("%s, many times", async (fixture, name, times) => {
  const { stored, text } = fileOf(fixture);
  const run = await count(write(name, repeated(stored, times)));
  // The last line of one ends where the first of the next does.
  const lines = text.split("\n").length - 1;
  expect([run.documents, run.bytes]).toEqual([lines * times + 1, (Buffer.byteLength(text) - lines) * times]);
  expect(run.peakMebibytes).toBeLessThan(300);
});

test("a parquet file of one row group of pages of 1 MB", async () => {
  const page = Array.from({ length: 2000 }, () => LINE.repeat(12));
  const run = await count(write("a.parquet", madeParquet([Array.from({ length: MEGABYTES }, () => page)])));
  expect([run.documents, run.bytes]).toEqual([
    2000 * MEGABYTES,
    2000 * MEGABYTES * Buffer.byteLength(page[0]!),
  ]);
  expect(run.peakMebibytes).toBeLessThan(300);
});
