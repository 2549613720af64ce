import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { CHUNK_BYTES } from "../../src/io/read-chunks.ts";
import { LineCollector, readLineRange } from "../../src/io/read-lines.ts";
import { Random } from "../tokenizer/hostile-text.ts";

const folder = mkdtempSync(join(tmpdir(), "vocab-lines-"));
const path = join(folder, "text.txt");
afterAll(() => rmSync(folder, { recursive: true }));

/** What `[start, end)` gives; every piece must lie where the one before ended. */
function read(start: number, end: number): { bytes: Buffer; offset: number | undefined } {
  const pieces: Buffer[] = [];
  let room = new Uint8Array(0);
  let first: number | undefined;
  let next: number | undefined;
  readLineRange(
    path,
    start,
    end,
    (size) => {
      room = new Uint8Array(size + 5).fill(0x0a); // what stands behind the piece must not matter
      return room;
    },
    (size, offset) => {
      first ??= offset;
      if (next !== undefined && next !== offset) throw new Error(`${offset} follows ${next}`);
      next = offset + size;
      pieces.push(Buffer.from(room.subarray(0, size)));
      return true;
    },
  );
  return { bytes: Buffer.concat(pieces), offset: first };
}

/** The lines that begin in `[start, end)`, by looking at all of them. */
function readSlowly(text: Buffer, start: number, end: number): Buffer {
  const lines: Buffer[] = [];
  for (let at = 0; at < text.length; ) {
    const lineFeed = text.indexOf(0x0a, at);
    const next = lineFeed < 0 ? text.length : lineFeed + 1;
    if (at >= start && at < end) lines.push(text.subarray(at, next));
    at = next;
  }
  return Buffer.concat(lines);
}

describe("by hand", () => {
  // ab␊cd␊e: lines at 0, 3 and 6
  test.each<[number, number, string]>([
    [0, 7, "ab\ncd\ne"],
    [0, 1, "ab\n"],
    [0, 3, "ab\n"],
    [0, 4, "ab\ncd\n"],
    [1, 3, ""],
    [3, 4, "cd\n"],
    [4, 6, ""],
    [4, 7, "e"],
    [6, 7, "e"],
    [7, 100, ""],
    [3, 3, ""],
  ])("[%d, %d) of ab␊cd␊e is %j", (start, end, expected) => {
    writeFileSync(path, "ab\ncd\ne");
    expect(read(start, end).bytes.toString()).toBe(expected);
  });
});

describe("each line once", () => {
  const texts = [
    "",
    "\n",
    "\n\n\n",
    "a",
    "a\n",
    "a\r\n\r\nb",
    "é\nسلام\r\n😀",
    "x".repeat(20),
    "ab\n\ncdefghijkl\nm\n",
  ];

  test.each(texts)("every pair and triple of ranges of %j", (text) => {
    writeFileSync(path, text);
    const bytes = Buffer.from(text);
    for (let a = 0; a <= bytes.length; a++)
      for (let b = a; b <= bytes.length; b++) {
        expect(read(a, b).bytes.equals(readSlowly(bytes, a, b)), `${a} ${b}`).toBe(true);
        const parts = [read(0, a), read(a, b), read(b, bytes.length)].map((part) => part.bytes);
        expect(Buffer.concat(parts).equals(bytes), `${a} ${b}`).toBe(true);
      }
  });

  test("random ranges of files larger than a piece, with lines longer than several ranges", () => {
    const random = new Random(1);
    for (let round = 0; round < 12; round++) {
      const line = () =>
        "س".repeat(random.pick([0, 0, 1, 5, 300, 200_000])) + random.pick(["\n", "\r\n", "\r\r\n"]);
      const bytes = Buffer.from(random.times(15, line).join("") + random.pick(["", "end"]));
      writeFileSync(path, bytes);
      const cuts = random.times(8, () => random.integer(0, bytes.length));
      const nearPieces = [1, 2].flatMap((n) => [n * CHUNK_BYTES - 1, n * CHUNK_BYTES, n * CHUNK_BYTES + 1]);
      const borders = [0, ...cuts, ...nearPieces.filter((at) => at < bytes.length), bytes.length].sort(
        (a, b) => a - b,
      );
      const parts = borders.slice(1).map((end, i) => {
        const part = read(borders[i]!, end);
        if (part.bytes.length > 0)
          expect(bytes.subarray(part.offset, part.offset! + part.bytes.length).equals(part.bytes)).toBe(true);
        return part.bytes;
      });
      expect(Buffer.concat(parts).equals(bytes)).toBe(true);
    }
  });
});

test("readLineRange stops when it is told to", () => {
  writeFileSync(path, "x".repeat(3 * CHUNK_BYTES));
  let pieces = 0;
  readLineRange(
    path,
    0,
    10,
    (size) => new Uint8Array(size),
    () => ++pieces < 2,
  );
  expect(pieces).toBe(2);
});

describe("LineCollector", () => {
  function collect(text: string, sizes: readonly number[], offset = 0): [string, number][] {
    const lines: [string, number][] = [];
    const collector = new LineCollector((bytes, start, end, at) =>
      lines.push([Buffer.from(bytes.subarray(start, end)).toString(), at]),
    );
    const bytes = Buffer.from(text);
    let at = 0;
    for (const wanted of [...sizes, bytes.length]) {
      const size = Math.min(wanted, bytes.length - at);
      const room = collector.reserve(size);
      room.fill(0x0a, size, Math.min(size + 5, room.length));
      room.set(bytes.subarray(at, at + size));
      const open = collector.advance(size, offset + at);
      at += size;
      expect(open).toBe(at - (bytes.subarray(0, at).lastIndexOf(0x0a) + 1));
    }
    collector.end();
    return lines;
  }

  test("lines without their ends, and where they begin", () => {
    expect(collect("a\r\n\nb\rc\n\r\nend\r", [], 100)).toEqual([
      ["a", 100],
      ["", 103],
      ["b\rc", 104],
      ["", 108],
      ["end\r", 110],
    ]);
  });

  test("the same for any pieces", () => {
    const random = new Random(2);
    for (let round = 0; round < 200; round++) {
      const text = random.times(30, () => random.pick(["a", "سلام", "\n", "\r\n", "\r", "😀", " "])).join("");
      const sizes = random.times(80, () => random.integer(0, 3));
      expect(collect(text, sizes)).toEqual(collect(text, []));
    }
  });

  test("64 MB of one line take no quadratic time, nor does what follows", () => {
    const started = performance.now();
    let lines = 0;
    const collector = new LineCollector(() => lines++);
    const piece = new Uint8Array(CHUNK_BYTES).fill(0x61);
    const feed = (offset: number) => {
      collector.reserve(piece.length).set(piece);
      collector.advance(piece.length, offset);
    };
    for (let i = 0; i < 256; i++) feed(i * CHUNK_BYTES);
    piece[1000] = 0x0a;
    for (let i = 256; i < 1024; i++) feed(i * CHUNK_BYTES);
    expect(lines).toBe(768);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
