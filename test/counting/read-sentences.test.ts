import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { tokenLine, wordLines } from "../corpus/treebank-lines.ts";
import { rawZstd } from "../io/compressed-files.ts";
import { countFile, failureOf, writeTemp } from "./count-file.ts";

const LINES = [
  "# newdoc",
  "",
  "# text = a b",
  ...wordLines("a b"),
  "",
  "",
  ...wordLines("سلام"),
  "",
  tokenLine("1-2", "é😀", "SpaceAfter=No"),
  ...wordLines("x y ."),
];

describe("sentences are documents", () => {
  test.each([
    ["LF", "\n"],
    ["CRLF", "\r\n"],
  ])("%s, with and without a byte order mark and a last line end, plain and compressed", async (_, end) => {
    for (const mark of ["", "\ufeff"])
      for (const tail of ["", end, end + end]) {
        const text = mark + LINES.join(end) + tail;
        for (const [name, stored] of [
          ["a.conllu", text] as const,
          ["a.conllu.gz", gzipSync(text)] as const,
          ["a.conllu.zst", rawZstd(text)] as const,
        ]) {
          const { documents, offsets, invalid } = await countFile(writeTemp(name, stored));
          expect([documents, invalid]).toEqual([["a b", "سلام", "é😀."], 0]);
          const starts = [2, 7, 9].map((line) => LINES.slice(0, line).join(end) + end);
          expect(offsets).toEqual(starts.map((before) => Buffer.byteLength(mark + before)));
        }
      }
  });

  test("the unit of text files and the text field do not matter", async () => {
    const path = writeTemp("a.conllu", LINES.join("\n"));
    for (const unit of ["line", "file", "record"] as const)
      expect((await countFile(path, { unit, textField: "x" })).documents.length).toBe(3);
  });

  test("an empty file, or one of comments, has none", async () => {
    for (const text of ["", "\n\n", "# nothing", "\ufeff"])
      expect((await countFile(writeTemp("a.conllu", text))).documents).toEqual([]);
  });

  test("more of them than a piece of a file has", async () => {
    const sentences = Array.from({ length: 9_000 }, (_, i) => wordLines(`n ${i} سلام`).join("\n"));
    const { documents } = await countFile(writeTemp("a.conllu", sentences.join("\n\n")));
    expect(documents.length).toBe(9_000);
    expect(documents[5_432]).toBe("n 5432 سلام");
  });
});

describe("invalid UTF-8", () => {
  const bytes = (form: string, lemma: string) =>
    Buffer.from(
      `${wordLines("a").join("\n")}\n\n# x\n1\t${form}\t${lemma}${"\t_".repeat(7)}\n\n${wordLines("c").join("\n")}\n`,
      "latin1",
    );

  test.each<[string, string, string, number, number]>([
    ["in a FORM", "b\xff\xff", "_", 2, 28],
    ["in another column", "b", "\xd8", 1, 29],
  ])("%s", async (_, form, lemma, count, at) => {
    const path = writeTemp("a.conllu", bytes(form, lemma));
    expect(await failureOf(path)).toBe(`invalid-utf8: a.conllu, line 4: invalid UTF-8 at byte ${at}`);
    const replaced = await countFile(path, { onInvalid: "replace" });
    expect([replaced.documents, replaced.invalid]).toEqual([
      ["a", form.replaceAll("\xff", "\ufffd"), "c"],
      count,
    ]);
    const skipped = await countFile(path, { onInvalid: "skip" });
    expect([skipped.documents, skipped.invalid]).toEqual([["a", "c"], 1]);
  });

  test("a sentence that is left out may have other faults", async () => {
    const path = writeTemp("a.conllu", Buffer.from("1\t\xff\n\n7\n", "latin1"));
    expect(await failureOf(path, { onInvalid: "skip" })).toBe(
      "invalid-conllu: a.conllu, line 3: 1 column where CoNLL-U has 10",
    );
  });
});

test("a file that ends in the comments of a sentence is cut off", async () => {
  const path = writeTemp("a.conllu", [...LINES, "", "# sent_id = 7", "# te"].join("\n"));
  expect(await failureOf(path)).toBe(
    "invalid-conllu: a.conllu, line 16: the file ends in the comments of a sentence: it is cut off",
  );
});

// LINES has 13 lines; then an empty one, two tokens, and the wrong one.
test("faults name the line of the file", async () => {
  const path = writeTemp("a.conllu", [...LINES, "", ...wordLines("a b"), tokenLine(4, "c")].join("\r\n"));
  expect(await failureOf(path)).toBe("invalid-conllu: a.conllu, line 17: the ID 4 behind 2: expected 3");
});

test("sentences above the limit are refused, whatever makes them long", async () => {
  const long = (text: string) => writeTemp("a.conllu", text);
  const options = { maxDocumentBytes: 100_000 };
  const words = wordLines(`${"a ".repeat(60_000)}a`).join("\n");
  expect(await failureOf(long(words), options)).toMatch(
    /^document-too-large: a\.conllu, line \d+: the sentence at byte 0 /,
  );
  expect(await failureOf(long(tokenLine(1, "a".repeat(100_001))), options)).toMatch(
    /^document-too-large: a\.conllu: the document at byte 0 /,
  );
  expect((await countFile(long(tokenLine(1, "a".repeat(100_000))), options)).documents.length).toBe(1);
  expect(await failureOf(long(`# ${"a".repeat(2_000_000)}`), options)).toMatch(
    /^document-too-large: a\.conllu: the line at byte 0 /,
  );
});
