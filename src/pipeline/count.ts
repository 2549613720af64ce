// The verb `count`: the segments of a corpus and how often each occurs, kept in a folder, so that any tokenizer can be
// measured and any vocabulary be trained without reading the corpus again.

import { rmdir, stat } from "node:fs/promises";
import { byCodeUnits } from "../corpus/files.ts";
import { type Commit, readCommits } from "../counting/commits.ts";
import type { ReadOptions } from "../counting/count-shard.ts";
import type { DocumentSplit } from "../counting/document-chooser.ts";
import type { FilterRules } from "../counting/filter-rules.ts";
import { mergeRuns } from "../counting/merge-runs.ts";
import { corpusDigest } from "../counts/corpus-digest.ts";
import { describeFilter } from "../counts/corpus-filter.ts";
import { sortFiles } from "../counts/counts-folder.ts";
import type { CountsManifest, SkippedFile } from "../counts/counts-manifest.ts";
import { publishCounts, type WrittenTables, writeTables } from "../counts/write-counts.ts";
import { VocabError } from "../errors.ts";
import { requireOutFolder } from "../io/write-files.ts";
import { type Language, resolveLanguage } from "../text/languages.ts";
import { version } from "../version.ts";
import type { RunRecord } from "./analysis-result.ts";
import { type CorpusSource, chooseCorpus, hubSources, noCorpus } from "./corpus-source.ts";
import { countOnDisk, type DiskCount } from "./count-on-disk.ts";
import {
  type CountingOptions,
  enterWork,
  leaveWork,
  requireUnchanged,
  startedStates,
  unlockWork,
  workFolder,
} from "./counting-work.ts";
import { type DocumentOptions, readOptions } from "./document-options.ts";
import { emptyCorpus, onlyBadFiles } from "./empty-corpus.ts";
import { type FilterOptions, filterRules, type OrthographyOptions } from "./filter-options.ts";
import { startRun } from "./run-record.ts";
import { ScriptShare, scriptFinding } from "./script-share.ts";

/** Documents of which one is held out: 2 % of the text say within a percent what all of it would, and training hardly misses them. */
export const DEFAULT_HOLD_OUT = 50;

const DEFAULT_MEMORY_BYTES = 2 ** 30;

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
  /** Memory for counting, beside that of the program itself; what does not fit goes to the disk. Default 1 GiB. */
  readonly memoryBytes?: number | undefined;
  /** Stored bytes after which a worker puts what it has on the disk. Default: as often as takes a twentieth of its time. */
  readonly commitBytes?: number | undefined;
  /** Begin anew where an earlier run was killed. Default: go on with it. */
  readonly restart?: boolean | undefined;
  /** Counting threads. Default 1. */
  readonly workers?: number | undefined;
  /** Folder in which corpora/<lang>/ is looked for. Default ".". */
  readonly folder?: string | undefined;
  readonly onProgress?: ((progress: CountProgress) => void) | undefined;
  /** Called where the run goes on with one that was killed. */
  readonly onResume?: (() => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type CountProgress =
  | {
      readonly phase: "counting";
      /** Stored bytes read, and in all. */
      readonly bytes: number;
      readonly totalBytes: number;
    }
  | { readonly phase: "merging" };

export interface CountResult extends CountsManifest {
  /** What should be known of the text, as sentences. */
  readonly findings: readonly string[];
  readonly run: RunRecord;
}

/**
 * @param lang BCP 47 tag
 * @throws VocabError; `interrupted` where the same call goes on with what was counted
 */
export async function count(lang: string, options: CountOptions): Promise<CountResult> {
  const run = startRun();
  const language = resolveLanguage(lang);
  await requireOutFolder(options.out);
  const unreadable: SkippedFile[] = [];
  const source = await chooseCorpus(language, {
    corpus: options.corpus ?? [],
    unit: options.unit,
    folder: options.folder ?? ".",
    hub: options.hub,
    onUnreadable: options.skipBadFiles === true ? (file) => unreadable.push(file) : undefined,
  });
  if (source.kind === "embedded") throw noCorpus(language);
  const counting = new Counting(language, source, unreadable, options);
  const { manifest, findings, workers } = await counting.run();
  return { ...manifest, findings, run: run.end(manifest.corpus.bytes, workers) };
}

interface Counted {
  readonly manifest: CountsManifest;
  readonly findings: readonly string[];
  readonly workers: number;
}

class Counting {
  private readonly language: Language;
  private readonly source: CorpusSource & { kind: "files" };
  private readonly unreadable: readonly SkippedFile[];
  private readonly options: CountOptions;
  private readonly work: string;
  private readonly filter: FilterRules | undefined;
  private readonly read: ReadOptions;
  private readonly split: DocumentSplit | undefined;
  private readonly every: number;
  private readonly seed: number;

  /** @param unreadable files that are skipped before they are opened */
  constructor(
    language: Language,
    source: CorpusSource & { kind: "files" },
    unreadable: readonly SkippedFile[],
    options: CountOptions,
  ) {
    this.language = language;
    this.source = source;
    this.unreadable = unreadable;
    this.options = options;
    this.work = workFolder(options.out);
    this.every = options.holdOut ?? DEFAULT_HOLD_OUT;
    this.seed = options.seed ?? 0;
    this.filter = filterRules(options, this.seed);
    this.read = readOptions(options, source.unit, this.filter);
    this.split = holdOutRule(this.every, this.seed);
    if (options.skipBadFiles === true) refuseWholeCorpusFilters(this.filter);
  }

  async run(): Promise<Counted> {
    const { work, source, options } = this;
    const isNew = (await stat(options.out).catch(() => undefined)) === undefined;
    const done = await enterWork(work, source.files, this.facts(), options.restart === true);
    if (done.length > 0) options.onResume?.();
    try {
      return await this.count(done);
    } catch (error) {
      const kept = await readCommits(work).catch(() => []);
      // Of hashes alone nothing is worth going on with.
      const isWorthKeeping = kept.some(({ documents, skipped }) => documents > 0 || skipped.length > 0);
      if (!isWorthKeeping || isEmpty(error)) {
        await leaveWork(work);
        if (isNew) await rmdir(options.out).catch(() => {});
      } else await unlockWork(work);
      if (options.signal?.aborted !== true) throw error;
      throw interrupted(work, isWorthKeeping);
    }
  }

  private async count(done: readonly Commit[]): Promise<Counted> {
    const { work, source, options, language } = this;
    const memoryBytes = options.memoryBytes ?? DEFAULT_MEMORY_BYTES;
    const totalBytes = source.files.reduce((sum, file) => sum + file.size, 0);
    const onDisk = await countOnDisk(source.files, work, done, {
      read: this.read,
      split: this.split,
      seed: this.seed,
      workers: options.workers ?? 1,
      memoryBytes,
      commitBytes: options.commitBytes,
      skipsBadFiles: options.skipBadFiles === true,
      onBytes: (bytes) => options.onProgress?.({ phase: "counting", bytes, totalBytes }),
      signal: options.signal,
    });
    await requireUnchanged(await startedStates(work), new Set(onDisk.skipped.map(({ path }) => path)));
    const skipped = [...this.unreadable, ...onDisk.skipped].sort((a, b) => byCodeUnits(a.path, b.path));
    const counted: DiskCount = { ...onDisk, skipped };
    if (counted.documents === 0 && counted.skipped.length > 0) throw onlyBadFiles(counted.skipped);
    if (counted.documents === 0)
      throw emptyCorpus(
        source.files.map((file) => file.path),
        counted.filtered,
      );
    options.onProgress?.({ phase: "merging" });
    const script = new ScriptShare([language.script]);
    const merged = await mergeRuns(
      counted.commits.flatMap(({ runs }) => runs),
      { folder: work, memoryBytes, signal: options.signal },
    );
    const written = await writeTables(work, {
      ...merged,
      minCount: options.minCount,
      onTraining: (block) => script.add(block),
      signal: options.signal,
    });
    const manifest = this.manifest(counted, written);
    await publishCounts(options.out, work, manifest);
    await leaveWork(work);
    const finding = scriptFinding(language, script.share);
    return { manifest, findings: finding === undefined ? [] : [finding], workers: counted.workers };
  }

  // What the counts are a function of, by the names of the options.
  private facts(): CountingOptions {
    const { unit, textField, onInvalid, maxDocumentBytes } = this.read;
    const { script, ...filter } = this.filter ?? {};
    return {
      "--lang": this.language.tag,
      "--unit": unit,
      "--text-field": textField,
      "--on-invalid": onInvalid,
      "--max-document-bytes": maxDocumentBytes,
      "--hold-out": this.every,
      "--seed": this.seed,
      "--skip-bad-files": this.options.skipBadFiles === true,
      "--dedup, --sample, --script and the like": JSON.stringify({
        ...filter,
        script: script?.code,
        share: script?.share,
      }),
    };
  }

  private manifest(counted: DiskCount, { segments, training, heldOut }: WrittenTables): CountsManifest {
    const { tag, name, script, direction } = this.language;
    const { textField, onInvalid, maxDocumentBytes } = this.read;
    return {
      schema: "vocab.counts/1",
      version,
      language: { tag, name, script, direction },
      corpus: {
        files: counted.files.length,
        documents: counted.documents,
        bytes: training.bytes + heldOut.bytes,
        characters: training.characters + heldOut.characters,
        unit: this.source.unit,
        invalid: counted.invalid,
        sha256: corpusDigest(counted.files),
        hub: hubSources(this.source.files),
        filter: describeFilter(this.filter, counted.filtered),
      },
      files: sortFiles(counted.files),
      skipped: counted.skipped.length === 0 ? undefined : counted.skipped,
      options: { textField, onInvalid, maxDocumentBytes },
      heldOut: { every: this.every, seed: this.seed, documents: counted.heldOutDocuments, ...heldOut },
      segments,
    };
  }
}

// They need all files at once, and a file is only known to be bad when it has been read.
function refuseWholeCorpusFilters(filter: FilterRules | undefined): void {
  const isCounted = filter?.sample?.kind === "count";
  if (filter?.dedup === undefined && !isCounted) return;
  throw new VocabError(
    "filter-option",
    `--skip-bad-files beside ${isCounted ? "--sample of so many documents" : "--dedup"}: which documents stay depends on all files`,
    {
      kind: "usage",
      hint: "count without --skip-bad-files, which names the bad file, and leave it out of --corpus",
    },
  );
}

function isEmpty(error: unknown): boolean {
  return error instanceof VocabError && error.code === "empty-corpus";
}

function interrupted(work: string, isKept: boolean): VocabError {
  return new VocabError(
    "interrupted",
    isKept
      ? `interrupted; the same command goes on with what is counted so far (in ${work}), --restart counts anew`
      : "interrupted; nothing is counted yet, and nothing was written",
  );
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
