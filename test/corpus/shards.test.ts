import { describe, expect, test } from "vitest";
import type { CorpusFile } from "../../src/corpus/files.ts";
import { HASH_CHUNK_BYTES, planShards, type Shard } from "../../src/corpus/shards.ts";

const MEBIBYTE = 1 << 20;

function file(name: string, size: number): CorpusFile {
  const format = name.includes("jsonl") ? "jsonl" : "txt";
  return { path: name, format, compression: name.endsWith(".gz") ? "gzip" : undefined, size };
}

function rangesOf(shards: readonly Shard[], task: Shard["task"], index: number): [number, number][] {
  return shards.filter((s) => s.task === task && s.file === index).map(({ start, end }) => [start, end]);
}

describe("planShards", () => {
  const files = ["a.txt", "b.txt.gz", "c.jsonl", "d.jsonl.gz"].map((name) => file(name, 150 * MEBIBYTE + 1));

  test.each([true, false])("text files split: %s", (splitsFiles) => {
    const shards = planShards(files, splitsFiles);
    const counts = files.map((_, index) => rangesOf(shards, "text", index).length);
    expect(counts).toEqual([splitsFiles ? 19 : 1, 1, 19, 1]);
  });

  test("both tasks cover every file without gaps; hashes by chunks of 64 MiB, but of compressed files", () => {
    const shards = planShards(files, true);
    for (const task of ["text", "hash"] as const) {
      files.forEach(({ size, compression }, index) => {
        const ranges = rangesOf(shards, task, index);
        if (task === "hash" && compression !== undefined) {
          expect(ranges).toEqual([]);
          return;
        }
        expect([ranges[0]![0], ranges.at(-1)![1]]).toEqual([0, size]);
        ranges.slice(1).forEach(([start], i) => {
          expect(start).toBe(ranges[i]![1]);
        });
      });
    }
    expect(rangesOf(shards, "hash", 2).map(([start]) => start)).toEqual(
      [0, 1, 2].map((n) => n * HASH_CHUNK_BYTES),
    );
  });

  test("an empty file is one empty shard, and has a hash", () => {
    const shards = planShards([file("a.txt", 0)], true);
    expect(rangesOf(shards, "text", 0)).toEqual([[0, 0]]);
    expect(rangesOf(shards, "hash", 0)).toEqual([[0, 0]]);
  });
});
