// Reads a tokenizer file of any format.

import { createHash } from "node:crypto";
import { closeSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { VocabError } from "../errors.ts";
import type { Model, TokenizerDefinition } from "./definition.ts";
import { FORMATS } from "./formats/all-formats.ts";
import { HEAD_BYTES, type TokenizerFile, type TokenizerFormat } from "./formats/format.ts";
import { tokenizerJsonFormat } from "./formats/tokenizer-json-format.ts";
import { packVocabulary } from "./packed-vocabulary.ts";

/**
 * @param path of the file
 * @param name of it, for messages
 * @throws VocabError `unreadable`, `tokenizer-invalid`, `tokenizer-unsupported`, `pattern-unsupported`
 */
export function readTokenizerFile(
  path: string,
  name: string,
): { readonly definition: TokenizerDefinition; readonly sha256: string } {
  const { format, file } = recognizeTokenizerFile(path, name);
  const definition = format.parse(file);
  const model: Model = { ...definition.model, ...packVocabulary(definition.model) };
  return { definition: { ...definition, model }, sha256: file.sha256() };
}

/**
 * The format of a file, by how it begins.
 * @throws VocabError `unreadable`, `tokenizer-invalid`
 */
export function recognizeTokenizerFile(
  path: string,
  name: string,
): { readonly format: TokenizerFormat; readonly file: TokenizerFile } {
  const head = readable(path, () => headOf(path));
  const format = FORMATS.find((candidate) => candidate.recognizes(head)) ?? namedJson(path);
  if (format === undefined) throw unknownFormat(name);
  return { format, file: openTokenizerFile(path, name) };
}

// So that the error says what is wrong with the JSON.
function namedJson(path: string): TokenizerFormat | undefined {
  return path.endsWith(".json") ? tokenizerJsonFormat : undefined;
}

/** The tokenizer file of a folder, by the usual names of the formats; undefined where there is none. */
export function fileInFolder(folder: string): string | undefined {
  const names = readable(folder, () => readdirSync(folder)).sort();
  for (const pattern of FORMATS.flatMap(({ fileNames }) => fileNames).sort(byGenerality)) {
    const found = names.find((name) =>
      pattern.startsWith("*") ? name.endsWith(pattern.slice(1)) : name === pattern,
    );
    if (found !== undefined) return join(folder, found);
  }
  return undefined;
}

// tokenizer.json before all, since it says the most; names before patterns.
function byGenerality(a: string, b: string): number {
  const weight = (name: string) => (name === "tokenizer.json" ? 0 : name.startsWith("*") ? 2 : 1);
  return weight(a) - weight(b);
}

function openTokenizerFile(path: string, name: string): TokenizerFile {
  let bytes: Buffer | undefined;
  let sha256: string | undefined;
  const read = () => {
    bytes ??= readable(path, () => readFileSync(path));
    return bytes;
  };
  return {
    path,
    name,
    bytes: read,
    sha256: () => {
      sha256 ??= bytes === undefined ? readable(path, () => sha256OfFile(path)) : sha256Of(bytes);
      return sha256;
    },
  };
}

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

// A GGUF file holds a whole model: it is not taken into memory.
function sha256OfFile(path: string): string {
  const hash = createHash("sha256");
  const chunk = Buffer.alloc(1 << 20);
  const descriptor = openSync(path, "r");
  try {
    for (let size = readSync(descriptor, chunk); size > 0; size = readSync(descriptor, chunk))
      hash.update(chunk.subarray(0, size));
  } finally {
    closeSync(descriptor);
  }
  return hash.digest("hex");
}

function headOf(path: string): Buffer {
  const descriptor = openSync(path, "r");
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    return head.subarray(0, readSync(descriptor, head, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(descriptor);
  }
}

function readable<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new VocabError("unreadable", `${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function unknownFormat(name: string): VocabError {
  const formats = FORMATS.map((format) => format.name).join(", ");
  return new VocabError("tokenizer-invalid", `${name}: no tokenizer that vocab knows (${formats})`, {
    hint: "give the tokenizer file of the model, or the folder that holds it",
  });
}
