// The verb `count`: the segments of a corpus and how often each occurs, kept in a folder, so that any tokenizer can be
// measured and any vocabulary be trained without reading the corpus again.

import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { sortCounts, textSize } from "../counting/canonical-counts.ts";
import type { DocumentSplit } from "../counting/document-chooser.ts";
import type { FilterOutcome } from "../counting/filter-rules.ts";
import { mergeCounts } from "../counting/merge-counts.ts";
import { OneBlock } from "../counting/merge-sorted.ts";
import type { SegmentCounts } from "../counting/segment-counts.ts";
import { VocabError } from "../errors.ts";
import { requireOutFolder } from "../io/write-files.ts";
import { type Language, resolveLanguage } from "../text/languages.ts";
import { version } from "../version.ts";
import type { RunRecord } from "./analysis-result.ts";
import { type CorpusSource, chooseCorpus, hubSources } from "./corpus-source.ts";
import { type CountedCorpus, countCorpus } from "./count-corpus.ts";
import { sortFiles } from "./counts-folder.ts";
import type { CountsManifest } from "./counts-manifest.ts";
import { type DocumentOptions, readOptions } from "./document-options.ts";
import {
  describeFilter,
  type FilterOptions,
  filterRules,
  type OrthographyOptions,
} from "./filter-options.ts";
import { startRun } from "./run-record.ts";
import { ScriptShare, scriptFinding } from "./script-share.ts";
import { publishCounts, writeTables } from "./write-counts.ts";

/** Documents of which one is held out: 2 % of the text say within a percent what all of it would, and training hardly misses them. */
export const DEFAULT_HOLD_OUT = 50;

export interface CountOptions extends DocumentOptions, FilterOptions, OrthographyOptions {
  /** Folder to write counts.json and its tables into. */
  readonly out: string;
  /** Globs of text files. Default: the files under corpora/<lang>/. */
  readonly corpus?: readonly string[] | undefined;
  /** One document in so many is kept apart from the training text; 0: none. Default 50. */
  readonly holdOut?: number | undefined;
  /** Of the choice of documents that are held out. Default 0. */
  readonly seed?: number | undefined;
  /** Segments of the training text that occur less often are left out. Default 1. */
  readonly minCount?: number | undefined;
  /** Leave out files that cannot be read to their end, and list them. Default false. */
  readonly skipBadFiles?: boolean | undefined;
  /** Counting threads. Default 1. */
  readonly workers?: number | undefined;
  /** Folder in which corpora/<lang>/ is looked for. Default ".". */
  readonly folder?: string | undefined;
  readonly onProgress?: ((progress: CountProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface CountProgress {
  readonly phase: "counting";
  /** Stored bytes read, and in all. */
  readonly bytes: number;
  readonly totalBytes: number;
}

export interface CountResult extends CountsManifest {
  /** What should be known of the text, as sentences. */
  readonly findings: readonly string[];
  readonly run: RunRecord;
}

/**
 * @param lang BCP 47 tag
 * @throws VocabError
 */
export async function count(lang: string, options: CountOptions): Promise<CountResult> {
  const run = startRun();
  const language = resolveLanguage(lang);
  await requireOutFolder(options.out);
  const source = await chooseCorpus(language, {
    corpus: options.corpus ?? [],
    unit: options.unit,
    folder: options.folder ?? ".",
    hub: options.hub,
  });
  if (source.kind === "embedded") throw noCorpus(language);
  const { counted, corpus } = await countFiles(language, source, options);
  const script = new ScriptShare([language.script]);
  script.add(counted.training);
  const finding = scriptFinding(language, script.share);
  // Lets a Ctrl-C be heard that came while the counts were added up.
  await setImmediate();
  options.signal?.throwIfAborted();
  const manifest = await writeInMemory(options, counted);
  return {
    ...manifest,
    findings: finding === undefined ? [] : [finding],
    run: run.end(manifest.corpus.bytes, corpus.workers),
  };
}

interface InMemory extends Omit<CountsManifest, "segments"> {
  readonly training: SegmentCounts;
  readonly heldOutCounts: SegmentCounts;
}

async function writeInMemory({ out }: CountOptions, counted: InMemory): Promise<CountsManifest> {
  const { training, heldOutCounts, ...rest } = counted;
  const work = join(out, ".counting");
  await mkdir(work, { recursive: true });
  const { segments } = await writeTables(work, {
    training: new OneBlock(sortCounts(training)),
    heldOut: new OneBlock(sortCounts(heldOutCounts)),
  });
  const manifest: CountsManifest = { ...rest, segments };
  await publishCounts(out, work, manifest);
  await rm(work, { recursive: true });
  return manifest;
}

async function countFiles(
  language: Language,
  source: CorpusSource & { kind: "files" },
  options: CountOptions,
): Promise<{ counted: InMemory; corpus: CountedCorpus }> {
  const every = options.holdOut ?? DEFAULT_HOLD_OUT;
  const seed = options.seed ?? 0;
  const filter = filterRules(options, seed);
  const read = readOptions(options, source.unit, filter);
  const totalBytes = source.files.reduce((sum, file) => sum + file.size, 0);
  const blocks: SegmentCounts[] = [];
  const corpus = await countCorpus(source.files, {
    read,
    workers: options.workers ?? 1,
    seed,
    sampleSize: 0,
    split: holdOutRule(every, seed),
    onBlock: (block) => void blocks.push(block),
    onBytes: (bytes) => options.onProgress?.({ phase: "counting", bytes, totalBytes }),
    signal: options.signal,
  });
  if (corpus.documents === 0)
    throw emptyCorpus(
      source.files.map((file) => file.path),
      corpus.filtered,
    );
  const training = mergeCounts([corpus.counts, ...blocks]);
  const heldOutCounts = corpus.heldOut?.counts ?? mergeCounts([]);
  const [mine, heldOut] = [textSize(training), textSize(heldOutCounts)];
  const { tag, name, script, direction } = language;
  const { textField, onInvalid, maxDocumentBytes } = read;
  const counted: InMemory = {
    schema: "vocab.counts/2",
    version,
    language: { tag, name, script, direction },
    corpus: {
      files: source.files.length,
      documents: corpus.documents,
      bytes: mine.bytes + heldOut.bytes,
      characters: mine.characters + heldOut.characters,
      unit: source.unit,
      invalid: corpus.invalid,
      sha256: corpus.sha256,
      hub: hubSources(source.files),
      filter: describeFilter(filter, corpus.filtered),
    },
    files: sortFiles(corpus.files),
    options: { textField, onInvalid, maxDocumentBytes },
    heldOut: { every, seed, documents: corpus.heldOut?.documents ?? 0, ...heldOut },
    training,
    heldOutCounts,
  };
  return { counted, corpus };
}

/** @param every 0: nothing is held out */
export function holdOutRule(every: number, seed: number): DocumentSplit | undefined {
  if (!Number.isSafeInteger(every) || every < 0 || every === 1)
    throw new VocabError("hold-out-out-of-range", `one document in ${every} cannot be held out`, {
      kind: "usage",
      hint: "--hold-out takes 0 (none) or a whole number from 2 on",
    });
  return every === 0 ? undefined : { kind: "rule", every, seed };
}

export function noCorpus({ tag, name }: Language): VocabError {
  return new VocabError("no-corpus", `no text of ${name} is named`, {
    kind: "usage",
    hint: `--corpus FILE…, or put text files under corpora/${tag}/`,
  });
}

/** @param filtered what was left out */
export function emptyCorpus(names: readonly string[], filtered?: FilterOutcome | undefined): VocabError {
  const read = filtered?.read.documents ?? 0;
  if (read > 0)
    return new VocabError("empty-corpus", `the corpus is empty: all its ${read} documents are left out`, {
      hint: "check --script, --sample and --dedup",
    });
  const more = names.length > 3 ? ` and ${names.length - 3} more` : "";
  return new VocabError(
    "empty-corpus",
    `the corpus is empty: no document in ${names.slice(0, 3).join(", ")}${more}`,
    { hint: "check the files, --unit, --text-field and --on-invalid" },
  );
}
