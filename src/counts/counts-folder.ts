// Folders of counts: written by `vocab count`, read in place of a corpus by `--counts`, several of them as one.

import { realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { byCodeUnits } from "../corpus/files.ts";
import { invalidCounts } from "../counting/counts-file.ts";
import { MergedSource } from "../counting/merge-sorted.ts";
import { VocabError } from "../errors.ts";
import type { Language } from "../text/languages.ts";
import { corpusDigest } from "./corpus-digest.ts";
import { addFilters, type CorpusFilter } from "./corpus-filter.ts";
import {
  type CountedFile,
  type CountedText,
  checkManifest,
  MANIFEST_FILE,
  parseCountsJson,
  type SkippedFile,
} from "./counts-manifest.ts";
import { type CountedLanguage, type CountsTable, openTable, readWhole } from "./counts-table.ts";
import { manifestOfBin, namesSegmentsBin, readSegmentsBin } from "./segments-bin.ts";

interface Part {
  readonly folder: string;
  readonly counted: CountedLanguage;
}

/**
 * Reads folders of counts, each once whatever names it has; those of one language are added up. The same result for any
 * order of the folders.
 * @throws VocabError `counts-missing` (usage), `counts-invalid`, `counts-differ`
 */
export async function readCounts(folders: readonly string[]): Promise<ReadonlyMap<string, CountedLanguage>> {
  const byLanguage = new Map<string, Part[]>();
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
  const stored = parseCountsJson((await readWhole(path)).toString("utf8"), path);
  if (stored["schema"] !== "vocab.counts/1") throw unknownFormat(path, stored["schema"]);
  if (namesSegmentsBin(stored))
    return readSegmentsBin(folder, stored, checkManifest(manifestOfBin(stored, path), path));
  const { segments, ...rest } = checkManifest(stored, path);
  return {
    ...rest,
    training: await openTable(folder, segments.training),
    heldOutCounts: await openTable(folder, segments.heldOut),
  };
}

function unknownFormat(path: string, schema: unknown): VocabError {
  const isOther = typeof schema === "string" && schema.startsWith("vocab.counts/");
  return invalidCounts(
    path,
    isOther
      ? `the format is ${schema}; this program reads vocab.counts/1`
      : `is not what vocab count writes (schema ${JSON.stringify(schema)})`,
  );
}

function mergeFolders(parts: readonly Part[]): CountedLanguage {
  const [head, ...others] = parts;
  const first = head!.counted;
  if (others.length === 0) return first;
  for (const part of parts) requireWhole(part);
  for (const { folder, counted } of others) requireAlike(head!.folder, first, folder, counted);
  const files = mergeFileLists(parts);
  const sum = (value: (counted: CountedLanguage) => number) =>
    parts.reduce((total, { counted }) => total + value(counted), 0);
  const skipped = parts.flatMap(({ counted }) => counted.skipped ?? []).sort(compareSkipped);
  return {
    ...first,
    corpus: {
      files: files?.length,
      documents: sum(({ corpus }) => corpus.documents),
      bytes: sum(({ corpus }) => corpus.bytes),
      characters: sum(({ corpus }) => corpus.characters),
      unit: mergedUnit(parts.map(({ counted }) => counted.corpus.unit)),
      invalid: sum(({ corpus }) => corpus.invalid),
      sha256: files === undefined ? undefined : corpusDigest(files),
      filter: addFilters(parts.flatMap(({ counted }) => counted.corpus.filter ?? [])),
    },
    files,
    skipped: skipped.length === 0 ? undefined : skipped,
    heldOut: {
      ...first.heldOut,
      documents: sum(({ heldOut }) => heldOut.documents),
      bytes: sum(({ heldOut }) => heldOut.bytes),
      characters: sum(({ heldOut }) => heldOut.characters),
    },
    training: mergedTable(parts.map(({ counted }) => counted.training)),
    heldOutCounts: mergedTable(parts.map(({ counted }) => counted.heldOutCounts)),
  };
}

function mergedTable(tables: readonly CountsTable[]): CountsTable {
  const open = () => new MergedSource(tables.map((table) => ({ source: table.open(), factor: 1 })));
  return { totals: undefined, open };
}

// What one of them has left out cannot be known of their sum.
function requireWhole({ folder, counted: { corpus, training } }: Part): void {
  if (corpus.filter?.dedup !== undefined || "documents" in (corpus.filter?.sample ?? {}))
    throw new VocabError(
      "counts-filtered",
      `${folder} was counted ${corpus.filter!.dedup === undefined ? "as a sample of so many documents" : "without duplicates"}, which is of all files together`,
      { hint: "count all files at once, or name this folder alone" },
    );
  if (training.dropped !== undefined)
    throw new VocabError(
      "counts-filtered",
      `${folder} was counted with --min-count ${training.dropped.minCount}: what it dropped may be frequent in all folders together`,
      { hint: "count without --min-count, and give it when the counts are added: vocab count --counts …" },
    );
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

// Undefined where the files of one folder are not known.
function mergeFileLists(parts: readonly Part[]): CountedFile[] | undefined {
  const owner = new Map<string, string>();
  for (const { folder, counted } of parts) {
    for (const { sha256, bytes } of counted.files ?? []) {
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
  if (parts.some(({ counted }) => counted.files === undefined)) return undefined;
  return sortFiles(parts.flatMap(({ counted }) => counted.files ?? []));
}

export function sortFiles(files: readonly CountedFile[]): CountedFile[] {
  return [...files].sort((a, b) => (a.sha256 < b.sha256 ? -1 : a.sha256 > b.sha256 ? 1 : a.bytes - b.bytes));
}

function compareSkipped(a: SkippedFile, b: SkippedFile): number {
  return byCodeUnits(a.path, b.path) || byCodeUnits(a.reason, b.reason);
}

// As one corpus with all the files would have it.
function mergedUnit(units: readonly CountedText["unit"][]): CountedText["unit"] {
  return units.find((unit) => unit !== "record") ?? "record";
}

function missingCounts(folder: string, cause?: unknown): VocabError {
  return new VocabError("counts-missing", `no counts in ${folder}`, {
    kind: "usage",
    cause,
    hint: `a folder of counts holds ${MANIFEST_FILE}; vocab count --corpus … --lang … --out DIR makes one`,
  });
}
