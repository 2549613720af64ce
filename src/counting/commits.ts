// What is finished of a count that goes to the disk: commits, each a small file beside the runs that it lists. A commit is
// there or not, whenever the program was killed; runs that no commit lists are worth nothing.

import { renameSync, rmSync, writeFileSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { VocabError } from "../errors.ts";
import { cannotWrite } from "./counts-parquet.ts";
import type { FilterOutcome } from "./filter-rules.ts";

export interface Commit {
  /** Numbers of the units that are counted. */
  readonly units: readonly number[];
  readonly runs: readonly Run[];
  /** Of all documents, those held out among them. */
  readonly documents: number;
  readonly invalid: number;
  readonly heldOutDocuments: number;
  /** File, start of the chunk, SHA-256 in hexadecimal. */
  readonly digests: readonly (readonly [file: number, start: number, sha256: string])[];
  /** Where documents are left out. */
  readonly filtered?: FilterOutcome | undefined;
  /** Files of which nothing is counted, and why. */
  readonly skipped: readonly { readonly file: number; readonly reason: string }[];
}

/** Names of files in the folder; of nothing there is none. */
export interface Run {
  /** All segments; those above LONG_SEGMENT_BYTES of training documents only. */
  readonly all?: string | undefined;
  /** All segments of documents that are held out. */
  readonly heldOut?: string | undefined;
}

const COMMIT_NAME = /^commit-\d+\.json$/;
const RUN_NAME = /\.run$/;

/** @throws VocabError `cannot-write` */
export function writeCommit(folder: string, commit: Commit): void {
  const path = join(folder, `commit-${commit.units[0]}.json`);
  const temporary = `${path}.tmp`;
  try {
    writeFileSync(temporary, JSON.stringify(commit), { flush: true });
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw cannotWrite(path, cause);
  }
}

/**
 * The commits in a folder, by their first units. What no commit lists is removed.
 * @throws VocabError `run-damaged`
 */
export async function readCommits(folder: string): Promise<Commit[]> {
  const names = await readdir(folder);
  const commits: Commit[] = [];
  for (const name of names) if (COMMIT_NAME.test(name)) commits.push(await readCommit(join(folder, name)));
  const listed = new Set(commits.flatMap(({ runs }) => runs.flatMap(namesOf)));
  for (const name of names)
    if ((RUN_NAME.test(name) && !listed.has(name)) || name.endsWith(".tmp"))
      await rm(join(folder, name), { force: true });
  const missing = [...listed].find((name) => !names.includes(name));
  if (missing !== undefined) throw damagedWork(join(folder, missing), "is missing");
  return commits.sort((a, b) => a.units[0]! - b.units[0]!);
}

export function namesOf({ all, heldOut }: Run): string[] {
  return [all, heldOut].filter((name) => name !== undefined);
}

async function readCommit(path: string): Promise<Commit> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Commit;
  } catch (cause) {
    throw damagedWork(path, "is damaged", cause);
  }
}

export function damagedWork(path: string, what: string, cause?: unknown): VocabError {
  return new VocabError("run-damaged", `${path} ${what}: the unfinished count cannot go on`, {
    cause,
    hint: "--restart counts anew",
  });
}
