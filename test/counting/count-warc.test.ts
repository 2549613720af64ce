import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { rawZstd } from "../io/compressed-files.ts";
import { countFile, failureOf, writeTemp } from "./count-file.ts";

function record(type: string, content: string | Buffer, fields = ""): Buffer {
  const body = Buffer.from(content);
  const header = `WARC/1.0\r\nWARC-Type: ${type}\r\n${fields}Content-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(header), body, Buffer.from("\r\n\r\n")]);
}

const INFO = record("warcinfo", "Software-Info: none\r\n\r\nrobots: classic\r\n\r\n");
const ONE = record(
  "conversion",
  "سلام\nدنیا!\n",
  "WARC-Target-URI: http://example.org/\r\nContent-Type: text/plain\r\n",
);
const TWO = record("conversion", "a\r\n\r\nb");
const EMPTY = record("conversion", "");
const IMAGE = record("resource", Buffer.alloc(600_000, 0xff));
const LONG = record("conversion", "long ".repeat(150_000));

const RECORDS = [INFO, ONE, EMPTY, IMAGE, TWO, LONG, INFO];
const TEXTS = ["سلام\nدنیا!\n", "a\r\n\r\nb", "long ".repeat(150_000)];

describe("a record of type conversion is a document", () => {
  test.each([
    ["a.warc.wet", Buffer.concat(RECORDS)],
    ["a.warc.wet.gz", Buffer.concat(RECORDS.map((part) => gzipSync(part)))],
    ["a.wet.gz", gzipSync(Buffer.concat(RECORDS))],
    ["a.wet", Buffer.concat(RECORDS)],
    ["a.wet.zst", rawZstd(Buffer.concat(RECORDS))],
    ["a.warc.wet.zst", Buffer.concat(RECORDS.map(rawZstd))],
  ])("%s", async (name, stored) => {
    const counted = await countFile(writeTemp(name, stored), { unit: "record" });
    expect(counted.documents).toEqual(TEXTS);
    expect(counted.offsets[0]).toBe(INFO.length + ONE.length - 4 - Buffer.byteLength(TEXTS[0]!));
    expect(counted.invalid).toBe(0);
  });

  test("fields in any case, in any order; no record at all", async () => {
    const header = "WARC/1.1\r\ncontent-length:1\r\nX: y: z\r\nwarc-type:  CONVERSION \r\n\r\n";
    expect((await countFile(writeTemp("a.warc.wet", `${header}x\r\n\r\n`))).documents).toEqual(["x"]);
    expect((await countFile(writeTemp("a.warc.wet", ""))).documents).toEqual([]);
  });
});

test("invalid UTF-8", async () => {
  const stored = Buffer.concat([
    record("conversion", "fine"),
    record("conversion", Buffer.from("a\xffb", "latin1")),
  ]);
  const path = writeTemp("a.warc.wet", stored);
  expect(await failureOf(path)).toBe(`invalid-utf8: a.warc.wet: invalid UTF-8 at byte ${stored.length - 6}`);
  const replaced = await countFile(path, { onInvalid: "replace" });
  expect([replaced.documents, replaced.invalid]).toEqual([["fine", "a\ufffdb"], 1]);
  const skipped = await countFile(path, { onInvalid: "skip" });
  expect([skipped.documents, skipped.invalid]).toEqual([["fine"], 1]);
});

test("too large: refused before it is read", async () => {
  const path = writeTemp("a.warc.wet", Buffer.concat([ONE, LONG.subarray(0, 200)]));
  expect(await failureOf(path, { maxDocumentBytes: 1000 })).toBe(
    `document-too-large: a.warc.wet: the record at byte ${ONE.length + LONG.indexOf("long ")}: a record of 750000 bytes is larger than 1000 bytes`,
  );
});

describe("damaged", () => {
  const CASES: readonly (readonly [string, string])[] = [
    ["WARC", "is cut off"],
    ["WARC/1.0\r\nContent-Length: 1\r\n\r\n", "is cut off"],
    ["WARC/1.0\r\nContent-Length: 1\r\n\r\nx\r\n", "is cut off"],
    ["garbage\r\n\r\n", 'begins with "garbage", not with WARC/1.0'],
    ["\ufeffWARC/1.0\r\nContent-Length: 1\r\n\r\nx\r\n\r\n", 'begins with "ï»¿WARC/1.0", not with WARC/1.0'],
    ["WARC/1.0\r\nWARC-Type: conversion\r\n\r\n", "has no Content-Length"],
    ["WARC/1.0\r\nContent-Length: -1\r\n\r\nx", "has no Content-Length"],
    ["WARC/1.0\r\nContent-Length: 1\r\n\r\nxy\r\n\r\n", "does not end where its Content-Length says"],
    ["x".repeat(70_000), "has no header of at most 65536 bytes"],
  ];

  test.each(CASES)("%j", async (rest, message) => {
    const path = writeTemp("a.warc.wet", Buffer.concat([INFO, ONE, Buffer.from(rest)]));
    expect(await failureOf(path)).toBe(
      `corrupt-warc: a.warc.wet: the record at byte ${INFO.length + ONE.length} ${message}`,
    );
  });

  test("cut off anywhere but between records", async () => {
    const all = Buffer.concat([INFO, ONE, TWO]);
    for (let at = 1; at < all.length; at += 3) {
      if (at === INFO.length || at === INFO.length + ONE.length) continue;
      expect(await failureOf(writeTemp("a.warc.wet", all.subarray(0, at)))).toMatch(
        /^corrupt-warc: .* is cut off$/,
      );
    }
  });
});
