// Folders of counts: written by `vocab count`, read in place of a corpus by `--counts`, several of them as one.

import { createHash } from "node:crypto";
import { readFile, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { decodeCounts, encodeCounts, invalidCounts } from "../counting/counts-file.ts";
import { mergeCounts } from "../counting/merge-counts.ts";
import type { SegmentCounts } from "../counting/segment-counts.ts";
import { VocabError } from "../errors.ts";
import { canonicalJson } from "../io/canonical-json.ts";
import { writeFilesAtomically } from "../io/write-files.ts";
import type { Language } from "../text/languages.ts";
import { corpusDigest } from "./corpus-digest.ts";
import {
  type CountedFile,
  type CountsManifest,
  MANIFEST_FILE,
  parseManifest,
  SEGMENTS_FILE,
  type StoredSegments,
} from "./counts-manifest.ts";
import { addFilters, type CorpusFilter } from "./filter-options.ts";

/** Counts of one language, from one folder or several. */
export interface CountedLanguage extends Omit<CountsManifest, "segments"> {
  /** The text for training, long segments among the others. */
  readonly training: SegmentCounts;
  readonly heldOutCounts: SegmentCounts;
}

/** @throws VocabError `cannot-write` */
export async function writeCounts(folder: string, counted: CountedLanguage): Promise<CountsManifest> {
  const { training, heldOutCounts, ...rest } = counted;
  const data = encodeCounts([training, heldOutCounts]);
  const segments: StoredSegments = {
    file: SEGMENTS_FILE,
    bytes: data.length,
    sha256: digest(data),
    training: segmentTotals(training),
    heldOut: segmentTotals(heldOutCounts),
  };
  const manifest: CountsManifest = { ...rest, segments };
  await writeFilesAtomically(folder, { [SEGMENTS_FILE]: data, [MANIFEST_FILE]: canonicalJson(manifest) });
  return manifest;
}

/**
 * Reads folders of counts, each once whatever names it has; those of one language are added up. The same result for any
 * order of the folders.
 * @throws VocabError `counts-missing` (usage), `counts-invalid`, `counts-differ`
 */
export async function readCounts(folders: readonly string[]): Promise<ReadonlyMap<string, CountedLanguage>> {
  const byLanguage = new Map<string, { folder: string; counted: CountedLanguage }[]>();
  const seen = new Set<string>();
  for (const folder of folders) {
    const real = await realpath(folder).catch((cause) => {
      throw missingCounts(folder, cause);
    });
    if (seen.has(real)) continue;
    seen.add(real);
    const counted = await readFolder(folder);
    const others = byLanguage.get(counted.language.tag) ?? [];
    byLanguage.set(counted.language.tag, [...others, { folder, counted }]);
  }
  return new Map([...byLanguage].map(([tag, parts]) => [tag, mergeFolders(parts)]));
}

/**
 * The counts of each language.
 * @throws VocabError `counts-language` (usage) when a folder is of another language, or none is of one of them
 */
export async function countsOf(
  folders: readonly string[],
  languages: readonly Language[],
): Promise<CountedLanguage[]> {
  const counts = await readCounts(folders);
  const wanted = languages.map(({ tag }) => tag);
  const foreign = [...counts.values()].find(({ language }) => !wanted.includes(language.tag));
  if (foreign !== undefined)
    throw new VocabError(
      "counts-language",
      `the counts are of ${foreign.language.tag} (${foreign.language.name}), not of ${wanted.join(", ")}`,
      { kind: "usage", hint: `--lang ${foreign.language.tag}, or other --counts` },
    );
  return languages.map(({ tag, name }) => {
    const counted = counts.get(tag);
    if (counted !== undefined) return counted;
    throw new VocabError("counts-language", `none of the counts is of ${tag} (${name})`, {
      kind: "usage",
      hint: `add counts of ${tag}, or leave it out of --lang`,
    });
  });
}

/** @throws VocabError `two-texts` (usage) */
export function requireCorpusOrCounts(
  corpus: readonly string[] | undefined,
  counts: readonly string[] | undefined,
): void {
  if (counts === undefined || (corpus?.length ?? 0) === 0) return;
  throw new VocabError("two-texts", "--corpus and --counts are both given", {
    kind: "usage",
    hint: "count the corpus as well (vocab count), and name both folders with --counts",
  });
}

async function readFolder(folder: string): Promise<CountedLanguage> {
  const path = join(folder, MANIFEST_FILE);
  const entry = await stat(path).catch(() => undefined);
  if (entry?.isFile() !== true) throw missingCounts(folder);
  const manifest = parseManifest(await readWhole(path, "utf8"), path);
  const { segments, ...rest } = manifest;
  // The name is a part of the format: no other file is ever read.
  const dataPath = join(folder, SEGMENTS_FILE);
  const data = await readWhole(dataPath);
  if (data.length !== segments.bytes)
    throw invalidCounts(dataPath, `has ${data.length} bytes; ${MANIFEST_FILE} says ${segments.bytes}`);
  if (digest(data) !== segments.sha256)
    throw invalidCounts(dataPath, `is damaged: its SHA-256 is not the one that ${MANIFEST_FILE} has`);
  const [training, heldOutCounts] = decodeCounts(data, 2, dataPath);
  return { ...rest, training: training!, heldOutCounts: heldOutCounts! };
}

async function readWhole(path: string): Promise<Buffer>;
async function readWhole(path: string, encoding: "utf8"): Promise<string>;
async function readWhole(path: string, encoding?: "utf8"): Promise<Buffer | string> {
  return readFile(path, encoding).catch((cause: Error) => {
    throw invalidCounts(path, `cannot be read: ${cause.message}`, cause);
  });
}

function mergeFolders(parts: readonly { folder: string; counted: CountedLanguage }[]): CountedLanguage {
  const [head, ...others] = parts;
  const first = head!.counted;
  if (others.length === 0) return first;
  for (const { folder, counted } of others) requireAlike(head!.folder, first, folder, counted);
  const files = mergeFileLists(parts);
  const sum = (value: (counted: CountedLanguage) => number) =>
    parts.reduce((total, { counted }) => total + value(counted), 0);
  return {
    ...first,
    corpus: {
      files: files.length,
      documents: sum(({ corpus }) => corpus.documents),
      bytes: sum(({ corpus }) => corpus.bytes),
      characters: sum(({ corpus }) => corpus.characters),
      unit: mergedUnit(parts.map(({ counted }) => counted.corpus.unit)),
      invalid: sum(({ corpus }) => corpus.invalid),
      sha256: corpusDigest(files),
      filter: addFilters(parts.flatMap(({ counted }) => counted.corpus.filter ?? [])),
    },
    files,
    heldOut: {
      ...first.heldOut,
      documents: sum(({ heldOut }) => heldOut.documents),
      bytes: sum(({ heldOut }) => heldOut.bytes),
      characters: sum(({ heldOut }) => heldOut.characters),
    },
    training: mergeCounts(parts.map(({ counted }) => counted.training)),
    heldOutCounts: mergeCounts(parts.map(({ counted }) => counted.heldOutCounts)),
  };
}

// What the documents are, and which are held out, must be the same in all: else their sum has no meaning.
function requireAlike(folder: string, a: CountedLanguage, otherFolder: string, b: CountedLanguage): void {
  const facts = ({ version, options, heldOut, corpus }: CountedLanguage) => ({
    "the version of vocab": version,
    "--text-field": options.textField,
    "--on-invalid": options.onInvalid,
    "--max-document-bytes": options.maxDocumentBytes,
    "--hold-out": heldOut.every,
    "--seed": heldOut.seed,
    "whole files as documents": corpus.unit === "file",
    "what is left out": filterFact(corpus.filter),
  });
  for (const [name, { corpus }] of [[folder, a] as const, [otherFolder, b] as const])
    if (corpus.filter?.dedup !== undefined || "documents" in (corpus.filter?.sample ?? {}))
      throw new VocabError(
        "counts-filtered",
        `${name} was counted ${corpus.filter!.dedup === undefined ? "as a sample of so many documents" : "without duplicates"}, which is of all files together`,
        { hint: "count all files at once, or name this folder alone" },
      );
  const [mine, theirs] = [facts(a), facts(b)];
  for (const [what, value] of Object.entries(mine)) {
    const other = theirs[what as keyof typeof theirs];
    if (other === value) continue;
    throw new VocabError(
      "counts-differ",
      `${folder} and ${otherFolder} were counted with different options: ${what} ${value} and ${other}`,
      { hint: "count one of them again with the options of the other" },
    );
  }
}

// "none", or the rules as JSON.
function filterFact(filter: CorpusFilter | undefined): string {
  if (filter === undefined) return "nothing";
  const { read: _, changed: __, leftOut: ___, ...rules } = filter;
  return JSON.stringify(rules);
}

function mergeFileLists(parts: readonly { folder: string; counted: CountedLanguage }[]): CountedFile[] {
  const owner = new Map<string, string>();
  for (const { folder, counted } of parts) {
    for (const { sha256, bytes } of counted.files) {
      const other = owner.get(sha256);
      if (bytes > 0 && other !== undefined && other !== folder)
        throw new VocabError(
          "counts-overlap",
          `${other} and ${folder} have counted the same file (SHA-256 ${sha256}, ${bytes} bytes)`,
          { hint: "its text would count twice: name one of the two, or count them again without it" },
        );
      owner.set(sha256, folder);
    }
  }
  return sortFiles(parts.flatMap(({ counted }) => counted.files));
}

export function sortFiles(files: readonly CountedFile[]): CountedFile[] {
  return [...files].sort((a, b) => (a.sha256 < b.sha256 ? -1 : a.sha256 > b.sha256 ? 1 : a.bytes - b.bytes));
}

// As one corpus with all the files would have it.
function mergedUnit(units: readonly CountsManifest["corpus"]["unit"][]): CountsManifest["corpus"]["unit"] {
  return units.find((unit) => unit !== "record") ?? "record";
}

function segmentTotals({ counts }: SegmentCounts): { distinct: number; occurrences: number } {
  return { distinct: counts.length, occurrences: counts.reduce((sum, count) => sum + count, 0) };
}

function digest(data: Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

function missingCounts(folder: string, cause?: unknown): VocabError {
  return new VocabError("counts-missing", `no counts in ${folder}`, {
    kind: "usage",
    cause,
    hint: `a folder of counts holds ${MANIFEST_FILE}; vocab count --corpus … --lang … --out DIR makes one`,
  });
}
