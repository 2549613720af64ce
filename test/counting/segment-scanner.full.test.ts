import { describe, expect, test } from "vitest";
import { cutDocument } from "../../src/counting/cut-document.ts";
import { DocumentSample } from "../../src/counting/document-sample.ts";
import { SegmentScanner } from "../../src/counting/segment-scanner.ts";
import { countSlowly, cutSlowly, documentsSlowly } from "../reference/segments.ts";
import { Random } from "../tokenizer/hostile-text.ts";
import { hostileText, pieceSizes, wordOfBytes } from "./hostile-pieces.ts";
import { feed, scanText, toMap } from "./scan-text.ts";

const LINES = { lines: true };
const WHOLE = { lines: false };

/** Segments as text; ^ stands for the mark of one that opens its document with white space. */
function readable(counts: Map<string, number>): Record<string, number> {
  const text = (hex: string) => Buffer.from(hex, "hex").toString("utf8");
  return Object.fromEntries(
    [...counts].map(([key, count]) => [key.startsWith("ff") ? `^${text(key.slice(2))}` : text(key), count]),
  );
}

describe("by hand, in lines", () => {
  test.each<[string, Record<string, number>, number]>([
    ["", {}, 0],
    ["\n", {}, 0],
    ["\r\n\n\r\n", {}, 0],
    ["a", { a: 1 }, 1],
    ["a\nb\r\na", { a: 2, b: 1 }, 3],
    ["a b b", { a: 1, " b": 2 }, 1],
    ["a  b", { a: 1, "  b": 1 }, 1],
    ["a! b", { "a!": 1, " b": 1 }, 1],
    ["a!\tb", { "a!\tb": 1 }, 1], // no cut between punctuation and other white space
    ["a\tb", { a: 1, "\tb": 1 }, 1],
    ["a\r", { a: 1, "\r": 1 }, 1], // a lone CR is text, at the end of a file too
    ["a\r\r\nb", { a: 1, "\r": 1, b: 1 }, 2],
    ["<b> c", { "<b> c": 1 }, 1],
    ["< c", { "< c": 1 }, 1],
    ["$ c", { "$ c": 1 }, 1], // a symbol
    ["😀 c", { "😀 c": 1 }, 1],
    ["e\u0301 c", { "e\u0301": 1, " c": 1 }, 1],
    ["a\u00a0 b", { "a\u00a0 b": 1 }, 1], // no cut after white space
    ["a\u0085b\u2028c", { "a\u0085b\u2028c": 1 }, 1],
    [" a\n a", { "^ a": 2 }, 2],
    ["  \n \r\n", { "^  ": 1, "^ ": 1 }, 2],
    ["a\0b\n\0\n", { "a\0b": 1, "\0": 1 }, 2],
    ["سلام دنیا", { سلام: 1, " دنیا": 1 }, 1],
  ])("%j", (text, expected, documents) => {
    const scanned = scanText(text, LINES);
    expect(readable(scanned.counts)).toEqual(expected);
    expect(scanned.documents).toBe(documents);
  });
});

describe("by hand, as one document", () => {
  test.each<[string, Record<string, number>, number]>([
    ["", {}, 0],
    ["\n", { "^\n": 1 }, 1],
    ["a\n\nb", { a: 1, "\n\nb": 1 }, 1],
    ["a.\nb\r\n", { "a.\nb": 1, "\r\n": 1 }, 1],
  ])("%j", (text, expected, documents) => {
    const scanned = scanText(text, WHOLE);
    expect(readable(scanned.counts)).toEqual(expected);
    expect(scanned.documents).toBe(documents);
  });
});

describe.each([LINES, WHOLE])("as the slow twin, %o", ({ lines }) => {
  // One scanner takes twenty texts, whatever the one before ended with: a scanner costs more than they do.
  test.each([1, 2])("hostile text in any pieces, seed %d", (seed) => {
    const random = new Random(seed);
    for (let round = 0; round < 10; round++) {
      const texts = random.times(20, () =>
        hostileText(random, random.pick([1, 3, 30, 200])).replace(/^\ufeff/, ""),
      );
      const documents = texts.flatMap((text) => documentsSlowly(text, lines));
      const expected = countSlowly(documents);
      const divisions = [
        () => [],
        (size: number) => new Array<number>(size).fill(1),
        pieceSizes.bind(null, random),
      ];
      for (const divide of divisions) {
        const scanner = newScanner();
        for (const text of texts)
          feed(scanner, Buffer.from(text), { lines, pieces: divide(Buffer.byteLength(text)) });
        const counts = toMap(scanner.table.export());
        if (!isEqual(counts, expected)) expect(readable(counts)).toEqual(readable(expected));
        expect(scanner.documents).toBe(documents.length);
      }
    }
  });
});

function newScanner(): SegmentScanner {
  return new SegmentScanner({
    longSegmentBytes: Number.MAX_SAFE_INTEGER,
    onLongSegment: () => {},
    sample: new DocumentSample(0, 0),
    maxDocumentBytes: 1 << 20,
  });
}

test("segments above the limit go to the sink, all others to the table", () => {
  const random = new Random(6);
  for (let round = 0; round < 20; round++) {
    const text = hostileText(random, 80).replace(/^\ufeff/, "");
    const expected = countSlowly(documentsSlowly(text, true));
    const pieces = pieceSizes(random, Buffer.byteLength(text));
    const { counts, long } = scanText(text, { lines: true, pieces, longSegmentBytes: 96 });
    expect(counts).toEqual(expected);
    const isLong = (key: string) => key.replace(/^ff/, "").length / 2 > 96;
    expect([...long.keys()].sort()).toEqual([...expected.keys()].filter(isLong).sort());
  }
});

test("words around the borders of keys and blocks", () => {
  const random = new Random(7);
  for (const bytes of [1, 2, 3, 4, 5, 8, 12, 13, 15, 16, 17, 18, 95, 96, 97, 98]) {
    const words = random.times(20, () => wordOfBytes(random, bytes).replace(/[\r\n]/g, "x"));
    for (const text of [
      words.join("\n"),
      words.join(" "),
      ` ${words.join("\n ")}`,
      `${words.join(" \r\n")}\n`,
    ]) {
      const expected = countSlowly(documentsSlowly(text, true));
      expect(scanText(text, { lines: true, longSegmentBytes: 96 }).counts).toEqual(expected);
      expect(scanText(text, { lines: true, pieces: [bytes, 1, bytes, 1] }).counts).toEqual(expected);
    }
  }
});

test("the bytes of all segments and line ends are the bytes of the file", () => {
  const random = new Random(8);
  for (let round = 0; round < 20; round++) {
    const text = hostileText(random, 60).replace(/^\ufeff/, "");
    let bytes = 0;
    for (const [key, count] of scanText(text, LINES).counts)
      bytes += (key.replace(/^ff/, "").length / 2) * count;
    const lineEnds = (text.match(/\r?\n/g) ?? []).join("").length;
    expect(bytes + lineEnds).toBe(Buffer.byteLength(text));
  }
});

test("cutDocument cuts as the scanner does", () => {
  const random = new Random(9);
  for (let round = 0; round < 500; round++) {
    const text = hostileText(random, 20);
    const bytes = Buffer.from(text);
    const segments: string[] = [];
    cutDocument(bytes, (start, end) => segments.push(bytes.toString("utf8", start, end)));
    expect(segments).toEqual(cutSlowly(text));
  }
});

describe("the limit of a document", () => {
  const PIECES = [[], [5], [6], [7], [1, 1, 1, 1, 1, 1, 1, 1, 1]];
  test.each(PIECES)("a document of exactly the limit passes, pieces %j", (...pieces) => {
    for (const text of ["abcde", "abcde\n", "abcde\r\n", "x\nabcde\r\nabcde"]) {
      expect(scanText(text, { lines: true, pieces, maxDocumentBytes: 5 }).documents).toBeGreaterThan(0);
    }
    expect(scanText("abcd\n", { lines: false, pieces, maxDocumentBytes: 5 }).documents).toBe(1);
  });

  test.each(PIECES)("one byte more is refused by its place, pieces %j", (...pieces) => {
    const limits = { pieces, maxDocumentBytes: 5 };
    for (const end of ["", "\n", "\r\n", "\r", " and more and more"])
      expect(() => scanText(`é\r\n\nabcdef${end}`, { lines: true, ...limits })).toThrow(
        "test.txt: the document at byte 5 is larger than 5 bytes",
      );
    expect(() => scanText("abcd\n\n", { lines: false, ...limits })).toThrow("at byte 0 is larger");
  });
});

test("a megabyte of one kind in small pieces takes no quadratic time", () => {
  const started = performance.now();
  for (const unit of ["a", " ", "\r", "é", "\0", "<", "a\t"]) {
    const text = unit.repeat((1 << 20) / unit.length);
    const size = Buffer.byteLength(text);
    const scanned = scanText(text, { lines: true, pieces: new Array<number>(size >> 8).fill(256) });
    expect(scanned.documents).toBe(1);
  }
  expect(performance.now() - started).toBeLessThan(5000);
});

function isEqual(a: Map<string, number>, b: Map<string, number>): boolean {
  return a.size === b.size && [...a].every(([key, count]) => b.get(key) === count);
}
