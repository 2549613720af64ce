// Parquet files made by pyarrow (test/oracles/parquet-fixtures.py): their texts, and what is said of those that have none.

import { describe, expect, test } from "vitest";
import { findCorpusFiles } from "../../src/corpus/files.ts";
import { countShard } from "../../src/counting/count-shard.ts";
import { DocumentCollector } from "../../src/counting/document-collector.ts";
import { VocabError } from "../../src/errors.ts";
import fixtures from "../corpus/parquet-fixtures.json" with { type: "json" };
import { countFile, failureOf, READ_LINES, writeTemp } from "./count-file.ts";

const SKIP = { onInvalid: "skip" } as const;
const REPLACE = { onInvalid: "replace" } as const;

const files = fixtures.files.map(({ name, field, texts, base64 }) => ({
  name,
  options: { textField: field },
  texts: texts as (string | null)[],
  stored: Buffer.from(base64, "base64"),
}));
const storedOf = (name: string) => files.find((file) => file.name === name)!.stored;
const other = (name: keyof typeof fixtures.others) => Buffer.from(fixtures.others[name], "base64");
const write = (stored: Uint8Array) => writeTemp("a.parquet", stored);

/** The documents, or the code of the error. */
async function outcome(stored: Uint8Array, textField: string): Promise<string> {
  try {
    const [file] = await findCorpusFiles([write(stored)]);
    const documents: string[] = [];
    const sink = new DocumentCollector(1 << 20, (bytes) => documents.push(Buffer.from(bytes).toString()));
    const shard = { task: "text", file: 0, start: 0, end: file!.size } as const;
    await countShard(sink, file!, shard, { ...READ_LINES, ...SKIP, textField });
    return JSON.stringify(documents);
  } catch (error) {
    if (error instanceof VocabError && error.message.includes("a.parquet")) return error.code;
    throw error;
  }
}

describe("the texts, row by row; empty ones are no documents, null ones are skipped and counted", () => {
  test.each(files)("$name", async ({ options, texts, stored }) => {
    const counted = await countFile(write(stored), { ...options, ...SKIP });
    expect(counted.documents).toEqual(texts.filter((text) => text !== null && text !== ""));
    expect(counted.offsets).toEqual(texts.flatMap((text, row) => (text ? [row] : [])));
    expect(counted.invalid).toBe(texts.filter((text) => text === null).length);
  });
});

test("shards of any size have every row once", async () => {
  const [file] = await findCorpusFiles([write(storedOf("row groups"))]);
  const { texts } = files.find(({ name }) => name === "row groups")!;
  for (const step of [1, 50, 333, 5000]) {
    const documents: string[] = [];
    let told = 0;
    const onBytes = (bytes: number) => {
      told += bytes;
    };
    const read = { ...READ_LINES, onBytes };
    const sink = new DocumentCollector(1 << 20, (bytes) => documents.push(Buffer.from(bytes).toString()));
    for (let start = 0; start < file!.size; start += step)
      await countShard(
        sink,
        file!,
        { task: "text", file: 0, start, end: Math.min(file!.size, start + step) },
        read,
      );
    expect(documents).toEqual(texts);
    expect(told).toBe(file!.size);
  }
});

describe("a text that is none", () => {
  test("null: its row group and row are named", async () => {
    for (const onInvalid of ["error", "replace"] as const) {
      expect(await failureOf(write(storedOf("nulls")), { onInvalid })).toBe(
        'null-text: a.parquet: row group 0, row 1: "text" is null',
      );
      expect(await failureOf(write(storedOf("nested")), { onInvalid, textField: "meta.a.text" })).toBe(
        'null-text: a.parquet: row group 0, row 1: "meta.a.text" is null',
      );
    }
  });

  test("invalid UTF-8", async () => {
    const path = write(other("invalid UTF-8"));
    expect(await failureOf(path)).toBe(
      "invalid-utf8: a.parquet: row group 0, row 1: invalid UTF-8 at byte 1 of the text",
    );
    const replaced = await countFile(path, REPLACE);
    expect([replaced.documents, replaced.invalid]).toEqual([["fine", "a\ufffdb"], 1]);
    const skipped = await countFile(path, SKIP);
    expect([skipped.documents, skipped.invalid]).toEqual([["fine"], 1]);
  });

  test("too large", async () => {
    const path = write(storedOf("row groups"));
    // "سند 13 از چند خخخخخخ"
    expect((await countFile(path, { maxDocumentBytes: 34 })).documents.length).toBe(30);
    expect(await failureOf(path, { maxDocumentBytes: 33 })).toBe(
      "document-too-large: a.parquet: row group 1, row 6: a record of 34 bytes is larger than 33 bytes",
    );
  });
});

test("columns that are missing or no strings: all are listed", async () => {
  const path = write(other("other columns"));
  const all = "id (int64), score (double), tags.list.element (string), url (string), meta.lang (string)";
  expect((await countFile(path, { textField: "url" })).documents).toEqual(["u"]);
  expect((await countFile(path, { textField: "meta.lang" })).documents).toEqual(["fa"]);
  expect(await failureOf(path)).toBe(`no-text-field: a.parquet has no column "text"; it has: ${all}`);
  expect(await failureOf(path, { textField: "id" })).toBe(
    `no-text-field: a.parquet: the column "id" is no string but int64; it has: ${all}`,
  );
  expect(await failureOf(path, { textField: "tags.list.element" })).toBe(
    `no-text-field: a.parquet: the column "tags.list.element" is no string but a list; it has: ${all}`,
  );
  expect(await failureOf(path, { textField: "meta" })).toBe(
    `no-text-field: a.parquet has no column "meta"; it has: ${all}`,
  );
});

describe("damaged", () => {
  test.each(files.filter(({ name }) => !name.includes("without rows")))(
    "cut off anywhere: $name",
    async ({ stored, options }) => {
      for (let at = 0; at < stored.length; at += 1 + Math.floor(stored.length / 25))
        expect(await outcome(stored.subarray(0, at), options.textField), `at ${at}`).toBe("corrupt-parquet");
    },
  );

  // Without checksums some flipped bits are letters: they give another text, but never another error.
  test.each(files)("a flipped bit anywhere: $name", async ({ stored, options }) => {
    for (let at = 0; at < stored.length; at += 1 + Math.floor(stored.length / 50)) {
      const damaged = Buffer.from(stored);
      damaged[at]! ^= 1 << (at % 8);
      await outcome(damaged, options.textField);
    }
  });

  test("pages with checksums", async () => {
    const stored = storedOf("checksums");
    const expected = await outcome(stored, "text");
    const footer = stored.length - 8 - stored.readUInt32LE(stored.length - 8);
    let caught = 0;
    for (let at = 0; at < footer; at++) {
      const damaged = Buffer.from(stored);
      damaged[at]! ^= 1 << (at % 8);
      const got = await outcome(damaged, "text");
      if (got !== expected) expect(got, `at ${at}`).toBe("corrupt-parquet");
      if (got !== expected) caught++;
    }
    // What is not caught lies in the column of numbers, which is not read.
    expect(caught).toBeGreaterThan(100);
  });

  test("messages name row group and byte", async () => {
    const stored = Buffer.from(storedOf("row groups"));
    const at = stored.indexOf("سند 9 از");
    stored[at - 4] = 0xff;
    expect(await failureOf(write(stored))).toMatch(
      /^corrupt-parquet: a\.parquet is damaged in row group 1, in the page at byte \d+ \(string 2 of 7 reaches behind the page\)$/,
    );
    expect(await failureOf(write(Buffer.from("plain text, no parquet")))).toBe(
      "corrupt-parquet: a.parquet does not begin as parquet does (encrypted footers are not read)",
    );
    expect(await failureOf(write(Buffer.alloc(0)))).toBe(
      "corrupt-parquet: a.parquet of 0 bytes is too short",
    );
  });

  test("a file that changed since the corpus was listed", async () => {
    const path = write(storedOf("nulls"));
    const [file] = await findCorpusFiles([path]);
    write(storedOf("row groups"));
    const sink = new DocumentCollector(1 << 20, () => {});
    const counting = countShard(
      sink,
      file!,
      { task: "text", file: 0, start: 0, end: file!.size },
      READ_LINES,
    );
    await expect(counting).rejects.toMatchObject({ code: "file-changed" });
  });
});
