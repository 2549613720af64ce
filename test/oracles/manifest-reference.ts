// The reference library of a tokenizer in the manifest that fetch-tokenizers.py writes.

import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RANK_FILES } from "../../src/tokenizer/formats/rank-files.ts";
import { PythonReference } from "./python-reference.ts";

export interface ManifestFile {
  readonly id: string;
  readonly format: string;
  readonly file: string;
  readonly sha256: string;
}

/** The formats that reference.py has a library for. */
export const REFERENCES = ["tokenizer.json", "sentencepiece", "tiktoken", "tekken"];

/** Rank files that the tiktoken library itself defines. */
const OPENAI_NAMES = new Map([
  ["gpt2-ranks", "r50k_base"],
  ["p50k-ranks", "p50k_base"],
  ["cl100k-ranks", "cl100k_base"],
  ["o200k-ranks", "o200k_base"],
]);
let scratch: string | undefined;

export function referenceFor(entry: ManifestFile): PythonReference {
  return new PythonReference(entry.file, entry.format, besideOf(entry));
}

function besideOf({ id, format, sha256, file }: ManifestFile): string {
  if (format !== "tiktoken") return "";
  if (existsSync(`${file}.json`)) return `${file}.json`;
  const name = OPENAI_NAMES.get(id);
  if (name !== undefined) return name;
  const { pattern, specialTokens } = RANK_FILES.find((file) => file.sha256 === sha256)!;
  scratch ??= mkdtempSync(join(tmpdir(), "ranks-"));
  const path = join(scratch, `${id}.json`);
  const special_tokens = Object.fromEntries(specialTokens.map((token) => [token.text, token.id]));
  writeFileSync(path, JSON.stringify({ pattern, special_tokens }));
  return path;
}
