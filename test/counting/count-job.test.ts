import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { findCorpusFiles } from "../../src/corpus/files.ts";
import { planShards } from "../../src/corpus/shards.ts";
import { type CountJob, type CountOutput, runCountJob } from "../../src/counting/count-job.ts";
import type { SegmentCounts } from "../../src/counting/segment-counts.ts";
import { countSlowly, documentsSlowly } from "../reference/segments.ts";
import { READ_LINES, writeTemp } from "./count-file.ts";
import { toMap } from "./scan-text.ts";

async function jobOf(...paths: string[]): Promise<CountJob> {
  const files = await findCorpusFiles(paths);
  return { files, shards: planShards(files, true), read: READ_LINES, sampleSize: 100, seed: 7 };
}

function run(job: CountJob, onBlock: (block: SegmentCounts) => void = () => {}): Promise<CountOutput> {
  let next = 0;
  return runCountJob(job, () => (next < job.shards.length ? next++ : -1), onBlock);
}

test("several files add up; each has its digests of stored bytes; long segments come as blocks", async () => {
  const texts = ["a b\nlast", "\ufeffa b\r\n c", `x ${"y".repeat(97)}\n`, "", "\n"];
  const paths = [
    writeTemp("1.txt", texts[0]!),
    writeTemp("2.txt", texts[1]!),
    writeTemp("3.txt.gz", gzipSync(texts[2]!)),
    writeTemp("4.txt", texts[3]!),
    writeTemp("5.txt", texts[4]!),
  ];
  const blocks: SegmentCounts[] = [];
  const output = await run(await jobOf(...paths), (block) => blocks.push(block));
  const documents = texts.flatMap((text) => documentsSlowly(text, true));
  const counts = new Map([...toMap(output.counts), ...blocks.flatMap((block) => [...toMap(block)])]);
  expect(counts).toEqual(countSlowly(documents));
  expect(blocks.length).toBe(1);
  expect([output.documents, output.invalid]).toEqual([documents.length, 0]);
  const placed = [...output.sample].sort((a, b) => a.file - b.file || a.offset - b.offset);
  expect(placed.map(({ bytes }) => Buffer.from(bytes!).toString())).toEqual(documents);
  expect(placed.map(({ file, offset }) => [file, offset])).toEqual([
    [0, 0],
    [0, 4],
    [1, 3],
    [1, 8],
    [2, 0],
  ]);
  expect(output.digests.map(({ file, digest }) => [file, Buffer.from(digest).toString("hex")])).toEqual(
    paths.map((path, file) => [file, createHash("sha256").update(readFileSync(path)).digest("hex")]),
  );
});

test("a file that became shorter since it was found is refused", async () => {
  for (const name of ["a.txt", "a.txt.gz"]) {
    const stored = name.endsWith("gz") ? gzipSync("one\ntwo\n") : "one\ntwo\n";
    const path = writeTemp(name, stored);
    const job = await jobOf(path);
    const size = statSync(path).size;
    const files = job.files.map((file) => ({ ...file, size: size + 5 }));
    await expect(run({ ...job, files, shards: planShards(files, true) })).rejects.toMatchObject({
      code: "file-changed",
      message: `${path} became shorter while it was read: it ends at byte ${size}`,
    });
  }
});

test("a file that is gone since it was found is refused", async () => {
  const job = await jobOf(writeTemp("a.txt", "x"));
  const files = job.files.map((file) => ({ ...file, path: `${file.path}.gone` }));
  await expect(run({ ...job, files })).rejects.toMatchObject({ code: "unreadable" });
});
