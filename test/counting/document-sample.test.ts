import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { DocumentSample, mergeSamples, type SampledDocument } from "../../src/counting/document-sample.ts";
import { documentsSlowly } from "../reference/segments.ts";
import { Random } from "../tokenizer/hostile-text.ts";
import { hostileText, pieceSizes } from "./hostile-pieces.ts";
import { scanText } from "./scan-text.ts";

const folder = mkdtempSync(join(tmpdir(), "vocab-sample-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Offered {
  readonly hashA: number;
  readonly hashB: number;
  readonly bytes: Buffer;
  readonly file: number;
  readonly offset: number;
}

/** Documents of `files` files, every third of them a copy of another. */
function offered(random: Random, count: number, files: number): Offered[] {
  const documents: Offered[] = [];
  for (let i = 0; i < count; i++) {
    const place = { file: random.integer(0, files - 1), offset: 1000 * i };
    const fresh = {
      hashA: random.integer(-(2 ** 31), 2 ** 31 - 1),
      hashB: random.integer(-(2 ** 31), 2 ** 31 - 1),
      bytes: Buffer.from(hostileText(random, 3)),
    };
    documents.push({ ...(i > 0 && random.chance(0.3) ? random.pick(documents) : fresh), ...place });
  }
  return documents;
}

function sampleOf(documents: readonly Offered[], capacity: number, seed = 0): SampledDocument[] {
  const sample = new DocumentSample(capacity, seed);
  for (const { hashA, hashB, bytes, file, offset } of documents) {
    sample.enterFile(file);
    sample.offer(hashA, hashB, Buffer.concat([Buffer.alloc(3), bytes]), 3, 3 + bytes.length, offset - 3);
  }
  return sample.documents();
}

describe("the documents of smallest hash", () => {
  const random = new Random(1);
  const documents = offered(random, 500, 3);
  // With room for all of them the sample is the sorted list itself.
  const sorted = sampleOf(documents, documents.length);

  test("all of them, sorted, with their bytes and places", () => {
    expect(sorted.length).toBe(documents.length);
    expect(sorted).toEqual(
      [...sorted].sort((a, b) => a.hash - b.hash || a.file - b.file || a.offset - b.offset),
    );
    const byOffset = new Map(documents.map((document) => [document.offset, document]));
    for (const { bytes, file, offset, length } of sorted) {
      expect(Buffer.from(bytes!).equals(byOffset.get(offset)!.bytes)).toBe(true);
      expect([file, length]).toEqual([byOffset.get(offset)!.file, bytes!.length]);
    }
  });

  test.each([0, 1, 2, 10, 100, 499, 500, 1000])("the first %d, in any order", (capacity) => {
    for (let round = 0; round < 5; round++)
      expect(sampleOf(shuffled(random, documents), capacity)).toEqual(sorted.slice(0, capacity));
  });

  test.each([1, 2, 5])("divided over %d workers", (workers) => {
    for (const capacity of [1, 10, 100, 1000]) {
      const parts: Offered[][] = Array.from({ length: workers }, () => []);
      for (const document of shuffled(random, documents)) random.pick(parts).push(document);
      const samples = parts.map((part) => sampleOf(part, capacity));
      expect(mergeSamples(samples, capacity)).toEqual(sorted.slice(0, capacity));
    }
  });

  test("another seed chooses others", () => {
    const places = (sample: SampledDocument[]) => sample.map(({ offset }) => offset).join();
    expect(places(sampleOf(documents, 50, 1))).not.toBe(places(sampleOf(documents, 50, 2)));
  });

  test("hashes are integers of 53 bits, spread evenly", () => {
    expect(sorted.every(({ hash }) => Number.isSafeInteger(hash) && hash >= 0)).toBe(true);
    const distinct = sampleOf(offered(random, 4000, 1), 4000);
    const low = distinct.filter(({ hash }) => hash < 2 ** 52).length;
    expect(Math.abs(low - 2000)).toBeLessThan(300);
  });
});

test("documents above 64 KiB, and those whose start is gone, are sampled without their bytes", () => {
  const sample = new DocumentSample(10, 0);
  const buffer = Buffer.alloc(70_000, "a");
  sample.offer(1, 1, buffer, 0, 65_536, 0);
  sample.offer(2, 2, buffer, 0, 65_537, 100_000);
  sample.offer(3, 3, buffer, -5, 10, 200_000);
  const kept = sample.documents().map(({ offset, length, bytes }) => [offset, length, bytes?.length]);
  expect(kept.sort((a, b) => a[0]! - b[0]!)).toEqual([
    [0, 65_536, 65_536],
    [100_000, 65_537, undefined],
    [199_995, 15, undefined],
  ]);
});

test("documents that leave the sample make room: a million offered, a hundred kept", () => {
  const sample = new DocumentSample(100, 0);
  const buffer = Buffer.alloc(1000);
  for (let i = 0; i < 1_000_000; i++) {
    buffer.writeUInt32LE(i, 0);
    sample.offer(Math.imul(i, 0x9e3779b1), i, buffer, 0, 4 + (i % 900), 0);
  }
  const documents = sample.documents();
  expect(documents.length).toBe(100);
  for (const { bytes, length } of documents)
    expect(Buffer.from(bytes!).readUInt32LE(0) % 900).toBe(length - 4);
});

describe("from the scanner", () => {
  const random = new Random(2);

  test.each([true, false])("by lines %s: every document once, where it stands in the file", (lines) => {
    for (let round = 0; round < 25; round++) {
      const text = hostileText(random, 80).replace(/^\ufeff/, "");
      const path = join(folder, "text.txt");
      writeFileSync(path, text);
      const file = readFileSync(path);
      const { sample } = scanText(text, { lines, sampleSize: 1000, pieces: pieceSizes(random, file.length) });
      const inOrder = [...sample].sort((a, b) => a.offset - b.offset);
      expect(inOrder.map(({ bytes }) => Buffer.from(bytes!).toString())).toEqual(
        documentsSlowly(text, lines),
      );
      for (const { bytes, offset, length } of sample)
        expect(file.subarray(offset, offset + length).equals(bytes!)).toBe(true);
    }
  });

  test("the same for any pieces; equal documents have equal hashes, others not", () => {
    for (let round = 0; round < 25; round++) {
      const line = hostileText(random, 8).replace(/[\r\n]|^\ufeff/g, "x");
      const text = `${line}\n${hostileText(random, 80)}\n${line}\r\n${line}`.replace(/^\ufeff/, "");
      const expected = scanText(text, { lines: true, sampleSize: 20 }).sample;
      const pieces = pieceSizes(random, Buffer.byteLength(text));
      expect(scanText(text, { lines: true, sampleSize: 20, pieces }).sample).toEqual(expected);
      const all = scanText(text, { lines: true, sampleSize: 1000 }).sample;
      const texts = new Map(all.map(({ hash, bytes }) => [hash, Buffer.from(bytes!).toString()]));
      expect(new Set(texts.values()).size).toBe(texts.size);
      expect(all.every(({ hash, bytes }) => texts.get(hash) === Buffer.from(bytes!).toString())).toBe(true);
    }
  });

  test("a document of many pieces is in place though its start was dropped", () => {
    const text = `first\n${"many words ".repeat(20_000)}\nlast`;
    const { sample } = scanText(text, {
      lines: true,
      sampleSize: 9,
      pieces: new Array<number>(100).fill(4096),
    });
    const places = sample.map(({ offset, length, bytes }) => [offset, length, bytes?.length]);
    expect(places.sort((a, b) => a[0]! - b[0]!)).toEqual([
      [0, 5, 5],
      [6, 220_000, undefined],
      [220_007, 4, 4],
    ]);
  });
});

function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const keyed = items.map((item) => [random.next(), item] as const);
  return keyed.sort(([a], [b]) => a - b).map(([, item]) => item);
}
