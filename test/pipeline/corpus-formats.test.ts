// The same text in every format gives the same counts and figures; only the hash of the stored bytes differs.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { canonicalJson } from "../../src/io/canonical-json.ts";
import { analyze } from "../../src/pipeline/analyze.ts";
import { compare } from "../../src/pipeline/compare.ts";
import { count } from "../../src/pipeline/count.ts";
import { sweep } from "../../src/pipeline/sweep.ts";
import { train } from "../../src/pipeline/train.ts";
import parquet from "../corpus/parquet-fixtures.json" with { type: "json" };
import { files } from "../io/compressed-files.ts";
import { BYTE_BASE, testFiles } from "./training-files.ts";

const { folder } = testFiles();
const base = writeBytes("base.json", Buffer.from(BYTE_BASE));

function writeBytes(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

const fixture = (name: string) => files.find((file) => file.name === name)!;
const table = (name: string) => parquet.files.find((file) => file.name === name)!;

const LINES = Buffer.from(fixture("zstd, one frame").text);
const RECORDS = Buffer.from(fixture("zstd, JSON lines").text);
const TEXTS = table("row groups").texts as string[];

function warc(texts: readonly string[]): Buffer {
  const record = (text: string) =>
    `WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}\r\n\r\n`;
  return Buffer.concat(texts.map((text) => gzipSync(record(text))));
}

const jsonl = (texts: readonly string[]) =>
  Buffer.from(texts.map((text) => JSON.stringify({ text })).join("\n"));

/** Names and contents that hold the same text: the first is plain. */
const SAME: readonly (readonly (readonly [name: string, stored: Uint8Array])[])[] = [
  [
    ["a.txt", LINES],
    ["a.txt.gz", gzipSync(LINES)],
    ["a.txt.zst", fixture("zstd, one frame").stored],
    ["a.txt.xz", fixture("xz, crc64").stored],
    ["a.txt.bz2", fixture("bzip2, one stream").stored],
  ],
  [
    ["b.jsonl", RECORDS],
    ["b.json.gz", gzipSync(RECORDS)],
    ["b.jsonl.zst", fixture("zstd, JSON lines").stored],
    ["b.jsonl.xz", fixture("xz, JSON lines").stored],
    ["b.jsonl.bz2", fixture("bzip2, JSON lines").stored],
  ],
  [
    ["c.jsonl", jsonl(TEXTS)],
    ["c.parquet", Buffer.from(table("row groups").base64, "base64")],
    ["c.warc.wet.gz", warc(TEXTS)],
  ],
];

function withoutHashes(result: object): string {
  const { run: _, ...rest } = result as { readonly run?: unknown };
  return canonicalJson(rest)
    .replaceAll(/"sha256": "[0-9a-f]{64}"/g, "")
    .replaceAll(/"bytes": \d+\n/g, "");
}

test.each(SAME.flatMap(([plain, ...others]) => others.map((other) => [other[0], plain!, other] as const)))(
  "%s",
  async (_, plain, other) => {
    const results = await Promise.all(
      [plain, other].map(async ([name, stored]) => {
        const corpus = [writeBytes(name, stored)];
        const out = join(folder, `counts-${name}`);
        const counted = await count("fa", { corpus, out, holdOut: 3 });
        return [
          withoutHashes(await analyze("fa", { corpus, tokenizers: [base] })),
          readFileSync(join(out, "segments.parquet"), "hex"),
          withoutHashes(counted),
          counted.corpus.bytes,
          withoutHashes(await train("fa", { corpus, base, add: 5 })),
        ];
      }),
    );
    expect(results[1]).toEqual(results[0]);
  },
);

test("corpora/<lang>/ takes every format", async () => {
  const own = join(folder, "own");
  const all = SAME.flat().filter(([name]) => !/^[ab]\.(txt|jsonl)$/.test(name));
  for (const [name, stored] of all) writeBytes(`own/corpora/fa/deep/${name}`, stored);
  writeBytes("own/corpora/fa/no.csv", Buffer.from("a,b"));
  const { corpus } = await analyze("fa", { folder: own, tokenizers: [base] });
  expect([corpus.files, corpus.unit]).toEqual([all.length, "line"]);
});

test("compare and sweep by the same globs", async () => {
  for (const [name, stored] of SAME[2]!) writeBytes(`fa/${name}`, stored);
  const corpus = [`fa=${folder}/fa/*.{parquet,wet.gz}`];
  const compared = await compare({ languages: ["fa"], corpus, tokenizers: [base] });
  expect(compared.texts[0]).toMatchObject({ files: 2, documents: 2 * TEXTS.length, unit: "record" });
  const swept = await sweep("fa", { base, corpus: [join(folder, "fa/c.parquet")], max: 5 });
  const plain = await sweep("fa", { base, corpus: [join(folder, "fa/c.jsonl")], max: 5 });
  expect(withoutHashes(swept)).toBe(withoutHashes(plain));
});
