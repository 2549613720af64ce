// The number of workers changes nothing, whatever the formats: a parquet file is shared by its row groups.

import { closeSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { canonicalJson } from "../../src/io/canonical-json.ts";
import { analyze } from "../../src/pipeline/analyze.ts";
import { count } from "../../src/pipeline/count.ts";
import { madeParquet } from "../corpus/made-parquet.ts";
import { fileOf } from "../io/compressed-files.ts";
import { BYTE_BASE, madeLines, testFiles } from "./training-files.ts";

const { folder, write } = testFiles();
const base = write("base.json", BYTE_BASE);

function writePieces(name: string, pieces: Iterable<Uint8Array>): string {
  const path = join(folder, name);
  const file = openSync(path, "w");
  for (const piece of pieces) writeSync(file, piece);
  closeSync(file);
  return path;
}

const texts = madeLines(1, 250_000);
const groups = Array.from({ length: 50 }, (_, i) => {
  const rows = texts.slice(i * 5000, (i + 1) * 5000);
  return [rows.slice(0, 100), rows.slice(100, 3000), rows.slice(3000)];
});
const record = (text: string) =>
  `WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}\r\n\r\n`;
const corpus = [
  writePieces("a.parquet", madeParquet(groups)),
  writePieces("b.wet.gz", [gzipSync(texts.slice(0, 20_000).map(record).join(""))]),
  writePieces("c.txt.zst", [fileOf("zstd, many blocks").stored, fileOf("zstd, two frames").stored]),
  writePieces("d.txt.xz", [fileOf("xz, two streams").stored]),
  write("e.txt", texts.slice(0, 100_000).join("\n")),
  write(
    "f.jsonl",
    texts
      .slice(0, 1000)
      .map((text) => JSON.stringify({ text }))
      .join("\n"),
  ),
];
const plain = [
  write("plain/a.txt", texts.join("\n")),
  write("plain/b.txt", texts.slice(0, 20_000).join("\n")),
  write("plain/c.txt", fileOf("zstd, many blocks").text + fileOf("zstd, two frames").text),
  write("plain/d.txt", fileOf("xz, two streams").text),
  write("plain/e.txt", texts.slice(0, 100_000).join("\n")),
  write("plain/f.txt", texts.slice(0, 1000).join("\n")),
];

async function counted(corpus: readonly string[], workers: number): Promise<Record<string, string>> {
  const out = join(folder, `counts-${corpus === plain ? "plain" : workers}`);
  await count("fa", { corpus, out, workers });
  return Object.fromEntries(readdirSync(out).map((name) => [name, readFileSync(join(out, name), "base64")]));
}

it("1, 2 and 5 workers, and the same text as plain files", async () => {
  const runs: unknown[] = [];
  for (const workers of [1, 2, 5]) {
    const { run, ...result } = await analyze("fa", { corpus, tokenizers: [base], workers });
    expect(run.workers).toBe(workers);
    runs.push([await counted(corpus, workers), canonicalJson(result)]);
  }
  expect(runs[1]).toEqual(runs[0]);
  expect(runs[2]).toEqual(runs[0]);
  const [inFormats] = runs[0] as [Record<string, string>];
  expect((await counted(plain, 1))["segments.parquet"]).toBe(inFormats["segments.parquet"]);
});

it.each([
  { script: "Arab", sample: "30%", normalize: "NFC" },
  { sample: "50000" },
  { dedup: "document" },
] as const)("%j", async (filter) => {
  const runs: unknown[] = [];
  for (const workers of [1, 2, 5]) {
    const out = join(folder, `filtered-${workers}`);
    const { run, findings: _, ...manifest } = await count("fa", { corpus, out, workers, ...filter });
    expect(run.workers).toBe("dedup" in filter ? 1 : workers);
    runs.push([canonicalJson(manifest), readFileSync(join(out, "segments.parquet"), "base64")]);
  }
  expect(runs[1]).toEqual(runs[0]);
  expect(runs[2]).toEqual(runs[0]);
});
