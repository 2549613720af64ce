// The catalogue against the real files, where `fetch-tokenizers.py` has put them: in VOCAB_TOKENIZERS or .tokenizers/.

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { KNOWN_TOKENIZERS } from "../../src/tokenizer/known-tokenizers.ts";
import { countEntries, type FileFormat } from "./file-entries.ts";

interface PinnedFile {
  readonly id: string;
  readonly tokenizer?: string;
  readonly format: FileFormat;
  readonly file: string;
  readonly package: string | null;
  readonly sha256: string;
  readonly ids: number;
  readonly note: string;
}

const pinned = JSON.parse(readFileSync(join(import.meta.dirname, "tokenizer-files.json"), "utf8")) as {
  readonly files: readonly PinnedFile[];
  readonly packages: Readonly<Record<string, { readonly name: string; readonly version: string }>>;
};
const folder = process.env["VOCAB_TOKENIZERS"] ?? join(import.meta.dirname, "../../.tokenizers");
const pathOf = ({ id, file }: PinnedFile) => join(folder, id, file);

/** Files that have another number of entries than the tokenizer has ids, and why. */
const DIFFERENT: Readonly<Record<string, string>> = {
  "llama3-ranks": "256 special tokens stand in Meta's code",
  "llama4-ranks": "2,048 special tokens stand in Meta's code",
  "kimi-k2": "256 special tokens stand in the makers' code",
  "gpt2-ranks": "<|endoftext|> is no rank",
  "cl100k-ranks": "5 special tokens are no ranks",
  "o200k-ranks": "2 special tokens are no ranks",
  "pythia-gguf": "padded to the rows of the matrix",
  "qwen2-gguf": "padded to the rows of the matrix",
  "xlm-r-gguf": "padded by the model that uses it",
};

test("every id is pinned once, with its hash; every package in one version", () => {
  const ids = pinned.files.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(pinned.files.filter(({ sha256 }) => !/^[0-9a-f]{64}$/.test(sha256))).toEqual([]);
  const named = pinned.files.flatMap((file) => (file.package === null ? [] : [file.package]));
  expect([...new Set(named)].sort()).toEqual(Object.keys(pinned.packages).sort());
});

test("a tokenizer is called verified where a real file of it is pinned, and nowhere else", () => {
  const read = new Set(pinned.files.flatMap(({ tokenizer }) => (tokenizer === undefined ? [] : [tokenizer])));
  const verified = KNOWN_TOKENIZERS.filter((known) => known.verified === "real-file").map(({ id }) => id);
  expect([...read].sort()).toEqual([...verified].sort());
});

test("what npm ships is what is pinned: package, version and file", () => {
  for (const { id, obtained } of KNOWN_TOKENIZERS) {
    if (obtained.kind !== "npm") continue;
    const source = `npm:${obtained.name}@${obtained.version}`;
    expect(pinned.files.filter((file) => file.tokenizer === id && file.package === source)).toHaveLength(1);
  }
});

test.each(pinned.files.filter(({ tokenizer }) => tokenizer !== undefined))(
  "$id has as many entries as the catalogue says, or it is known why not",
  ({ id, tokenizer, ids }) => {
    const { vocabSize } = KNOWN_TOKENIZERS.find((known) => known.id === tokenizer)!;
    if (vocabSize === undefined) return;
    expect(ids === vocabSize).toBe(DIFFERENT[id] === undefined);
  },
);

describe.skipIf(!existsSync(folder))("the real files", () => {
  const present = pinned.files.filter((file) => existsSync(pathOf(file)));

  test("there are some", () => expect(present.length).toBeGreaterThan(0));

  test.each(present)("$id has the pinned hash and number of entries", (file) => {
    const sha256 = createHash("sha256")
      .update(readFileSync(pathOf(file)))
      .digest("hex");
    expect(sha256).toBe(file.sha256);
    expect(countEntries(pathOf(file), file.format)).toBe(file.ids);
  });
});
