// The cache of a hub's files, laid out like that of Python's huggingface_hub so that both use each other's files:
//
//   models--org--name/refs/main                          the commit of a branch or tag
//   models--org--name/blobs/<hash>                       contents, by git's SHA-1 or by SHA-256 (large files)
//   models--org--name/snapshots/<commit>/tokenizer.json  → ../../blobs/<hash>
//   models--org--name/.no_exist/<commit>/tokenizer.model  empty: the commit has no such file

import { randomUUID } from "node:crypto";
import * as fs from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { VocabError } from "../errors.ts";
import { isCommit } from "./hub-id.ts";
import { makeFolder } from "./make-folder.ts";

/** A file of one commit, in the folder of its repository. */
export interface CachePlace {
  /** `<cache>/models--org--name` */
  readonly folder: string;
  readonly commit: string;
  readonly name: string;
}

const MISSING = ["ENOENT", "ENOTDIR", "ELOOP"];

export function repoFolder(cacheFolder: string, repo: string): string {
  return join(cacheFolder, ["models", ...repo.split("/")].join("--"));
}

/**
 * The commit that a branch or tag had when it was last asked for.
 * @throws VocabError `hub-cache`
 */
export async function cachedCommit(folder: string, revision: string): Promise<string | undefined> {
  const text = await orMissing(fs.readFile(join(folder, "refs", revision), "utf8"), folder);
  const commit = text?.trim();
  return commit !== undefined && isCommit(commit) ? commit : undefined;
}

/**
 * The path of a file in the cache.
 * @throws VocabError `hub-cache`, `hub-file-name`
 */
export async function cachedFile(place: CachePlace): Promise<string | undefined> {
  const path = snapshotPath(place);
  const entry = await orMissing(fs.stat(path), path);
  return entry?.isFile() === true ? path : undefined;
}

/** Whether the hub has said that the commit has no such file. */
export async function isKnownAbsent(place: CachePlace): Promise<boolean> {
  const path = absencePath(place);
  return (await orMissing(fs.stat(path), path)) !== undefined;
}

/** Notes that a commit has no such file. A cache that cannot be written to only costs a request next time. */
export async function rememberAbsent(place: CachePlace): Promise<void> {
  const path = absencePath(place);
  try {
    await makeFolder(dirname(path));
    await fs.writeFile(path, "");
  } catch {
    return;
  }
}

/** Notes the commit of a branch or tag for offline use; as above, a failure does not matter now. */
export async function rememberCommit(folder: string, revision: string, commit: string): Promise<void> {
  if (revision === commit) return;
  const path = join(folder, "refs", revision);
  try {
    if ((await fs.readFile(path, "utf8").catch(() => "")) === commit) return;
    await makeFolder(dirname(path));
    await throughTemporary(path, (temporary) => fs.writeFile(temporary, commit));
  } catch {
    return;
  }
}

/**
 * Gives a blob its name in a snapshot: by a relative link, or where the system has none (Windows) by a copy.
 * @param symlink for tests
 */
export async function placeInSnapshot(
  place: CachePlace,
  blob: string,
  symlink: (target: string, path: string) => Promise<void> = fs.symlink,
): Promise<string> {
  const path = snapshotPath(place);
  await makeFolder(dirname(path));
  await throughTemporary(path, async (temporary) => {
    try {
      await symlink(relative(dirname(path), blob), temporary);
    } catch {
      await fs.copyFile(blob, temporary);
    }
  });
  return path;
}

/** A name in the same folder that nobody else uses: other processes may be writing the same file. */
export function temporaryName(path: string, ending: string): string {
  return `${path}.${randomUUID().slice(0, 8)}.${ending}`;
}

/** @throws VocabError `hub-file-name` for a name that could lead out of the snapshot, on any system */
export function requireFileName(name: string): void {
  const isSafe = name
    .split("/")
    .every((part) => part !== "" && part !== "." && part !== ".." && !/[\p{Cc}\\:]/u.test(part));
  if (isSafe) return;
  throw new VocabError(
    "hub-file-name",
    `${JSON.stringify(name)} is no name of a file in a repository that vocab reads`,
  );
}

function snapshotPath({ folder, commit, name }: CachePlace): string {
  requireFileName(name);
  return join(folder, "snapshots", commit, ...name.split("/"));
}

function absencePath({ folder, commit, name }: CachePlace): string {
  requireFileName(name);
  return join(folder, ".no_exist", commit, ...name.split("/"));
}

// Readers see the old file or the new one, never half of one.
async function throughTemporary(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = temporaryName(path, "tmp");
  try {
    await write(temporary);
    await fs.rename(temporary, path);
  } finally {
    await fs.rm(temporary, { force: true });
  }
}

async function orMissing<T>(reading: Promise<T>, path: string): Promise<T | undefined> {
  try {
    return await reading;
  } catch (cause) {
    if (MISSING.includes((cause as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw new VocabError("hub-cache", `${path} cannot be read: ${(cause as Error).message}`, {
      cause,
      hint: "check its permissions, or set HF_HUB_CACHE to another folder",
    });
  }
}
