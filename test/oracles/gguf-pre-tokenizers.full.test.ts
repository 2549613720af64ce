// The names of GGUF's pre-tokenizers against the files that say what they stand for, where `fetch-tokenizers.py` has put
// them: in VOCAB_TOKENIZERS or .tokenizers/.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { GGUF_PRE_TOKENIZERS } from "../../src/tokenizer/formats/gguf-pre-tokenizers.ts";
import { RANK_FILES } from "../../src/tokenizer/formats/rank-files.ts";
import { readTokenizerFile } from "../../src/tokenizer/read-tokenizer-file.ts";

interface PinnedFile {
  readonly id: string;
  readonly file: string;
  readonly format: string;
  readonly sha256: string;
}

const pinned = JSON.parse(readFileSync(join(import.meta.dirname, "tokenizer-files.json"), "utf8")) as {
  readonly files: readonly PinnedFile[];
};
const folder = process.env["VOCAB_TOKENIZERS"] ?? join(import.meta.dirname, "../../.tokenizers");
const entries = GGUF_PRE_TOKENIZERS.flatMap((entry) => {
  if (entry.seenIn === undefined) return [];
  const file = pinned.files.find(({ id }) => id === entry.seenIn);
  return [{ ...entry, name: entry.names[0]!, file }];
});

test("every name stands once, and every file is pinned", () => {
  const names = GGUF_PRE_TOKENIZERS.flatMap(({ names }) => names);
  expect(new Set(names).size).toBe(names.length);
  expect(entries.filter(({ file }) => file === undefined).map(({ name }) => name)).toEqual([]);
});

describe.skipIf(!existsSync(folder))("the real files", () => {
  const present = entries.filter(({ file }) => existsSync(join(folder, file!.id, file!.file)));

  test.each(present)("$name is what $seenIn has", ({ file, normalizers, preTokenizers, ignoreMerges }) => {
    const { id, format, sha256 } = file!;
    const { definition } = readTokenizerFile(join(folder, id, file!.file), id);
    expect(definition.normalizers).toEqual(normalizers);
    if (format === "tokenizer.json") expect(definition.preTokenizers).toEqual(preTokenizers);
    else expect(patternOf(definition.preTokenizers)).toBe(patternOf(preTokenizers));
    expect(definition.model).toMatchObject({ type: "bpe", byteLevel: true, ignoreMerges });
    // Whose pattern stands in the makers' code.
    const ranks = RANK_FILES.find((known) => known.sha256 === sha256);
    if (ranks !== undefined) expect(patternOf(preTokenizers)).toBe(ranks.pattern);
  });
});

// Rank files have patterns of another syntax: these mean the same in both.
function patternOf(steps: (typeof GGUF_PRE_TOKENIZERS)[number]["preTokenizers"]): string {
  const [step, ...more] = steps;
  if (step?.type !== "split" || !("regex" in step.pattern) || more.length > 0)
    throw new Error("no one pattern");
  return step.pattern.regex;
}
