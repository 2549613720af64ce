import { expect, test } from "vitest";
import { LongSegments } from "../../src/counting/long-segments.ts";
import { DOCUMENT_START, SEGMENT_PADDING, type SegmentCounts } from "../../src/counting/segment-counts.ts";
import { Random } from "../tokenizer/hostile-text.ts";

function segmentsOf({ bytes, offsets, counts }: SegmentCounts): string[] {
  expect(offsets.length).toBe(counts.length + 1);
  expect(bytes.length - offsets.at(-1)!).toBeGreaterThanOrEqual(SEGMENT_PADDING);
  expect(counts.every((count) => count === 1)).toBe(true);
  return Array.from(counts, (_, i) =>
    Buffer.from(bytes.subarray(offsets[i], offsets[i + 1])).toString("latin1"),
  );
}

test("every segment leaves once, in order, in blocks of about a megabyte", () => {
  const random = new Random(1);
  const blocks: SegmentCounts[] = [];
  const long = new LongSegments((block) => blocks.push(block));
  const source = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => 32 + (i % 95)));
  const expected: string[] = [];
  for (let i = 0; i < 30_000; i++) {
    const length = i % 5000 === 0 ? random.integer(1 << 19, 5 << 19) : random.integer(97, 200);
    const start = random.integer(0, source.length - length);
    const opens = random.chance(0.2);
    long.add(source, start, start + length, opens);
    expected.push(
      (opens ? String.fromCharCode(DOCUMENT_START) : "") + source.toString("latin1", start, start + length),
    );
  }
  long.flush();
  const segments = blocks.flatMap(segmentsOf);
  expect(segments.length).toBe(expected.length);
  expect(segments.findIndex((segment, i) => segment !== expected[i])).toBe(-1);
  expect(blocks.length).toBeLessThan(30);
});

test("nothing gives no block; blocks do not share memory", () => {
  const blocks: SegmentCounts[] = [];
  const long = new LongSegments((block) => blocks.push(block));
  long.flush();
  long.flush();
  expect(blocks).toEqual([]);
  for (const text of ["one", "two"]) {
    long.add(Buffer.from(text), 0, 3, false);
    long.flush();
  }
  expect(blocks.map(segmentsOf)).toEqual([["one"], ["two"]]);
});
