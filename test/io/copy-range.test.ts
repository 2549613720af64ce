import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { copyRange, copyWhole } from "../../src/io/copy-range.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const folder = temporaryFolder();
const from = join(folder, "from");
const to = join(folder, "to");
/** More than is copied between two looks at the signal, and no multiple of a piece. */
const CONTENT = randomBytes(2 ** 22 + 300_001);
writeFileSync(from, CONTENT);

async function copied(start: number, end: number, at: number): Promise<number[]> {
  const [source, target] = [await open(from, "r"), await open(to, "w")];
  const told: number[] = [];
  try {
    await copyRange(source, { start, end }, target, at, { onBytes: (bytes) => told.push(bytes) });
  } finally {
    await source.close();
    await target.close();
  }
  return told;
}

test.each([
  [0, CONTENT.length, 0],
  [1, 2, 3],
  [5, 5, 0],
  [7, 2 ** 22 + 7, 1],
  [300_000, 300_000 + 2 ** 18, 0],
])("bytes %i to %i, to %i", async (start, end, at) => {
  const told = await copied(start, end, at);
  expect(readFileSync(to).subarray(at).equals(CONTENT.subarray(start, end))).toBe(true);
  expect(told.reduce((sum, bytes) => sum + bytes, 0)).toBe(end - start);
});

test("a range that the file does not have", async () => {
  await expect(copied(0, CONTENT.length + 1, 0)).rejects.toThrow(RangeError);
});

test("a whole file, into a new one only", async () => {
  const target = join(folder, "whole");
  await copyWhole(from, target);
  expect(readFileSync(target).equals(CONTENT)).toBe(true);
  await expect(copyWhole(from, target)).rejects.toThrow(/EEXIST/);
});

test("stops when it is interrupted", async () => {
  const stop = new AbortController();
  const told: number[] = [];
  const onBytes = (bytes: number) => {
    told.push(bytes);
    stop.abort();
  };
  await expect(copyWhole(from, join(folder, "cut"), { signal: stop.signal, onBytes })).rejects.toThrow(
    /abort/i,
  );
  expect(told).toEqual([2 ** 22]);
});
