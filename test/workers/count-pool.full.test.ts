import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findCorpusFiles } from "../../src/corpus/files.ts";
import { planShards } from "../../src/corpus/shards.ts";
import type { CountJob, CountOutput } from "../../src/counting/count-job.ts";
import { mergeSamples, type SampledDocument } from "../../src/counting/document-sample.ts";
import { mergeCounts } from "../../src/counting/merge-counts.ts";
import type { SegmentCounts } from "../../src/counting/segment-counts.ts";
import { countInPool, type PoolOptions } from "../../src/workers/count-pool.ts";
import { READ_LINES } from "../counting/count-file.ts";
import { toMap } from "../counting/scan-text.ts";
import { countSlowly, documentsSlowly } from "../reference/segments.ts";
import { Random } from "../tokenizer/hostile-text.ts";

const folder = mkdtempSync(join(tmpdir(), "vocab-pool-"));
afterAll(() => rmSync(folder, { recursive: true }));

const SAMPLE = 500;

function write(name: string, contents: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
}

async function jobOf(paths: readonly string[]): Promise<CountJob> {
  const files = await findCorpusFiles(paths);
  return { files, shards: planShards(files, true), read: READ_LINES, sampleSize: SAMPLE, seed: 1 };
}

/** Lines of a small vocabulary, some of them equal, some with a word above 96 bytes. */
function linesOf(random: Random, bytes: number): string[] {
  const words = random.times(3000, () =>
    random.times(random.integer(1, 9), () => random.pick([..."سلامدنیabc"])).join(""),
  );
  const lines: string[] = [];
  for (let size = 0; size < bytes; ) {
    const line = random.chance(0.1)
      ? "the same line"
      : random.times(random.integer(0, 30), () => random.pick(words)).join(random.pick([" ", " ", ". "]));
    lines.push(random.chance(0.02) ? `${line} ${"ยาว".repeat(random.integer(11, 30))}` : line);
    size += Buffer.byteLength(line) + 1;
  }
  return lines;
}

describe("1, 2 and 5 workers", () => {
  let job: CountJob;
  let documents: string[];
  const random = new Random(1);

  beforeAll(async () => {
    const large = linesOf(random, 21 << 20).join("\n");
    const crlf = linesOf(random, 1 << 20).join("\r\n");
    const records = linesOf(random, 9 << 20);
    const jsonl = `${records.map((text) => JSON.stringify({ text })).join("\n")}\n`;
    const few = linesOf(random, 1 << 18);
    job = await jobOf([
      write("large.txt", large),
      write("crlf.txt.gz", gzipSync(crlf)),
      write("records.jsonl", jsonl),
      write("few.jsonl.gz", gzipSync(few.map((text) => JSON.stringify({ text })).join("\n"))),
      write("empty.txt", ""),
    ]);
    documents = [...documentsSlowly(large, true), ...documentsSlowly(crlf, true), ...records, ...few];
    documents = documents.filter((document) => document !== "");
  });

  test("give what the slow twin gives, and the same sample and digests", async () => {
    const expected = countSlowly(documents);
    const results: ReturnType<typeof comparable>[] = [];
    for (const workers of [1, 2, 5]) {
      const blocks: SegmentCounts[] = [];
      const outputs = await countInPool(job, { workers, onBlock: (block) => blocks.push(block) });
      expect(outputs.length).toBe(workers);
      expect(outputs.reduce((sum, output) => sum + output.documents, 0)).toBe(documents.length);
      const counts = toMap(mergeCounts([...outputs.map((output) => output.counts), ...blocks]));
      expect(counts.size).toBe(expected.size);
      expect([...expected].filter(([key, count]) => counts.get(key) !== count)).toEqual([]);
      results.push(comparable(outputs));
    }
    expect(results[0]!.sample.length).toBe(SAMPLE);
    expect(results[0]!.digests.length).toBe(job.files.length);
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });

  test("progress ends with every stored byte read, give or take what is read twice at borders", async () => {
    let last = 0;
    await countInPool(job, { workers: 2, onBlock: () => {}, onBytes: (bytes) => (last = bytes) });
    const stored = job.files.reduce((sum, file) => sum + file.size, 0);
    expect(last).toBeGreaterThanOrEqual(stored);
    expect(last).toBeLessThan(1.1 * stored);
  });
});

function comparable(outputs: readonly CountOutput[]): { sample: SampledDocument[]; digests: unknown[] } {
  const sample = mergeSamples(
    outputs.map((output) => output.sample),
    SAMPLE,
  );
  const digests = outputs.flatMap((output) => output.digests);
  return { sample, digests: digests.sort((a, b) => a.file - b.file || a.start - b.start) };
}

describe("a worker that fails ends the run", () => {
  const run = async (way: string, ...flags: string[]) => {
    const script = fileURLToPath(new URL("./run-failing.ts", import.meta.url));
    const path = write("short.txt", "a line\n".repeat(3_000_000));
    const options = { timeout: 60_000 };
    const args = [...flags, "--import", "tsx", script, way, path];
    const { stdout } = await promisify(execFile)(process.execPath, args, options);
    return stdout.trim();
  };

  test("and without a failure the same set-up counts", async () => {
    expect(await run("")).toBe("counted 3000000");
  });

  test.each([
    ["throw", "worker-failed: a counting worker failed: thrown on purpose"],
    ["exit 0", "worker-failed: a counting worker failed: worker exited with code: 0"],
    ["exit 3", "worker-failed: a counting worker failed: worker exited with code: 3"],
    ["uncaught", "worker-failed: a counting worker failed: uncaught on purpose"],
  ])("%s", async (way, message) => {
    expect(await run(way)).toBe(message);
  });

  test("out of memory", async () => {
    const output = await run("memory", "--max-old-space-size=150");
    expect(output).toMatch(/^worker-failed: a counting worker failed: .*memory limit/);
  });
});

describe("errors on the way", () => {
  const text = "ก".repeat(200);
  const path = write("thai.txt", `${text}\n`.repeat(60_000)); // 36 MB of long segments

  const run = async (options: Partial<PoolOptions>) =>
    countInPool(await jobOf([path]), { workers: 2, onBlock: () => {}, ...options });

  test("of the contents: the worker's error with its code and hint", async () => {
    const bad = write("bad.txt", Buffer.concat([Buffer.alloc(9 << 20, "a\n"), Buffer.from([0xff])]));
    await expect(
      countInPool(await jobOf([path, bad]), { workers: 2, onBlock: () => {} }),
    ).rejects.toMatchObject({
      name: "VocabError",
      code: "invalid-utf8",
      kind: "input",
      message: `${bad}: invalid UTF-8 at byte ${9 << 20}`,
      hint: expect.stringContaining("--on-invalid"),
    });
  });

  test("of onBlock: thrown as it is, and no block comes after it", async () => {
    let blocks = 0;
    const onBlock = () => {
      blocks++;
      throw new RangeError("of the caller");
    };
    await expect(run({ onBlock })).rejects.toThrow(new RangeError("of the caller"));
    expect(blocks).toBe(1);
  });

  test("an abort before and while it runs", async () => {
    await expect(run({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: "AbortError" });
    const controller = new AbortController();
    let blocks = 0;
    const onBlock = () => {
      if (++blocks === 3) controller.abort();
    };
    await expect(run({ onBlock, signal: controller.signal })).rejects.toMatchObject({ name: "AbortError" });
    expect(blocks).toBeLessThan(30);
  });

  test("blocks wait for a slow onBlock: none is lost, few are on their way", async () => {
    const rss = process.memoryUsage().rss;
    let segments = 0;
    let peak = 0;
    const onBlock = (block: SegmentCounts) => {
      segments += block.counts.length;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 40);
      peak = Math.max(peak, process.memoryUsage().rss);
    };
    const outputs = await run({ onBlock });
    expect(segments).toBe(60_000);
    expect(outputs.reduce((sum, output) => sum + output.documents, 0)).toBe(60_000);
    expect((peak - rss) / 2 ** 20).toBeLessThan(200);
  });
});
