// From `hf:org/name[@revision]` to files on this machine, each of a stated commit: out of the cache, else from the hub.

import { VocabError } from "../errors.ts";
import { askCommit, askFiles } from "./hub-api.ts";
import {
  cachedCommit,
  cachedFile,
  isKnownAbsent,
  rememberAbsent,
  rememberCommit,
  repoFolder,
} from "./hub-cache.ts";
import { download } from "./hub-download.ts";
import { fileNotFound, notCached } from "./hub-errors.ts";
import { type HubId, isCommit, parseHubId } from "./hub-id.ts";
import type { HubOptions } from "./hub-request.ts";

export interface HubFile {
  /** On this machine. */
  readonly path: string;
  readonly repo: string;
  /** The full hash, whatever revision was asked for. */
  readonly commit: string;
  /** Within the repository. */
  readonly name: string;
}

type CacheState = HubFile | "absent" | "unknown";

/**
 * The first of `candidates`, in order of preference, that the repository has at the revision. A full commit whose file
 * is in the cache needs no network, a branch or tag one question for its commit.
 * @throws VocabError `hub-…` (docs/hub.md); the signal's reason when it is aborted
 */
export async function hubFile(
  id: string,
  candidates: readonly string[],
  options: HubOptions,
): Promise<HubFile> {
  const { repo, revision } = requireHubId(id);
  const { environment } = options;
  const commit = await commitOf({ repo, revision }, options);
  const file = await firstFile({ repo, commit }, candidates, options);
  if (file === undefined && environment.offline) throw notCached({ repo, revision }, candidates, environment);
  if (file === undefined) throw fileNotFound({ repo, revision }, candidates);
  // Only now: the old commit of a branch stays usable offline until a file of the new one is there.
  await rememberCommit(repoFolder(environment.cacheFolder, repo), revision, commit);
  return file;
}

/**
 * Those of `names` that stand beside `file` at the same commit; what the repository does not have is left out, and so is
 * what is not in the cache when offline.
 * @throws as hubFile
 */
export async function furtherHubFiles(
  { repo, commit }: HubFile,
  names: readonly string[],
  options: HubOptions,
): Promise<HubFile[]> {
  const states = await cacheStates({ repo, commit }, names, options);
  const remote = await remoteFiles({ repo, commit }, unknown(states), options);
  const files: HubFile[] = [];
  for (const [name, state] of states) {
    if (typeof state === "object") files.push(state);
    else if (remote.has(name)) files.push(await remote.get(name)!());
  }
  return files;
}

/** How results name the file: `hf:org/name@<commit>/tokenizer.json`. */
export function hubSource({ repo, commit, name }: HubFile): string {
  return `hf:${repo}@${commit}/${name}`;
}

function requireHubId(id: string): HubId {
  const parsed = parseHubId(id);
  if (parsed !== undefined) return parsed;
  throw new VocabError("hub-id", `${JSON.stringify(id)} does not begin with hf:`, {
    kind: "usage",
    hint: "hf:org/name or hf:org/name@revision",
  });
}

async function commitOf({ repo, revision }: HubId, options: HubOptions): Promise<string> {
  if (isCommit(revision)) return revision;
  const { environment } = options;
  if (!environment.offline) return askCommit(repo, revision, options);
  const commit = await cachedCommit(repoFolder(environment.cacheFolder, repo), revision);
  if (commit === undefined) throw notCached({ repo, revision }, [], environment);
  return commit;
}

// A cached file is only the first one when the hub does not have those before it.
async function firstFile(
  at: { readonly repo: string; readonly commit: string },
  candidates: readonly string[],
  options: HubOptions,
): Promise<HubFile | undefined> {
  const states = [...(await cacheStates(at, candidates, options))];
  const firstCached = states.findIndex(([, state]) => typeof state === "object");
  const before = firstCached < 0 ? states : states.slice(0, firstCached);
  const remote = await remoteFiles(at, unknown(new Map(before)), options);
  const [fetchFirst] = remote.values();
  if (fetchFirst !== undefined) return fetchFirst();
  const state = states[firstCached]?.[1];
  return typeof state === "object" ? state : undefined;
}

async function cacheStates(
  { repo, commit }: { readonly repo: string; readonly commit: string },
  names: readonly string[],
  { environment }: HubOptions,
): Promise<Map<string, CacheState>> {
  const folder = repoFolder(environment.cacheFolder, repo);
  const states = new Map<string, CacheState>();
  for (const name of names) {
    const place = { folder, commit, name };
    const path = await cachedFile(place);
    if (path !== undefined) states.set(name, { path, repo, commit, name });
    else states.set(name, (await isKnownAbsent(place)) ? "absent" : "unknown");
  }
  return states;
}

function unknown(states: ReadonlyMap<string, CacheState>): string[] {
  return [...states].filter(([, state]) => state === "unknown").map(([name]) => name);
}

/** Those of `names` that the hub has, in this order, as downloads to call. */
async function remoteFiles(
  at: { readonly repo: string; readonly commit: string },
  names: readonly string[],
  options: HubOptions,
): Promise<Map<string, () => Promise<HubFile>>> {
  const { offline, cacheFolder } = options.environment;
  if (offline) return new Map();
  const found = new Map((await askFiles(at, names, options)).map((file) => [file.name, file]));
  const downloads = new Map<string, () => Promise<HubFile>>();
  for (const name of names) {
    const file = found.get(name);
    if (file === undefined)
      await rememberAbsent({ folder: repoFolder(cacheFolder, at.repo), commit: at.commit, name });
    else downloads.set(name, async () => ({ ...at, name, path: await download(file, options) }));
  }
  return downloads;
}
