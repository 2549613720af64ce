// The folder of an unfinished count, `.counting` in the folder that the counts are for: what is counted, of which files and
// with which options. The same command finds it again and goes on.

import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import type { CorpusFile } from "../corpus/files.ts";
import { HASH_CHUNK_BYTES, type Shard } from "../corpus/shards.ts";
import { type Commit, damagedWork, readCommits } from "../counting/commits.ts";
import { cannotWrite } from "../counting/counts-parquet.ts";
import { hashRange } from "../counting/hash-range.ts";
import { VocabError } from "../errors.ts";
import { makeFolder } from "../io/make-folder.ts";
import { isRunning } from "../io/running-process.ts";
import { version } from "../version.ts";

/** What the counts are a function of, beside the files: by the name of the option that it comes from. */
export type CountingOptions = Readonly<Record<string, string | number | boolean>>;

interface StoredJob {
  /** Names the way in which a corpus is divided as well: /1 hashed compressed files in shards of their own. */
  readonly schema: typeof SCHEMA;
  readonly version: string;
  readonly options: CountingOptions;
  readonly files: readonly FileState[];
}

/** A file as it was when the count began. */
export interface FileState {
  readonly path: string;
  readonly size: number;
  /** In milliseconds; undefined for files that are not on a disk. */
  readonly modified?: number | undefined;
  /** When the system last changed contents or attributes, which no program can set: a copy may keep `modified`. */
  readonly changed?: number | undefined;
}

const SCHEMA = "vocab.counting/2";
const JOB_FILE = "job.json";
const LOCK_FILE = "lock";

/** @param folder of the counts */
export function workFolder(folder: string): string {
  return join(folder, ".counting");
}

/**
 * Begins a count in `work`, or goes on with the one that is there. Returns what is counted already.
 * @throws VocabError `count-running`, `other-count`, `input-changed`, `run-damaged`
 */
export async function enterWork(
  work: string,
  files: readonly CorpusFile[],
  options: CountingOptions,
  restarts: boolean,
): Promise<readonly Commit[]> {
  try {
    await makeFolder(work);
    await lock(work);
  } catch (error) {
    throw asCannotWrite(work, error);
  }
  try {
    return await resume(work, files, options, restarts);
  } catch (error) {
    await unlockWork(work);
    throw asCannotWrite(work, error);
  }
}

function asCannotWrite(work: string, error: unknown): unknown {
  return error instanceof VocabError ? error : cannotWrite(work, error);
}

async function resume(
  work: string,
  files: readonly CorpusFile[],
  options: CountingOptions,
  restarts: boolean,
): Promise<readonly Commit[]> {
  if (restarts) await clear(work);
  const job: StoredJob = {
    schema: SCHEMA,
    version,
    options,
    files: await Promise.all(files.map(stateOf)),
  };
  const text = await readFile(join(work, JOB_FILE), "utf8").catch(() => undefined);
  const commits = text === undefined ? [] : await readCommits(work);
  if (text !== undefined && commits.length > 0) await requireSame(work, parseJob(work, text), job, commits);
  else await clear(work);
  await writeFile(join(work, `${JOB_FILE}.new`), JSON.stringify(job));
  await rename(join(work, `${JOB_FILE}.new`), join(work, JOB_FILE));
  return commits;
}

/** Removes the folder: the count is finished, or nothing of it is worth keeping. */
export async function leaveWork(work: string): Promise<void> {
  // Without this file the rest is worth nothing, however much of it is left when the program is killed.
  await rm(join(work, JOB_FILE), { force: true });
  await rm(work, { recursive: true, force: true });
}

/** Lets another process go on with it. */
export async function unlockWork(work: string): Promise<void> {
  await rm(join(work, LOCK_FILE), { force: true });
}

/**
 * Looks whether the files are what they were when the count began.
 * @throws VocabError `file-changed`
 */
export async function requireUnchanged(
  files: readonly FileState[],
  skipped: ReadonlySet<string>,
): Promise<void> {
  for (const before of files) {
    if (before.modified === undefined || skipped.has(before.path)) continue;
    const now = await stat(before.path).catch(() => undefined);
    if (now?.size === before.size && now.mtimeMs === before.modified) continue;
    const what = now === undefined ? "was removed" : `changed (${before.size} bytes before, ${now.size} now)`;
    throw new VocabError("file-changed", `${before.path} ${what} while it was counted`, {
      hint: "--restart counts anew, when nothing writes to the files",
    });
  }
}

/** The states of files that are not skipped, as the work folder has them. */
export async function startedStates(work: string): Promise<readonly FileState[]> {
  return parseJob(work, await readFile(join(work, JOB_FILE), "utf8")).files;
}

async function stateOf({ path, size }: CorpusFile): Promise<FileState> {
  const entry = await stat(path).catch(() => undefined);
  return { path, size, modified: entry?.mtimeMs, changed: entry?.ctimeMs };
}

function parseJob(work: string, text: string): StoredJob {
  const path = join(work, JOB_FILE);
  try {
    const job = JSON.parse(text) as StoredJob;
    if (job.schema === SCHEMA) return job;
  } catch (cause) {
    throw damagedWork(path, "is damaged", cause);
  }
  throw otherCount(work, "of another version of vocab, which divides a corpus in another way");
}

async function requireSame(
  work: string,
  before: StoredJob,
  now: StoredJob,
  commits: readonly Commit[],
): Promise<void> {
  const facts = ({ version: of, options }: StoredJob): CountingOptions => ({
    "the version of vocab": of,
    ...options,
  });
  const [mine, theirs] = [facts(now), facts(before)];
  for (const [name, value] of Object.entries(mine))
    if (theirs[name] !== value)
      throw otherCount(work, `with other options: ${name} ${theirs[name]}, now ${value}`);
  const other = now.files.findIndex(({ path }, i) => path !== before.files[i]?.path);
  if (other >= 0 || now.files.length !== before.files.length)
    throw otherCount(
      work,
      `of other files: ${before.files.length} before, ${now.files.length} now${other < 0 ? "" : `, among them ${now.files[other]!.path}`}`,
    );
  for (const [i, file] of now.files.entries()) {
    const was = before.files[i]!;
    const isSameFile = file.modified === was.modified && file.changed === was.changed;
    if (file.size === was.size && (isSameFile || (await isSameText(file, i, commits)))) continue;
    const how = file.size === was.size ? "written again" : `${was.size} bytes then, ${file.size} bytes now`;
    throw new VocabError("input-changed", `${file.path} changed since its count began (${how})`, {
      hint: "--restart counts anew",
    });
  }
}

// A file that was only touched or copied: what is counted of it is compared by its hashes.
async function isSameText(
  { path, size }: FileState,
  index: number,
  commits: readonly Commit[],
): Promise<boolean> {
  const counted = commits.flatMap(({ digests }) => digests).filter(([file]) => file === index);
  if (counted.length < Math.max(1, Math.ceil(size / HASH_CHUNK_BYTES))) return false;
  return counted.every(([, start, sha256]) => {
    const end = Math.min(size, start + HASH_CHUNK_BYTES);
    return Buffer.from(hashRange(path, start, end)).toString("hex") === sha256;
  });
}

function otherCount(work: string, how: string): VocabError {
  return new VocabError("other-count", `${work} holds an unfinished count ${how}`, {
    hint: "the command that began it goes on with it; --restart counts anew",
  });
}

async function clear(work: string): Promise<void> {
  await leaveWork(work);
  await makeFolder(work);
  await lock(work);
}

async function lock(work: string): Promise<void> {
  const path = join(work, LOCK_FILE);
  const mine = `${process.pid} ${hostname()}`;
  const found = await readFile(path, "utf8").catch(() => undefined);
  const [pid = "", host = ""] = found?.split(" ") ?? [];
  if (found !== undefined && found !== mine && (host !== hostname() || isRunning(Number(pid))))
    throw new VocabError(
      "count-running",
      `another vocab count (process ${pid} on ${host}) is writing to ${work}`,
      {
        hint: `wait until it is done; if it no longer runs, delete ${path}`,
      },
    );
  await writeFile(path, mine);
}

/** Stored bytes of the shards that commits have. */
export function countedBytes(
  commits: readonly Commit[],
  units: readonly { readonly number: number; readonly shards: readonly number[] }[],
  shards: readonly Shard[],
): number {
  const done = new Set(commits.flatMap(({ units: numbers }) => numbers));
  return units
    .filter(({ number }) => done.has(number))
    .flatMap((unit) => unit.shards.map((index) => shards[index]!))
    .filter(({ task }) => task === "text")
    .reduce((sum, { start, end }) => sum + end - start, 0);
}
