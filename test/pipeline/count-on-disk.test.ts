// Counting on the disk: with the smallest tables, commits after every shard, and any number of workers, the folder has the
// bytes that it has without; and what is in it is what the slow twin counts.

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { VocabError } from "../../src/errors.ts";
import { type CountOptions, type CountResult, count } from "../../src/pipeline/count.ts";
import { mergeCountFolders } from "../../src/pipeline/merge-counts.ts";
import { countSlowly, documentsSlowly } from "../reference/segments.ts";
import { Random } from "../tokenizer/hostile-text.ts";
import { countedOf, mapOfTable } from "./counts-tables.ts";
import { testFiles } from "./training-files.ts";

const { folder, write } = testFiles();
/** Tables of a thousand slots: some thousand different segments go to the disk in many runs. */
const SMALL = { memoryBytes: 1 << 16, commitBytes: 1 } as const;

let made = 0;
const nextOut = () => join(folder, `counts-${made++}`);

async function counted(corpus: readonly string[], options: Partial<CountOptions> = {}): Promise<string> {
  const out = nextOut();
  await count("fa", { corpus, out, ...options });
  return out;
}

const stored = (path: string): Record<string, string> =>
  Object.fromEntries(readdirSync(path).map((name) => [name, readFileSync(join(path, name), "base64")]));

async function failure(run: Promise<unknown>): Promise<string> {
  const error = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof VocabError)) throw error ?? new Error("nothing failed");
  return `${error.kind} ${error.code}: ${error.message.replaceAll(`${folder}/`, "")}`;
}

/** Many different segments: short ones, some with NUL, above 16 bytes and above 96; documents that open with a space. */
function wildText(random: Random, lines: number): string {
  const letters = [..."اب پ.سxy😀é\u0000<\t"];
  const word = () => random.times(random.pick([1, 3, 6, 30, 90]), () => random.pick(letters)).join("");
  const frequent = random.times(50, word);
  return random
    .times(lines, () =>
      random
        .times(random.integer(0, 9), () => (random.chance(0.6) ? random.pick(frequent) : word()))
        .join(random.pick([" ", " ", "  ", ". "])),
    )
    .join(random.pick(["\n", "\r\n"]));
}

describe("the property", () => {
  const random = new Random(5);
  const texts = random.times(3, () => wildText(random, 400));
  const corpus = texts.map((text, i) => write(`${i}.txt`, text));
  const packed = join(folder, "1.txt.gz");
  writeFileSync(packed, gzipSync(texts[1]!));
  corpus[1] = packed;

  it("is the twin's count, and the same bytes on the disk and off it", async () => {
    const off = await counted(corpus, { holdOut: 3 });
    const { training, heldOutCounts } = await countedOf([off]);
    const sum = new Map(await mapOfTable(training));
    const heldOut = await mapOfTable(heldOutCounts);
    expect([sum.size > 1500, heldOut.size > 600]).toEqual([true, true]);
    for (const [segment, times] of heldOut) sum.set(segment, (sum.get(segment) ?? 0) + times);
    expect(sum).toEqual(countSlowly(texts.flatMap((text) => documentsSlowly(text, true))));
    expect(stored(await counted(corpus, { ...SMALL, holdOut: 3 }))).toEqual(stored(off));
    expect(stored(await counted(corpus, { memoryBytes: 1 << 16, holdOut: 3 }))).toEqual(stored(off));
  });

  it("adds folders up to the bytes of all at once", async () => {
    const parts = [];
    for (const file of corpus) parts.push(await counted([file]));
    const out = nextOut();
    const { corpus: sum } = await mergeCountFolders(undefined, parts.reverse(), { out });
    expect(sum.files).toBe(3);
    expect(stored(out)).toEqual(stored(await counted(corpus)));
  });

  it("drops what is rare, and says exactly how much", async () => {
    const whole = await mapOfTable((await countedOf([await counted(corpus, { holdOut: 0 })])).training);
    const kept = [...whole].filter(([, times]) => times >= 3);
    const occurrences = (of: readonly (readonly [string, number])[]) => of.reduce((sum, [, n]) => sum + n, 0);
    const out = nextOut();
    const { segments, corpus: of } = await count("fa", { corpus, out, holdOut: 0, minCount: 3 });
    const all = occurrences([...whole]);
    expect(segments.training).toMatchObject({
      distinct: kept.length,
      occurrences: occurrences(kept),
      dropped: {
        minCount: 3,
        distinct: whole.size - kept.length,
        occurrences: all - occurrences(kept),
        distinctShare: (whole.size - kept.length) / whole.size,
        occurrencesShare: (all - occurrences(kept)) / all,
      },
    });
    const { training } = await countedOf([out]);
    expect(await mapOfTable(training)).toEqual(new Map(kept));
    expect(of.bytes).toBe(
      texts.flatMap((text) => documentsSlowly(text, true)).reduce((n, d) => n + Buffer.byteLength(d), 0),
    );
    const fromCounts = nextOut();
    const plain = await counted(corpus, { holdOut: 0 });
    await mergeCountFolders("fa", [plain], { out: fromCounts, minCount: 3 });
    expect(stored(fromCounts)).toEqual(stored(out));
    expect(await failure(mergeCountFolders("fa", [out, plain], { out: nextOut() }))).toMatch(
      /^input counts-filtered: counts-\d+ was counted with --min-count 3/,
    );
  });
});

/** Counts until the signal is given at the so-manieth report of progress. */
async function interrupted(corpus: readonly string[], out: string, reports: number): Promise<string> {
  const controller = new AbortController();
  let seen = 0;
  const onProgress = () => {
    if (++seen >= reports) controller.abort();
  };
  return failure(count("fa", { corpus, out, ...SMALL, signal: controller.signal, onProgress }));
}

const parts = [0, 1, 2, 3, 4, 5].map((i) => write(`parts/${i}.txt`, wildText(new Random(60 + i), 100)));
const packedParts = parts.map((path) => {
  const packed = `${path}.gz`;
  writeFileSync(packed, gzipSync(readFileSync(path)));
  return packed;
});
const folderOfAll = () => counted(parts);

describe("a count that was interrupted", () => {
  it.each([
    ["plain", parts],
    ["compressed", packedParts],
  ])("says how to go on, goes on, and ends with the same bytes: %s files", async (_, files) => {
    const whole = stored(await counted(files));
    for (const reports of [2, 4, 6]) {
      const out = nextOut();
      expect(await interrupted(files, out, reports)).toMatch(
        /^input interrupted: interrupted; the same command goes on with what is counted so far \(in counts-\d+\/\.counting\), --restart/,
      );
      let resumed = 0;
      await count("fa", { corpus: files, out, ...SMALL, onResume: () => resumed++ });
      expect([stored(out), resumed]).toEqual([whole, 1]);
    }
  });

  it("by a cut parquet file of which only hashes are there leaves nothing", async () => {
    const out = nextOut();
    const path = write("cut.parquet", "PAR1".repeat(1000));
    expect(await failure(count("fa", { corpus: [path], out, workers: 2 }))).toMatch(/corrupt-parquet/);
    expect(readdirSync(folder)).not.toContain(out.slice(folder.length + 1));
  });

  it("before anything was counted leaves nothing", async () => {
    const out = nextOut();
    expect(await interrupted(parts, out, 1)).toMatch(/nothing is counted yet, and nothing was written$/);
    expect(readdirSync(folder)).not.toContain(out.slice(folder.length + 1));
  });
});

describe("an unfinished count", () => {
  it("is refused with other options, files or contents, and begins anew with restart", async () => {
    const out = nextOut();
    await interrupted(parts, out, 4);
    const again = (options: Partial<CountOptions>) =>
      failure(count("fa", { corpus: parts, out, ...options }));
    const held = (what: string) =>
      `input other-count: ${out.slice(folder.length + 1)}/.counting holds an unfinished count ${what}`;
    expect(await again({ holdOut: 7 })).toBe(held("with other options: --hold-out 50, now 7"));
    expect(await again({ sample: "5%" })).toContain("--dedup, --sample, --script and the like");
    expect(await again({ corpus: parts.slice(1) })).toContain("of other files: 6 before, 5 now");
    const [first] = parts;
    const text = readFileSync(first!);
    writeFileSync(first!, `${text}x`);
    expect(await again({})).toMatch(/^input input-changed: parts\/0\.txt changed since its count began/);
    const other = Buffer.from(text);
    other[0]! ^= 1;
    const { mtime } = statSync(first!);
    writeFileSync(first!, other);
    expect(await again({})).toMatch(/^input input-changed: .* \(written again\)/);
    utimesSync(first!, mtime, mtime);
    expect(await again({})).toMatch(/^input input-changed: .* \(written again\)/);
    writeFileSync(first!, text);
    utimesSync(first!, new Date(), new Date(Date.now() + 5000));
    await count("fa", { corpus: parts, out });
    expect(stored(out)).toEqual(stored(await folderOfAll()));
    await interrupted(parts, out, 4);
    let resumed = 0;
    await count("fa", { corpus: parts, out, holdOut: 7, restart: true, onResume: () => resumed++ });
    expect([stored(out), resumed]).toEqual([stored(await counted(parts, { holdOut: 7 })), 0]);
  });

  it("is refused where another version divided the corpus, and begins anew with restart", async () => {
    const out = nextOut();
    await interrupted(packedParts, out, 4);
    const job = join(out, ".counting", "job.json");
    writeFileSync(job, readFileSync(job, "utf8").replace("vocab.counting/2", "vocab.counting/1"));
    expect(await failure(count("fa", { corpus: packedParts, out }))).toMatch(
      /^input other-count: counts-\d+\/\.counting holds an unfinished count of another version of vocab, which divides/,
    );
    await count("fa", { corpus: packedParts, out, restart: true });
    expect(stored(out)).toEqual(stored(await counted(packedParts)));
  });

  it("is not touched by a second process while the first runs", async () => {
    const out = nextOut();
    await interrupted(parts, out, 4);
    const other = process.ppid;
    const { hostname } = await import("node:os");
    writeFileSync(join(out, ".counting", "lock"), `${other} ${hostname()}`);
    expect(await failure(count("fa", { corpus: parts, out }))).toMatch(
      /^input count-running: another vocab count \(process/,
    );
  });
});

describe("files that cannot be read", () => {
  const good = [0, 1, 2].map((i) => write(`good/${i}.txt`, wildText(new Random(i), 200)));
  const packed = gzipSync(readFileSync(good[0]!));
  const flipped = Buffer.from(packed);
  flipped[Math.floor(flipped.length / 2)]! ^= 0x10;
  const bad = (name: string, bytes: Uint8Array | string) => {
    const path = join(folder, "good", name);
    writeFileSync(path, bytes);
    return path;
  };
  const cut = bad("0a.txt.gz", packed.subarray(0, packed.length - 20));
  const bits = bad("1a.txt.gz", flipped);
  const invalid = bad("2a.txt", Buffer.from([0x61, 0x0a, 0xff, 0x0a]));

  it("are one error, which names the file", async () => {
    for (const [file, message] of [
      [cut, /^input corrupt-gzip: good\/0a\.txt\.gz: the gzip data ends in the middle/],
      [bits, /^input corrupt-gzip: good\/1a\.txt\.gz: the gzip data is damaged/],
      [invalid, /^input invalid-utf8: good\/2a\.txt/],
    ] as const)
      expect(await failure(counted([...good, file]))).toMatch(message);
  });

  it.each([{}, SMALL, { commitBytes: 1 }])(
    "are left out and listed where that is asked for, with %j",
    async (options) => {
      const out = nextOut();
      const result = await count("fa", {
        corpus: [...good, cut, bits, invalid],
        out,
        ...options,
        skipBadFiles: true,
      });
      expect(result.skipped?.map(({ path }) => path)).toEqual([cut, bits, invalid]);
      expect(result.skipped?.[2]?.reason).toContain("invalid UTF-8");
      const { skipped: _, ...rest } = JSON.parse(
        readFileSync(join(out, "counts.json"), "utf8"),
      ) as CountResult;
      expect(rest).toEqual(JSON.parse(readFileSync(join(await counted(good), "counts.json"), "utf8")));
    },
  );

  it("are listed where they cannot even be opened", async () => {
    const dead = join(folder, "good", "1b.txt");
    symlinkSync("gone", dead);
    const corpus = [join(folder, "good", "*.{txt,gz}")];
    expect(await failure(counted(corpus))).toMatch(/^input unreadable: good\/1b\.txt cannot be read: a symb/);
    const out = nextOut();
    const result = await count("fa", { corpus, out, skipBadFiles: true });
    expect(result.skipped?.map(({ path }) => path)).toEqual([cut, bits, dead, invalid]);
    expect(result.skipped?.[2]?.reason).toMatch(/a symbolic link that leads nowhere/);
    const { skipped, ...rest } = JSON.parse(readFileSync(join(out, "counts.json"), "utf8")) as CountResult;
    expect(skipped).toEqual(result.skipped);
    expect(rest).toEqual(JSON.parse(readFileSync(join(await counted(good), "counts.json"), "utf8")));
    expect(await failure(counted([dead], { skipBadFiles: true }))).toMatch(
      /^input empty-corpus: the corpus is empty: bad files were skipped \(good\/1b\.txt cannot be read/,
    );
  });

  it("are no reason for two rules that need all files", async () => {
    expect(await failure(counted(good, { skipBadFiles: true, dedup: "document" }))).toMatch(
      /^usage filter-option/,
    );
  });
});

describe("files that change", () => {
  it("a file that grows while it is read", async () => {
    const path = write("growing.txt", wildText(new Random(8), 500));
    const grow = () => writeFileSync(path, "more\n", { flag: "a" });
    let seen = 0;
    const onProgress = () => {
      if (++seen === 1) grow();
    };
    expect(await failure(counted([path], { ...SMALL, onProgress }))).toMatch(
      /^input file-changed: growing\.txt changed \(\d+ bytes before, \d+ now\) while it was counted/,
    );
  });

  it("a file that disappears while it is read", async () => {
    const paths = [0, 1].map((i) => write(`going/${i}.txt`, wildText(new Random(i), 300)));
    let seen = 0;
    const onProgress = () => {
      if (++seen === 1) rmSync(paths[1]!);
    };
    expect(await failure(counted(paths, { onProgress }))).toMatch(
      /^input unreadable: going\/1\.txt cannot be read/,
    );
  });
});

describe("a folder of segments.bin", () => {
  const first = join(import.meta.dirname, "counts-of-segments-bin");

  it("gives what it gave, alone and beside the present one", async () => {
    const text = "خانه‌ام دور است.\nخانه دور است.\n دور\nکتاب‌ها روی میز است.\nab ac\n";
    const present = await counted([write("first.txt", text)], { holdOut: 3 });
    const out = nextOut();
    await mergeCountFolders(undefined, [first], { out });
    expect(stored(out)).toEqual(stored(present));
    const other = await counted([write("other.txt", "دور است\n")], { holdOut: 3 });
    const [a, b] = [nextOut(), nextOut()];
    await mergeCountFolders("fa", [first, other], { out: a });
    await mergeCountFolders("fa", [other, present], { out: b });
    expect(stored(a)).toEqual(stored(b));
  });

  it("is written over whole", async () => {
    const out = nextOut();
    mkdirSync(out);
    for (const name of readdirSync(first)) copyFileSync(join(first, name), join(out, name));
    await count("fa", { corpus: [write("over.txt", "a b\n")], out });
    expect(readdirSync(out).sort()).toEqual(["counts.json", "held-out.parquet", "segments.parquet"]);
  });
});

// Node's own mkdir never comes back from there.
it.runIf(existsSync("/proc/self"))("refuses a folder that cannot be made", { timeout: 20_000 }, async () => {
  const run = count("fa", { corpus: [write("one.txt", "a b\n")], out: "/proc/none/below" });
  expect(await failure(run)).toMatch(/^input cannot-write: \/proc\/none\/below/);
});

it("refuses options of a text beside counts", async () => {
  const one = await counted([write("one.txt", "a b\n")]);
  for (const options of [{ holdOut: 5 }, { corpus: ["x.txt"] }, { sample: "5%" }])
    expect(await failure(mergeCountFolders("fa", [one], { out: nextOut(), ...options }))).toMatch(
      /^usage two-texts/,
    );
});
