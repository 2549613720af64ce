// Documents much larger than the buffers: bounded memory where there are spaces, linear time where there are none.

import { execFile } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";

const MEBIBYTE = 1 << 20;
const folder = mkdtempSync(join(tmpdir(), "vocab-large-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file of `count` times the block. */
function write(name: string, block: Uint8Array, count: number): string {
  const path = join(folder, name);
  const file = openSync(path, "w");
  for (let i = 0; i < count; i++) writeSync(file, block);
  closeSync(file);
  return path;
}

interface Run {
  readonly documents: number;
  readonly bytes: number;
  readonly longBytes: number;
  readonly seconds: number;
  /** By which the peak exceeded the process before counting. */
  readonly mebibytes: number;
}

async function count(path: string, ...options: string[]): Promise<Run> {
  const script = fileURLToPath(new URL("./run-large.ts", import.meta.url));
  const args = ["--import", "tsx", script, path, ...options];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 110_000 });
  return JSON.parse(stdout) as Run;
}

/** 1.2 MB of words, NUL bytes among them; 170 times this is 200 MB. */
const WORDS = Buffer.from(
  Array.from({ length: 100_000 }, (_, i) => `سلام${i % 997}${i % 50 === 0 ? "\0" : ""} `).join(""),
);
const TIMES = 170;

describe("a line of 200 MB with spaces", () => {
  test.each(["line", "file"])("in memory that does not grow with it, by %s", async (unit) => {
    const run = await count(write("words.txt", WORDS, TIMES), unit);
    expect([run.documents, run.bytes, run.longBytes]).toEqual([1, TIMES * WORDS.length, 0]);
    expect(run.mebibytes).toBeLessThan(150);
    expect(run.seconds).toBeLessThan(20);
  });

  test("compressed", async () => {
    const run = await count(write("words.txt.gz", gzipSync(WORDS), TIMES));
    expect([run.documents, run.bytes]).toEqual([1, TIMES * WORDS.length]);
    expect(run.mebibytes).toBeLessThan(150);
  });

  test("looked through before it is counted", async () => {
    const run = await count(write("words.txt", WORDS, TIMES), "file", "skip");
    expect([run.documents, run.bytes]).toEqual([1, TIMES * WORDS.length]);
    expect(run.mebibytes).toBeLessThan(150);
  });
});

describe("64 MB without any space take linear time", () => {
  test.each(["a", "ก", "\0", "<"])("%j", async (unit) => {
    const block = Buffer.from(unit.repeat(3 * MEBIBYTE)).subarray(0, 3 * MEBIBYTE);
    const run = await count(write("one.txt", block, 21));
    expect([run.documents, run.bytes, run.longBytes]).toEqual([1, 63 * MEBIBYTE, 63 * MEBIBYTE]);
    expect(run.seconds).toBeLessThan(10);
  });

  test("white space alone", async () => {
    const run = await count(write("blank.txt", Buffer.alloc(MEBIBYTE, " \t"), 64));
    // One more byte for the mark of a segment that opens its document with white space.
    expect([run.documents, run.bytes]).toEqual([1, 64 * MEBIBYTE + 1]);
    expect(run.seconds).toBeLessThan(10);
  });

  test("line ends alone, by lines and as one document", async () => {
    const path = write("ends.txt", Buffer.alloc(MEBIBYTE, "\r\n"), 64);
    expect(await count(path)).toMatchObject({ documents: 0, bytes: 0 });
    const run = await count(path, "file");
    expect([run.documents, run.bytes]).toEqual([1, 64 * MEBIBYTE + 1]);
    expect(run.seconds).toBeLessThan(10);
  });

  test.each(["replace", "skip"])("with %s of invalid text, for lines longer than ranges", async (policy) => {
    const block = Buffer.concat([Buffer.alloc(20 * MEBIBYTE, "ab"), Buffer.from([0xff, 0x0a])]);
    const run = await count(write("bad.txt", block, 3), "line", policy);
    expect(run.documents).toBe(policy === "skip" ? 0 : 3);
    expect(run.seconds).toBeLessThan(10);
  });
});
