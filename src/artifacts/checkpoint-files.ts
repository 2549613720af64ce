// Which files a checkpoint with an expanded vocabulary has: those of the base, but for what an expansion replaces and what
// would contradict it.

import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { VocabError } from "../errors.ts";

/** A file by its path within the folder, with slashes. */
export interface FoundFile {
  readonly name: string;
  readonly bytes: number;
  readonly modifiedMs: number;
}

export interface CheckpointFiles {
  /** Of the base, as they are. */
  readonly copied: readonly FoundFile[];
  /** Of the expansion's folder. */
  readonly placed: readonly FoundFile[];
  /** Names of files and folders of the base that the new checkpoint does not have. */
  readonly leftOut: readonly string[];
}

/** Written into the new checkpoint: what was done, and how it is known as ours. */
export const MARKER_FILE = "vocab-application.json";

/** The vocabulary, in every form that tokenizers store it in. The base's would contradict the expanded one. */
const TOKENIZER_FILES: ReadonlySet<string> = new Set([
  "tokenizer.json",
  "tokenizer_config.json",
  "tokenizer.model",
  "tokenizer.model.v3",
  "tekken.json",
  "vocab.json",
  "merges.txt",
  "vocab.txt",
  "added_tokens.json",
  "spiece.model",
  "sentencepiece.bpe.model",
]);

/** Replaced where the expansion has them; else the base's hold, since no token of the base changes. */
const BESIDE_THE_TOKENIZER: ReadonlySet<string> = new Set([
  "special_tokens_map.json",
  "chat_template.jinja",
  "chat_template.json",
  "generation_config.json",
]);

/** The same weights in other forms, with the old rows. */
const OTHER_WEIGHTS =
  /^(pytorch_model.*\.bin(\.index\.json)?|tf_model.*\.h5|flax_model.*\.msgpack|rust_model\.ot|consolidated.*\.(safetensors|pth|index\.json)|.*\.gguf)$/;

/** Of version control and download tools: they hold the old weights once more. */
const LEFT_OUT_FOLDERS: ReadonlySet<string> = new Set([".git", ".cache"]);

/** @param handled names of files of the base that are written anew: weights, index, config.json */
export async function checkpointFiles(
  checkpoint: string,
  expansion: string,
  handled: ReadonlySet<string>,
): Promise<CheckpointFiles> {
  const leftOut: string[] = [];
  const base = await listFiles(checkpoint, leftOut);
  const placed = (await topFiles(expansion)).filter(
    ({ name }) => isTokenizerFile(name) || BESIDE_THE_TOKENIZER.has(name),
  );
  const replaced = new Set(placed.map(({ name }) => name));
  const copied: FoundFile[] = [];
  for (const file of base) {
    if (handled.has(file.name) || replaced.has(file.name) || file.name === MARKER_FILE) continue;
    if (isTokenizerFile(file.name) || OTHER_WEIGHTS.test(file.name)) leftOut.push(file.name);
    else copied.push(file);
  }
  return { copied, placed, leftOut: leftOut.sort() };
}

export function isTokenizerFile(name: string): boolean {
  return TOKENIZER_FILES.has(name) || /^[^/]+\.tiktoken$/.test(name);
}

/** All files below a folder, in order of names; links are followed, but not in circles. */
export async function listFiles(folder: string, leftOut: string[] = []): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  await walk(folder, "", [await realpath(folder)], found, leftOut);
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function walk(
  folder: string,
  prefix: string,
  above: readonly string[],
  found: FoundFile[],
  leftOut: string[],
): Promise<void> {
  for (const entry of await readdir(folder)) {
    const path = join(folder, entry);
    const name = prefix + entry;
    const target = await statOf(path);
    if (target.isFile()) found.push({ name, bytes: target.size, modifiedMs: target.mtimeMs });
    else if (!target.isDirectory()) throw unreadable(path, "neither a file nor a folder");
    else {
      const real = await realpath(path);
      if (LEFT_OUT_FOLDERS.has(name) || above.includes(real)) leftOut.push(`${name}/`);
      else await walk(path, `${name}/`, [...above, real], found, leftOut);
    }
  }
}

async function topFiles(folder: string): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const entry = await statOf(join(folder, name));
    if (entry.isFile()) found.push({ name, bytes: entry.size, modifiedMs: entry.mtimeMs });
  }
  return found;
}

async function statOf(path: string) {
  return await stat(path).catch((cause: Error) => {
    throw unreadable(path, cause.message, cause);
  });
}

function unreadable(path: string, what: string, cause?: Error): VocabError {
  return new VocabError("unreadable", `${path} cannot be read: ${what}`, {
    cause,
    hint: "take it out of the folder, or mend the link",
  });
}
