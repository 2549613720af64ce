// Corpora of a hub end to end: the same counts as from the same files on this machine, and what goes wrong on the way.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { type CountResult, count } from "../../src/pipeline/count.ts";
import { madeParquet } from "../corpus/made-parquet.ts";
import parquet from "../corpus/parquet-fixtures.json" with { type: "json" };
import { files } from "../io/compressed-files.ts";
import { hubFixture, NEXT_COMMIT } from "../io/hub-fixture.ts";
import { status } from "../io/hub-server.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const REPO = "datasets/org/name";
const folder = temporaryFolder();
const fixture = hubFixture(REPO);
const compressed = (name: string) => files.find((file) => file.name === name)!.stored;
const LINES = Buffer.from(
  Array.from({ length: 200_000 }, (_, i) => `سطر ${i % 977} از ${(i * 7919) % 10_007}\n`).join(""),
);
const words = (from: number) => Array.from({ length: 500 }, (_, i) => `واژه ${from + i} ${"پر".repeat(200)}`);

const FILES: Readonly<Record<string, Buffer>> = {
  "a.txt": LINES,
  "a.txt.gz": gzipSync(LINES),
  "b.txt.zst": Buffer.from(compressed("zstd, one frame")),
  "b.txt.xz": Buffer.from(compressed("xz, crc64")),
  "b.txt.bz2": Buffer.from(compressed("bzip2, one stream")),
  "c.jsonl.zst": Buffer.from(compressed("zstd, JSON lines")),
  "d.parquet": Buffer.concat([...madeParquet([[words(0), words(500)], [words(1000)], [words(1500)]])]),
  "e.parquet": Buffer.from(parquet.files.find(({ name }) => name === "row groups")!.base64, "base64"),
};

let runs = 0;
const out = () => join(folder, `counts-${runs++}`);
const source = `hf://${REPO}@${NEXT_COMMIT}`;

/** Puts the files on the hub, large as datasets are. */
function publish(names = Object.keys(FILES)): void {
  fixture.hub.commit(
    NEXT_COMMIT,
    Object.fromEntries(names.map((name) => [`data/${name}`, { content: FILES[name]!, large: true }])),
  );
}

const fromHub = (glob: string, signal?: AbortSignal): Promise<CountResult> =>
  count("fa", {
    corpus: [`hf://${REPO}/${glob}`],
    out: out(),
    workers: 2,
    hub: { ...fixture.options, signal },
    signal,
  });

function fromDisk(names: readonly string[]): Promise<CountResult> {
  const paths = names.map((name) => join(folder, name));
  for (const [i, path] of paths.entries()) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, FILES[names[i]!]!);
  }
  return count("fa", { corpus: paths, out: out(), workers: 2 });
}

test("the counts of all formats are those of the same files on this machine", async () => {
  publish();
  const [{ corpus, ...here }, there] = [await fromDisk(Object.keys(FILES)), await fromHub("data/*")];
  expect(there.corpus).toEqual({ ...corpus, hub: [source] });
  expect(there.files).toEqual(here.files);
  expect(there.segments).toEqual(here.segments);
});

test("of a parquet file only footer and text are asked for, in ranges", async () => {
  publish(["d.parquet"]);
  await fromHub("data/d.parquet");
  const asked = fixture.hub.seen.filter(({ host }) => host === "storage").map(({ range }) => range);
  expect(asked.filter((range) => range === undefined)).toEqual([]);
  expect(asked.length).toBeGreaterThan(3);
});

test("a transfer that breaks and a hub that asks for patience change nothing", async () => {
  publish(["a.txt.gz"]);
  const here = await fromDisk(["a.txt.gz"]);
  void fixture.hub.holdAfter("a.txt.gz?signature", 300_000).then((hold) => setTimeout(() => hold.cut(), 300));
  fixture.hub.fail("?signature", status(429, { "retry-after": "1" }), 1);
  const there = await fromHub("data/*.gz");
  expect(there.segments).toEqual(here.segments);
  expect(there.corpus.sha256).toBe(here.corpus.sha256);
  const storage = fixture.hub.seen.filter(({ host }) => host === "storage");
  expect(storage.filter(({ range }) => range?.startsWith("bytes=300000-")).length).toBe(1);
});

test("a file that arrives with another byte is refused, though its format has no check", async () => {
  publish(["b.txt.zst"]);
  const changed = Buffer.from(FILES["b.txt.zst"]!);
  changed[changed.length - 1]! ^= 1;
  fixture.hub.fail("?signature", (_, response) => {
    response.writeHead(200).end(changed);
    return true;
  });
  await expect(fromHub("data/*.zst")).rejects.toMatchObject({
    code: expect.stringMatching(/^(hub-file-corrupt|corrupt-zstd)$/),
  });
});

test("refusals come through from the thread that fetches", async () => {
  publish(["a.txt.gz"]);
  fixture.hub.fail("/resolve/", status(403));
  await expect(fromHub("data/*.gz")).rejects.toMatchObject({
    code: "hub-access-denied",
    hint: expect.stringContaining("HF_TOKEN"),
  });
});

test("Ctrl-C ends a run whose hub is silent", async () => {
  publish(["a.txt.gz"]);
  const controller = new AbortController();
  void fixture.hub
    .holdAfter("a.txt.gz?signature", 100_000)
    .then(() => controller.abort(new Error("interrupted")));
  await expect(fromHub("data/*.gz", controller.signal)).rejects.toThrow();
});

test("what is not there, and what is no text", async () => {
  publish(["a.txt.gz"]);
  await expect(fromHub("data/*.parquet")).rejects.toMatchObject({ code: "no-match", kind: "usage" });
  await expect(fromHub("data/b.txt")).rejects.toMatchObject({ code: "hub-file-not-found", kind: "usage" });
  await expect(count("fa", { corpus: [`hf://${REPO}/data/*`], out: out() })).rejects.toMatchObject({
    code: "hub-files",
  });
});
