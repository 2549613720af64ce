// One worker of a count whose results go to the disk: it takes unit after unit from a shared list, and commits what it has
// counted from time to time, so that a count that was killed goes on from there.

import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { CorpusFile } from "../corpus/files.ts";
import { VocabError } from "../errors.ts";
import { type Commit, namesOf, writeCommit } from "./commits.ts";
import type { CountJob } from "./count-job.ts";
import { DiskCounter } from "./disk-counter.ts";
import { workShard } from "./work-shard.ts";

export interface DiskCounting {
  /** Where runs and commits go. */
  readonly folder: string;
  /** Memory for the tables of one worker, about. */
  readonly tableBytes: number;
  /** A worker commits when it has read so much. Default: as often as takes a twentieth of its time. */
  readonly commitBytes?: number | undefined;
  /** Leave out files that cannot be read to their end; a unit is a whole file then. */
  readonly skipsBadFiles: boolean;
  readonly units: readonly CountUnit[];
}

/** Shards that one worker counts together. */
export interface CountUnit {
  /** The same in every run of the same count. */
  readonly number: number;
  /** Indices of the shards. */
  readonly shards: readonly number[];
}

/** Commits take a twentieth of the time, but are no more frequent than each five seconds. */
const COMMIT_TIMES = 20;
const COMMIT_MS = 5000;

/**
 * Works until `nextUnit` says -1. One call per worker.
 * @param nextUnit index of a unit that nobody else works on
 */
export async function countToDisk(
  job: CountJob,
  disk: DiskCounting,
  nextUnit: () => number | Promise<number>,
): Promise<void> {
  const worker = new DiskWorker(job, disk);
  for (let index = await nextUnit(); index >= 0; index = await nextUnit()) {
    await worker.take(disk.units[index]!);
    if (worker.isDue) worker.commit();
  }
  worker.commit();
}

class DiskWorker {
  private readonly job: CountJob;
  private readonly disk: DiskCounting;
  private counter: DiskCounter;
  /** Counted since the last commit. */
  private units: CountUnit[] = [];
  private invalid = 0;
  private digests: Commit["digests"][number][] = [];
  private skipped: Commit["skipped"][number][] = [];
  private bytes = 0;
  private committedAt = performance.now();
  private commitMs = 0;

  constructor(job: CountJob, disk: DiskCounting) {
    this.job = {
      ...job,
      read: {
        ...job.read,
        onBytes: (bytes) => {
          this.bytes += bytes;
          job.read.onBytes?.(bytes);
        },
      },
    };
    this.disk = disk;
    this.counter = new DiskCounter(this.job, disk.folder, disk.tableBytes);
  }

  /** Whether it is time for a commit. Where equal texts matter there is one, at the end. */
  get isDue(): boolean {
    if (this.job.read.filter?.dedup !== undefined) return false;
    const { commitBytes } = this.disk;
    if (commitBytes !== undefined) return this.bytes >= commitBytes;
    return performance.now() - this.committedAt > Math.max(COMMIT_MS, COMMIT_TIMES * this.commitMs);
  }

  /** Counts a unit, or notes that its file is bad. */
  async take(unit: CountUnit): Promise<void> {
    try {
      await this.count(unit);
    } catch (error) {
      if (!this.disk.skipsBadFiles || !isOfFile(error)) throw error;
      await this.forget();
      this.begin(unit);
      this.units.push(unit);
      this.skipped.push({ file: this.job.shards[unit.shards[0]!]!.file, reason: error.message });
    }
  }

  commit(): void {
    if (this.units.length === 0) return;
    const began = performance.now();
    const output = this.counter.endBatch();
    const { invalid, digests, skipped } = this;
    const units = this.units.map(({ number }) => number);
    writeCommit(this.disk.folder, { units, ...output, invalid, digests, skipped });
    this.units = [];
    this.invalid = 0;
    this.digests = [];
    this.skipped = [];
    this.bytes = 0;
    this.committedAt = performance.now();
    this.commitMs = this.committedAt - began;
  }

  private begin(unit: CountUnit): void {
    if (this.units.length === 0) this.counter.beginBatch(String(unit.number));
  }

  private async count(unit: CountUnit): Promise<void> {
    this.begin(unit);
    const { files, shards } = this.job;
    let invalid = 0;
    const digests: Commit["digests"][number][] = [];
    const file = shards[unit.shards[0]!]!.file;
    const before = this.disk.skipsBadFiles ? stateOf(files[file]!) : "";
    for (const shard of unit.shards.map((index) => shards[index]!)) {
      this.counter.enterFile(shard.file);
      const worked = await workShard(this.counter.sink, files, shard, this.job.read);
      invalid += worked.invalid;
      for (const { start, digest } of worked.digests)
        digests.push([shard.file, start, Buffer.from(digest).toString("hex")]);
    }
    if (this.disk.skipsBadFiles && stateOf(files[file]!) !== before)
      throw new VocabError("file-changed", `${files[file]!.path} changed while it was read`);
    this.units.push(unit);
    this.invalid += invalid;
    this.digests.push(...digests);
  }

  // The tables hold a part of a bad file. All that is not committed is counted again without it, and committed at once, so
  // that nothing is counted more than twice.
  private async forget(): Promise<void> {
    const { units, skipped } = this;
    for (const name of this.counter.batchRuns.flatMap(namesOf))
      rmSync(join(this.disk.folder, name), { force: true });
    this.counter = new DiskCounter(this.job, this.disk.folder, this.disk.tableBytes);
    this.units = [];
    this.invalid = 0;
    this.digests = [];
    const bad = new Set(skipped.map(({ file }) => file));
    for (const unit of units)
      if (bad.has(this.job.shards[unit.shards[0]!]!.file)) {
        this.begin(unit);
        this.units.push(unit);
      } else await this.count(unit);
    this.commit();
  }
}

// Not of the disk that is written to, and no bug.
function isOfFile(error: unknown): error is VocabError {
  return error instanceof VocabError && error.kind === "input" && error.code !== "cannot-write";
}

function stateOf({ path, remote }: CorpusFile): string {
  // A file of a hub is that of its commit.
  if (remote !== undefined) return "";
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry === undefined)
    throw new VocabError("unreadable", `${path} cannot be read: it is no longer there`, {
      hint: "run again when nothing changes the files",
    });
  return `${entry.size} ${entry.mtimeMs}`;
}
