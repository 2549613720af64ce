import { expect, test } from "vitest";
import { CORPUS_ENDINGS, formatOf, SUPPORTED_ENDINGS, withoutEnding } from "../../src/corpus/text-formats.ts";

test.each([
  ["txt", "txt"],
  ["jsonl", "jsonl"],
  ["wet", "wet"],
  ["warc.wet", "wet"],
  ["conllu", "conllu"],
])(".%s takes every compression", (ending, format) => {
  const ways = { "": undefined, ".gz": "gzip", ".zst": "zstd", ".xz": "xz", ".bz2": "bzip2" };
  for (const [way, compression] of Object.entries(ways)) {
    for (const name of [`dir/a.b.${ending}${way}`, `A.${ending}${way}`.toUpperCase()])
      expect(formatOf(name), name).toEqual({ format, compression });
    expect(withoutEnding(`dir/a.b.${ending}${way}`)).toBe("dir/a.b");
    expect(CORPUS_ENDINGS).toContain(`.${ending}${way}`);
  }
});

test("two have one form each", () => {
  expect(formatOf("a.parquet")).toEqual({ format: "parquet", compression: undefined });
  expect(formatOf("a.json.gz")).toEqual({ format: "jsonl", compression: "gzip" });
});

test.each(["a.parquet.gz", "a.json", "a.json.zst", "a.gz", "a.md", "txt", "a.txt.gz.gz", ""])(
  "%j is none",
  (name) => {
    expect(formatOf(name)).toBe(undefined);
    expect(withoutEnding(name)).toBe(name);
  },
);

test("the list of messages", () => {
  expect(SUPPORTED_ENDINGS).toBe(
    ".txt, .jsonl, .warc.wet, .wet, .conllu (as they are or with .gz, .zst, .xz, .bz2), .json.gz, .parquet",
  );
});
