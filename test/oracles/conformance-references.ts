// What conformance.ts compares the ids of a file with: its own library; another file of the same tokenizer, as vocab reads
// it; the test vectors that llama.cpp ships with a GGUF file, made by the original tokenizer.

import { existsSync, readFileSync } from "node:fs";
import { findTokenizer, loadTokenizer } from "../../src/tokenizer/load-tokenizer.ts";
import type { Tokenizer } from "../../src/tokenizer/tokenizer.ts";
import { hasLibrary, type ManifestFile, referenceFor } from "./manifest-reference.ts";

export interface IdReference {
  /** As the table calls it. */
  readonly name: string;
  readonly texts: readonly string[];
  /** Of each text. */
  ids(): AsyncIterable<ArrayLike<number>>;
}

/** @param files the manifest, with paths */
export async function referencesFor(
  entry: ManifestFile,
  files: readonly ManifestFile[],
  texts: readonly string[],
): Promise<readonly IdReference[]> {
  const same = files.find(({ id }) => id === entry.sameIdsAs);
  return [
    ...(hasLibrary(entry) ? [await library(entry, texts)] : []),
    ...(same === undefined ? [] : [otherFile(same, entry, texts)]),
    ...(existsSync(`${entry.file}.inp`) ? [vectors(entry.file)] : []),
  ];
}

async function library(entry: ManifestFile, texts: readonly string[]): Promise<IdReference> {
  const python = referenceFor(entry);
  const { python: _, ...versions } = await python.versions();
  return {
    name: Object.entries(versions).flat().join(" "),
    texts,
    async *ids() {
      for await (const block of python.ids({ texts })) yield* block;
      python.close();
    },
  };
}

// Files of one tokenizer can be of different dates: texts with tokens that were added in between are left out.
function otherFile(other: ManifestFile, entry: ManifestFile, texts: readonly string[]): IdReference {
  const reference = loadTokenizer(findTokenizer(other.file)).tokenizer;
  const own = loadTokenizer(findTokenizer(entry.file)).tokenizer;
  const foreign = [...addedOnlyTo(own, reference), ...addedOnlyTo(reference, own)];
  const kept = texts.filter((text) => !foreign.some((token) => text.includes(token)));
  const without = texts.length - kept.length;
  return {
    name: `${other.id}${without === 0 ? "" : `, without ${without} lines with tokens of one file`}`,
    texts: kept,
    async *ids() {
      for (const text of kept) yield reference.encodeBytes(Buffer.from(text, "utf8")).ids;
    },
  };
}

function addedOnlyTo(one: Tokenizer, other: Tokenizer): string[] {
  const known = new Set(other.definition.addedTokens.map(({ content }) => content));
  return one.definition.addedTokens.map(({ content }) => content).filter((content) => !known.has(content));
}

function vectors(file: string): IdReference {
  const texts = readFileSync(`${file}.inp`, "utf8").split("\n__ggml_vocab_test__\n");
  const lines = readFileSync(`${file}.out`, "utf8").split("\n");
  return {
    name: "llama.cpp's vectors",
    texts,
    async *ids() {
      for (const [i] of texts.entries()) yield lines[i]!.split(" ").filter(Boolean).map(Number);
    },
  };
}
