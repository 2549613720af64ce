// A compressed file is hashed while it is decoded: its digest is that of the stored file, which is read once.

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type CorpusFile, findCorpusFiles } from "../../src/corpus/files.ts";
import { planShards } from "../../src/corpus/shards.ts";
import type { ReadOptions } from "../../src/counting/count-shard.ts";
import { DocumentCollector } from "../../src/counting/document-collector.ts";
import { workShard } from "../../src/counting/work-shard.ts";
import { files } from "../io/compressed-files.ts";
import { Random } from "../tokenizer/hostile-text.ts";
import { READ_LINES, writeTemp } from "./count-file.ts";

interface Worked {
  readonly documents: number;
  readonly invalid: number;
  readonly digests: readonly string[];
}

/** What the shards of a file come to. */
async function work(path: string, options: Partial<ReadOptions> = {}): Promise<Worked> {
  const read = { ...READ_LINES, ...options };
  const corpus: readonly CorpusFile[] = await findCorpusFiles([path]);
  let [documents, invalid] = [0, 0];
  const digests: string[] = [];
  const sink = new DocumentCollector(Number.MAX_SAFE_INTEGER, () => documents++);
  for (const shard of planShards(corpus, read.unit === "line")) {
    const worked = await workShard(sink, corpus, shard, read);
    invalid += worked.invalid;
    digests.push(...worked.digests.map(({ digest }) => Buffer.from(digest).toString("hex")));
  }
  return { documents, invalid, digests };
}

const sha256 = (stored: Uint8Array) => createHash("sha256").update(stored).digest("hex");

const ENDINGS = { gzip: "gz", zstd: "zst", xz: "xz", bzip2: "bz2" };
const [one, two] = [gzipSync("سلام دنیا\n".repeat(500)), gzipSync("ab\n")];
const gzips = Object.entries({
  "one member": one,
  "several members": Buffer.concat([one, gzipSync(""), two]),
  padded: Buffer.concat([two, Buffer.alloc(9)]),
  "padded by more than a piece": Buffer.concat([one, two, Buffer.alloc(600_000)]),
}).map(([name, stored]) => ({ name: `gzip, ${name}`, stored, compression: "gzip" as const }));
const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 5, 0, 0, 0, 1, 2, 3, 4, 5]);
const zstd = files.find(({ compression }) => compression === "zstd")!.stored;
const skips = {
  name: "zstd, skippable frames",
  stored: Buffer.concat([skippable, zstd, skippable]),
  compression: "zstd" as const,
};
const all = [...files, ...gzips, skips];

describe("the digest is that of the stored bytes", () => {
  test.each(all)("$name", async ({ compression, stored }) => {
    for (const unit of ["line", "file"] as const)
      for (const onInvalid of ["error", "skip"] as const) {
        const path = writeTemp(`any.txt.${ENDINGS[compression]}`, stored);
        expect((await work(path, { unit, onInvalid })).digests).toEqual([sha256(stored)]);
      }
  });

  test("of a document that is left out at its first piece", async () => {
    const random = new Random(9);
    const bytes = Uint8Array.from({ length: 3_000_000 }, () => random.integer(0, 255));
    const stored = gzipSync(bytes);
    const worked = await work(writeTemp("invalid.txt.gz", stored), { unit: "file", onInvalid: "skip" });
    expect(worked).toEqual({ documents: 0, invalid: 1, digests: [sha256(stored)] });
  });
});

/** Bytes that this process has read, from disks or the system's memory of them. */
function bytesRead(): number {
  return Number(/^rchar: (\d+)$/m.exec(readFileSync("/proc/self/io", "utf8"))![1]);
}

describe.runIf(existsSync("/proc/self/io"))("the stored bytes are read", () => {
  const random = new Random(10);
  const letters = [..."abcdefghijklmnopqrstuvwxyz \nابپتثجچ"];
  const text = random.times(1_500_000, () => random.pick(letters)).join("");
  const stored = gzipSync(text);

  test.each([
    ["once", {}, 1],
    ["twice where a document must be valid as a whole", { unit: "file", onInvalid: "skip" }, 2],
  ] as const)("%s", async (_, options, times) => {
    const path = writeTemp("large.txt.gz", stored);
    await work(path, options);
    const before = bytesRead();
    await work(path, options);
    const share = (bytesRead() - before) / stored.length;
    expect(share).toBeGreaterThan(times - 0.01);
    expect(share).toBeLessThan(times + 0.2);
  });
});

test("a file that became shorter is said to be that, not whatever its end looks like", async () => {
  const path = writeTemp("short.txt", Buffer.from("سلام").subarray(0, 7));
  const [file] = await findCorpusFiles([path]);
  const corpus = [{ ...file!, size: 8 }];
  const [shard] = planShards(corpus, true);
  const sink = new DocumentCollector(100, () => {});
  await expect(workShard(sink, corpus, shard!, READ_LINES)).rejects.toMatchObject({
    code: "file-changed",
    message: expect.stringContaining("became shorter while it was read: it ends at byte 7"),
  });
});
