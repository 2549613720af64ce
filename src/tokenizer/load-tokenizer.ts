// From an ID on the command line (a known name or a path) to a loaded tokenizer with its provenance.

import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { VocabError } from "../errors.ts";
import type { Model } from "./definition.ts";
import type { KnownTokenizer } from "./families/known-tokenizer.ts";
import { findKnown, isAlias, suggestKnown, targetOf } from "./find-known.ts";
import { KNOWN_TOKENIZERS } from "./known-tokenizers.ts";
import { notInstalled, notVerified } from "./obtaining.ts";
import { fileInFolder, readTokenizerFile } from "./read-tokenizer-file.ts";
import { requireTrainable, type TrainableModel } from "./require-bpe.ts";
import { Tokenizer } from "./tokenizer.ts";

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
export type LoadedTrainable = LoadedTokenizer<TrainableModel>;

/** How a tokenizer is asked for: a known name, a path, or a source that was found before (`hubTokenizer`). */
export type TokenizerId = string | TokenizerSource;

export interface TokenizerSource {
  readonly id: string;
  readonly name: string;
  readonly source: string;
  readonly file: string;
}

/**
 * Finds the file of a tokenizer without reading it.
 * @throws VocabError `unknown-tokenizer`, `tokenizer-not-installed` or `tokenizer-not-verified` (usage)
 */
export function findTokenizer(id: TokenizerId): TokenizerSource {
  if (typeof id !== "string") return id;
  const exact = KNOWN_TOKENIZERS.find((entry) => entry.id === id);
  if (exact !== undefined) return knownSource(exact);
  const file = fileOfPath(id);
  if (file !== undefined) return { id, name: nameOfPath(file), source: id, file };
  const known = findKnown(id);
  if (known === undefined) throw unknownTokenizer(id);
  if (!isAlias(known)) return knownSource(known);
  if (!known.verified) throw notVerified(known);
  return knownSource(targetOf(known));
}

/** The id as it was typed. */
export function idOf(id: TokenizerId): string {
  return typeof id === "string" ? id : id.id;
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
 * @throws VocabError `not-trainable` for a model that cannot be
 */
export function loadTrainable(source: TokenizerSource): LoadedTrainable {
  const { tokenizer, ...rest } = loadTokenizer(source);
  requireTrainable(tokenizer.definition, source.source);
  return { ...rest, tokenizer: tokenizer as Tokenizer<TrainableModel> };
}

function knownSource(known: KnownTokenizer): TokenizerSource {
  if (known.obtained.kind !== "npm") throw notInstalled(known);
  const { name, file } = known.obtained;
  const folder = installedFolder(name);
  if (folder === undefined) throw notInstalled(known);
  const installed = (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string })
    .version;
  return {
    id: known.id,
    name: known.name,
    source: `npm:${name}@${installed}/${file}`,
    file: join(folder, file),
  };
}

// Beside this program, or where the user is: `npx` and a global install have a node_modules of their own.
function installedFolder(name: string): string | undefined {
  for (const start of [import.meta.url, join(process.cwd(), "package.json")]) {
    try {
      return packageFolder(createRequire(start), name);
    } catch {
      // Not there.
    }
  }
  return undefined;
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
  const isUsual = ["tokenizer.json", "tokenizer.model"].includes(basename(file));
  return isUsual && folder !== "." && folder !== "" ? folder : basename(file);
}

function unknownTokenizer(id: string): VocabError {
  const near = suggestKnown(id);
  const meant = near.length > 0 ? `did you mean ${near.join(" or ")}? ` : "";
  if (id.startsWith("hf:")) return notFetched(id);
  const looksLikePath = /[/\\]|\.(json|model|tiktoken|gguf)$/.test(id);
  if (looksLikePath)
    return new VocabError("unknown-tokenizer", `no such tokenizer file: ${id}`, {
      kind: "usage",
      hint: `${meant}${hubHint(id)}Give the path of a tokenizer.json or of the folder that holds it`,
    });
  return new VocabError("unknown-tokenizer", `unknown tokenizer: ${id}`, {
    kind: "usage",
    hint: `${meant}See \`vocab tokenizers\`, or give the path of a tokenizer.json`,
  });
}

function notFetched(id: string): VocabError {
  return new VocabError("unknown-tokenizer", `${id} was not fetched from the hub`, {
    kind: "usage",
    hint: "in a program: await hubTokenizer(id, { environment: hubEnvironment(process.env) })",
  });
}

function hubHint(id: string): string {
  return /^[\w-][\w.-]*\/[\w.-]+$/.test(id) && !id.endsWith(".json") ? `From the hub: hf:${id}. ` : "";
}
