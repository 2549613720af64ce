import { describe, expect, test } from "vitest";
import { DocumentSample } from "../../src/counting/document-sample.ts";
import { mergeCounts } from "../../src/counting/merge-counts.ts";
import type { SegmentCounts } from "../../src/counting/segment-counts.ts";
import { SegmentScanner } from "../../src/counting/segment-scanner.ts";
import { hashInline, hashLong, SegmentTable } from "../../src/counting/segment-table.ts";
import { Random } from "../tokenizer/hostile-text.ts";
import { hostileText } from "./hostile-pieces.ts";
import { feed, scanText, toMap } from "./scan-text.ts";

/** The four words of an inline key and their hash. */
function inline(text: string): [number, number, number, number, number] {
  const bytes = Buffer.alloc(16);
  bytes.write(text);
  const words = [0, 4, 8, 12].map((at) => bytes.readInt32LE(at)) as [number, number, number, number];
  return [...words, hashInline(...words)];
}

function add(table: SegmentTable, text: string, count: number): void {
  const bytes = Buffer.from(text);
  if (bytes.length <= 16) table.addInline(...inline(text), count);
  else table.addLong(bytes, 0, bytes.length, hashLong(bytes, 0, bytes.length), count);
}

function hex(text: string): string {
  return Buffer.from(text).toString("hex");
}

describe("counters", () => {
  test("beyond 2³¹ and 2³²", () => {
    const table = new SegmentTable();
    for (const text of ["short", "longer than sixteen bytes"]) {
      add(table, text, 2 ** 31 - 1);
      add(table, text, 2);
      add(table, text, 2 ** 40);
    }
    const expected = 2 ** 40 + 2 ** 31 + 1;
    expect([...toMap(table.export()).values()]).toEqual([expected, expected]);
    expect([...toMap(mergeCounts([table.export(), table.export()])).values()]).toEqual([
      2 * expected,
      2 * expected,
    ]);
  });

  test("what is exported while counting goes on is counted once", () => {
    const scanner = newScanner();
    const expected = new Map<string, number>();
    for (let round = 1; round <= 3; round++) {
      feed(scanner, Buffer.from("some words and some more words\n".repeat(1000)), { lines: true });
      for (const [word, count] of [
        ["some", 1],
        [" words", 2],
        [" and", 1],
        [" some", 1],
        [" more", 1],
      ] as const)
        expected.set(hex(word), 1000 * count * round);
      for (let i = 0; i < 2; i++) expect(toMap(scanner.table.export())).toEqual(expected);
    }
  });

  test("frequent and rare words that take turns keep their own counts", () => {
    const random = new Random(2);
    const words = random.times(120_000, () => `w${Math.floor(60_000 * random.next() ** 4)}`);
    const expected = new Map<string, number>();
    for (const word of words) expected.set(hex(word), (expected.get(hex(word)) ?? 0) + 1);
    const { counts } = scanText(words.join("\n"), {
      lines: true,
      pieces: new Array<number>(20).fill(1 << 15),
    });
    expect(counts.size).toBe(expected.size);
    expect([...expected].filter(([key, count]) => counts.get(key) !== count)).toEqual([]);
  });
});

function newScanner(): SegmentScanner {
  return new SegmentScanner({
    longSegmentBytes: 96,
    onLongSegment: () => {},
    sample: new DocumentSample(0, 0),
    maxDocumentBytes: 1 << 20,
  });
}

test("grows: 450,000 short and 60,000 long segments, with what waits in front", () => {
  const lines: string[] = [];
  for (let i = 0; i < 450_000; i++) lines.push(`w${i}`);
  for (let i = 0; i < 60_000; i++) lines.push(`a word of more than sixteen bytes ${i}`.replaceAll(" ", "_"));
  const text = `${lines.join("\n")}\n${lines.join("\n")}\nw0\nw7`;
  const { counts, documents } = scanText(text, { lines: true, pieces: new Array<number>(200).fill(1 << 17) });
  expect(documents).toBe(2 * lines.length + 2);
  expect(counts.size).toBe(lines.length);
  const wrong = lines.filter((line) => counts.get(hex(line)) !== (line === "w0" || line === "w7" ? 3 : 2));
  expect(wrong).toEqual([]);
});

describe("mergeCounts", () => {
  const random = new Random(1);
  const parts = [1, 2, 3].map((seed) => countsOf(hostileText(new Random(seed), 400)));
  const [a, b, c] = parts as [SegmentCounts, SegmentCounts, SegmentCounts];
  const merged = (...list: SegmentCounts[]) => sorted(toMap(mergeCounts(list)));

  test("adds", () => {
    const sum = new Map<string, number>();
    for (const part of parts)
      for (const [key, count] of toMap(part)) sum.set(key, (sum.get(key) ?? 0) + count);
    expect(merged(a, b, c)).toEqual(sorted(sum));
  });

  test("in any order and grouping", () => {
    const expected = merged(a, b, c);
    expect(merged(c, a, b)).toEqual(expected);
    expect(merged(mergeCounts([a, b]), c)).toEqual(expected);
    expect(merged(a, mergeCounts([c, b]))).toEqual(expected);
    expect(merged(mergeCounts([mergeCounts([b]), mergeCounts([])]), c, a)).toEqual(expected);
  });

  test("the halves of a text add up to the text", () => {
    const lines = random
      .times(300, () => hostileText(random, 4))
      .join("\n")
      .split("\n");
    const halves = [lines.slice(0, 100), lines.slice(100)].map((half) => countsOf(half.join("\n")));
    expect(merged(...halves)).toEqual(merged(countsOf(lines.join("\n"))));
  });

  test("leaves room behind the last segment, and its parts as they were", () => {
    const before = sorted(toMap(a));
    const { bytes, offsets } = mergeCounts([a, b]);
    expect(bytes.length - offsets.at(-1)!).toBeGreaterThanOrEqual(16);
    expect(sorted(toMap(a))).toEqual(before);
  });
});

function sorted(counts: Map<string, number>): [string, number][] {
  return [...counts].sort(([x], [y]) => (x < y ? -1 : 1));
}

function countsOf(text: string): SegmentCounts {
  const entries = [...scanText(text, { lines: true }).counts].map(
    ([key, count]) => [Buffer.from(key, "hex"), count] as const,
  );
  const offsets = new Uint32Array(entries.length + 1);
  entries.forEach(([bytes], i) => {
    offsets[i + 1] = offsets[i]! + bytes.length;
  });
  return {
    bytes: Buffer.concat(entries.map(([bytes]) => bytes)),
    offsets,
    counts: Float64Array.from(entries, ([, count]) => count),
  };
}
