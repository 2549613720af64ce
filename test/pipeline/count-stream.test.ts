// The rows of a stream add up to what `count` finds in a file of the same documents.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readCounts } from "../../src/counts/counts-folder.ts";
import { blocksOfTable } from "../../src/counts/counts-table.ts";
import { count } from "../../src/pipeline/count.ts";
import { type CountStreamOptions, countStream } from "../../src/pipeline/count-stream.ts";
import { manifestOfStream } from "../../src/pipeline/counts-of-stream.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const folder = temporaryFolder();
const long = "نویسه‌ها".repeat(20);
const DOCUMENTS = [
  "سلام دنیا",
  " سلام دنیا",
  "دنیا\0",
  "",
  `پیش ${long} پس`,
  ` ${long}`,
  ...Array.from({ length: 300 }, (_, i) => `سطر ${i % 40} از ${i % 7}، پایان ${i % 3 === 0 ? long : ""}`),
];

const frame = (bytes: Uint8Array) => {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
};
const framed = (items: readonly string[]) => Buffer.concat(items.map((item) => frame(Buffer.from(item))));

/** Pieces of other sizes than the documents'. */
async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

type Totals = Record<string, number>;

/** Sums by table, mark and segment; what adds up to nothing is gone. */
async function summed(input: AsyncIterable<Uint8Array>, options: CountStreamOptions): Promise<Totals> {
  const totals: Totals = {};
  for await (const rows of countStream(input, options))
    for (let at = 0; at < rows.length; ) {
      const size = rows.readUInt32LE(at + 9);
      const segment = rows.toString("utf8", at + 13, at + 13 + size);
      const key = `${rows[at]! & 2 ? "held out" : "training"} ${rows[at]! & 1} ${JSON.stringify(segment)}`;
      totals[key] = (totals[key] ?? 0) + rows.readDoubleLE(at + 1);
      at += 13 + size;
    }
  return Object.fromEntries(Object.entries(totals).filter(([, times]) => times !== 0));
}

async function counted(corpus: string, holdOut: number): Promise<Totals> {
  const out = join(folder, `${corpus}-${holdOut}`);
  await count("fa", { corpus: [join(folder, corpus)], out, holdOut });
  const { training, heldOutCounts } = (await readCounts([out])).get("fa")!;
  const totals: Totals = {};
  for (const [name, table] of [
    ["training", training],
    ["held out", heldOutCounts],
  ] as const)
    for await (const { bytes, offsets, counts } of blocksOfTable(table))
      counts.forEach((times, i) => {
        const isMarked = bytes[offsets[i]!] === 0xff;
        const segment = Buffer.from(
          bytes.subarray(offsets[i]! + (isMarked ? 1 : 0), offsets[i + 1]!),
        ).toString();
        const opens = isMarked || !/^[ \t-\r]/.test(segment) ? 1 : 0;
        totals[`${name} ${opens} ${JSON.stringify(segment)}`] = times;
      });
  return totals;
}

test.each([0, 2, 50])("documents, one in %i held out, in pieces of any size", async (holdOut) => {
  writeFileSync(join(folder, "a.jsonl"), DOCUMENTS.map((text) => `${JSON.stringify({ text })}\n`).join(""));
  const there = await counted("a.jsonl", holdOut);
  for (const size of [1, 7, 1 << 20])
    expect(await summed(pieces(framed(DOCUMENTS), size), { holdOut })).toEqual(there);
});

test("lines of text and of JSON, with the CR that ends them", async () => {
  const lines = [...DOCUMENTS, "lone\rcr", "two\r\r"];
  writeFileSync(join(folder, "b.txt"), lines.map((line) => `${line}\r\n`).join(""));
  const there = await counted("b.txt", 2);
  const text = framed(lines.map((line) => `${line}\r`));
  expect(await summed(pieces(text, 4096), { format: "text", holdOut: 2 })).toEqual(there);
  const json = framed(lines.map((line) => `${JSON.stringify({ a: { b: line } })}\r`));
  const options = { format: "jsonl", textField: "a.b", holdOut: 2 } as const;
  expect(await summed(pieces(json, 4096), options)).toEqual(there);
});

test("what is invalid is refused by number, replaced or left out", async () => {
  const input = () => pieces(Buffer.concat([framed(["a"]), frame(Buffer.from([0x62, 0xff]))]), 100);
  const options = { holdOut: 0 };
  await expect(summed(input(), options)).rejects.toMatchObject({
    code: "invalid-utf8",
    message: "document 1 of the input: invalid UTF-8 at byte 1",
  });
  expect(await summed(input(), { ...options, onInvalid: "replace" })).toEqual({
    'training 1 "a"': 1,
    'training 1 "b\ufffd"': 1,
    'training 0 ""': 1,
  });
  expect(await summed(input(), { ...options, onInvalid: "skip" })).toEqual({
    'training 1 "a"': 1,
    'training 0 ""': 1,
  });
  const surrogate = () => pieces(framed(['{"text": "a\\ud800"}']), 100);
  await expect(summed(surrogate(), { format: "jsonl" })).rejects.toMatchObject({ code: "invalid-utf8" });
  await expect(summed(pieces(framed(["{"]), 9), { format: "jsonl" })).rejects.toMatchObject({
    code: "invalid-json",
  });
});

test("a stream that is cut off, and a document that is too large", async () => {
  const cut = framed(["abc", "def"]).subarray(0, -1);
  await expect(summed(pieces(cut, 5), {})).rejects.toMatchObject({
    code: "cut-stream",
    message: "the input ends in the middle of document 1",
  });
  await expect(summed(pieces(framed(["abc"]), 5), { maxDocumentBytes: 2 })).rejects.toMatchObject({
    code: "document-too-large",
  });
  const huge = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x61]);
  await expect(summed(pieces(huge, 5), {})).rejects.toMatchObject({ code: "document-too-large" });
  expect(await summed(pieces(Buffer.alloc(0), 1), {})).toEqual({});
});

test("a manifest is that of vocab count but for the files; figures that do not fit are refused", async () => {
  writeFileSync(join(folder, "c.txt"), DOCUMENTS.join("\n"));
  const out = join(folder, "c-counts");
  const { corpus, heldOut, segments } = await count("fa", {
    corpus: [join(folder, "c.txt")],
    out,
    holdOut: 2,
  });
  const { documents, bytes, characters } = heldOut;
  const figures = {
    invalid: 0,
    training: {
      ...segments.training,
      documents: corpus.documents - documents,
      bytes: corpus.bytes - bytes,
      characters: corpus.characters - characters,
    },
    heldOut: { ...segments.heldOut, documents, bytes, characters },
  };
  const options = { format: "text", holdOut: 2 } as const;
  const manifest = JSON.parse(manifestOfStream("fa", JSON.stringify(figures), options)) as object;
  const { files, ...own } = JSON.parse(readFileSync(join(out, "counts.json"), "utf8"));
  expect(files.length).toBe(1);
  delete own.corpus.files;
  delete own.corpus.sha256;
  expect(manifest).toEqual(own);
  const refused = (value: unknown) => () => manifestOfStream("fa", JSON.stringify(value), options);
  expect(refused({ ...figures, heldOut: undefined })).toThrow("heldOut");
  expect(refused({ ...figures, training: { ...figures.training, bytes: "1" } })).toThrow("training.bytes");
  expect(
    refused({
      invalid: 0,
      training: { ...figures.heldOut, documents: 0 },
      heldOut: { ...figures.heldOut, documents: 0 },
    }),
  ).toThrow("no document");
});
