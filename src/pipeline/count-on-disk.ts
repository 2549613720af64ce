// Counts a corpus of any size in bounded memory: workers put sorted runs on the disk (counting/count-to-disk.ts), and the runs
// are merged into the tables of the counts folder. What is finished stays when the program is killed.

import { setImmediate } from "node:timers/promises";
import type { CorpusFile } from "../corpus/files.ts";
import { planShards, type Shard } from "../corpus/shards.ts";
import type { Commit } from "../counting/commits.ts";
import { readCommits } from "../counting/commits.ts";
import type { CountJob } from "../counting/count-job.ts";
import type { ReadOptions } from "../counting/count-shard.ts";
import type { CountUnit } from "../counting/count-to-disk.ts";
import type { DocumentSplit } from "../counting/document-chooser.ts";
import { addOutcomes, type FilterOutcome } from "../counting/filter-rules.ts";
import { needsRanks } from "../counting/rank-documents.ts";
import { countedFile } from "../counts/corpus-digest.ts";
import type { CountedFile, SkippedFile } from "../counts/counts-manifest.ts";
import { VocabError } from "../errors.ts";
import { findSample, runJob } from "./count-corpus.ts";
import { countedBytes } from "./counting-work.ts";

/** A worker with less memory than this would be on the disk all the time. */
const MIN_WORKER_BYTES = 48 * 2 ** 20;

export interface DiskCountOptions {
  readonly read: ReadOptions;
  readonly split: DocumentSplit | undefined;
  readonly seed: number;
  readonly workers: number;
  readonly memoryBytes: number;
  readonly commitBytes?: number | undefined;
  readonly skipsBadFiles: boolean;
  readonly onBytes?: ((bytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What the runs in the work folder are of. */
export interface DiskCount {
  readonly commits: readonly Commit[];
  readonly documents: number;
  readonly invalid: number;
  readonly heldOutDocuments: number;
  readonly filtered: FilterOutcome | undefined;
  /** In the order of the corpus, without those that were skipped. */
  readonly files: readonly CountedFile[];
  readonly skipped: readonly SkippedFile[];
  readonly workers: number;
}

/**
 * Counts what `done` does not have yet.
 * @param work the work folder, entered
 */
export async function countOnDisk(
  files: readonly CorpusFile[],
  work: string,
  done: readonly Commit[],
  options: DiskCountOptions,
): Promise<DiskCount> {
  const shards = planShards(files, options.read.unit === "line" && !options.skipsBadFiles);
  const units = planUnits(shards, options.skipsBadFiles);
  const finished = new Set(done.flatMap((commit) => commit.units));
  const left = units.filter(({ number }) => !finished.has(number));
  const workers =
    left.length === 0
      ? 1
      : await countUnits(
          files,
          { work, shards, left, finishedBytes: countedBytes(done, units, shards) },
          options,
        );
  const commits = await readCommits(work);
  requireAll(work, units, commits);
  return { ...summary(files, commits), workers };
}

interface Work {
  readonly work: string;
  readonly shards: readonly Shard[];
  readonly left: readonly CountUnit[];
  readonly finishedBytes: number;
}

async function countUnits(
  files: readonly CorpusFile[],
  { work, shards, left, finishedBytes }: Work,
  options: DiskCountOptions,
): Promise<number> {
  const { memoryBytes, commitBytes, skipsBadFiles, signal, split, seed } = options;
  const most = Math.max(1, Math.min(options.workers, Math.floor(memoryBytes / MIN_WORKER_BYTES)));
  const settings = { workers: most, seed, sampleSize: 0, split, signal };
  const read = needsRanks(options.read)
    ? await findSample(files, { ...settings, read: options.read })
    : options.read;
  const job: CountJob = {
    files,
    shards,
    read,
    sampleSize: 0,
    seed,
    split,
    disk: { folder: work, tableBytes: memoryBytes / most, commitBytes, skipsBadFiles, units: left },
  };
  const onBytes = (bytes: number) => options.onBytes?.(finishedBytes + bytes);
  const { workers } = await runJob(job, { workers: most, onBlock: () => {}, onBytes, signal });
  // Lets a Ctrl-C be heard.
  await setImmediate();
  signal?.throwIfAborted();
  return workers;
}

/** Each shard is a unit, or all shards of a file are one, hashes first: a file that is skipped is skipped as a whole. */
function planUnits(shards: readonly Shard[], byFile: boolean): CountUnit[] {
  if (!byFile) return shards.map((_, number) => ({ number, shards: [number] }));
  const units = new Map<number, number[]>();
  shards.forEach(({ file, task }, index) => {
    const unit = units.get(file) ?? [];
    if (task === "hash") unit.unshift(index);
    else unit.push(index);
    units.set(file, unit);
  });
  return [...units].map(([number, of]) => ({ number, shards: of }));
}

// A worker that ended early would be a bug, and its result too small.
function requireAll(work: string, units: readonly CountUnit[], commits: readonly Commit[]): void {
  const counted = commits.flatMap((commit) => commit.units);
  if (counted.length === units.length && new Set(counted).size === units.length) return;
  throw new VocabError(
    "run-damaged",
    `${work} holds ${counted.length} of ${units.length} parts of the text`,
    {
      hint: "--restart counts anew",
    },
  );
}

function summary(files: readonly CorpusFile[], commits: readonly Commit[]): Omit<DiskCount, "workers"> {
  const sum = (of: (commit: Commit) => number) => commits.reduce((total, commit) => total + of(commit), 0);
  const outcomes = commits.flatMap(({ filtered }) => filtered ?? []);
  const skipped = commits.flatMap((commit) => commit.skipped).sort((a, b) => a.file - b.file);
  return {
    commits,
    documents: sum(({ documents }) => documents),
    invalid: sum(({ invalid }) => invalid),
    heldOutDocuments: sum(({ heldOutDocuments }) => heldOutDocuments),
    filtered: outcomes.length === 0 ? undefined : addOutcomes(outcomes),
    files: digestsOf(files, commits, new Set(skipped.map(({ file }) => file))),
    skipped: skipped.map(({ file, reason }) => ({ path: files[file]!.path, reason })),
  };
}

function digestsOf(
  files: readonly CorpusFile[],
  commits: readonly Commit[],
  skipped: ReadonlySet<number>,
): CountedFile[] {
  const byFile = new Map<number, (readonly [start: number, sha256: string])[]>();
  for (const [file, start, sha256] of commits.flatMap(({ digests }) => digests))
    byFile.set(file, [...(byFile.get(file) ?? []), [start, sha256]]);
  return files.flatMap((file, index) => {
    if (skipped.has(index)) return [];
    const chunks = (byFile.get(index) ?? []).sort(([a], [b]) => a - b);
    return [
      countedFile(
        file,
        chunks.map(([, sha256]) => Buffer.from(sha256, "hex")),
      ),
    ];
  });
}
