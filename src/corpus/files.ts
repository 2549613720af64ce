// From globs to the files of a corpus, on this machine or on a hub: sorted, each once, each with its format.

import { constants } from "node:fs";
import { access, lstat, realpath, stat } from "node:fs/promises";
import fastGlob from "fast-glob";
import { VocabError } from "../errors.ts";
import { isHubPath } from "../io/hub-dataset-id.ts";
import type { HubOptions } from "../io/hub-request.ts";
import { listDataset, remoteName } from "../io/hub-tree.ts";
import type { RemoteSource } from "../io/stored-file.ts";
import { requireNoPointer } from "./lfs-pointer.ts";
import { formatOf, type StoredFormat, SUPPORTED_ENDINGS } from "./text-formats.ts";

export interface CorpusFile extends StoredFormat {
  /** The path as the user's glob gives it; of a file on a hub `hf://datasets/org/name@<commit>/path`. */
  readonly path: string;
  /** Bytes as stored. */
  readonly size: number;
  /** Where it lies, when that is a hub. */
  readonly remote?: RemoteSource | undefined;
}

export interface UnreadableFile {
  readonly path: string;
  readonly reason: string;
}

type OnUnreadable = (file: UnreadableFile) => void;

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  ELOOP: "its symbolic links lead in a circle",
  ENOENT: "a symbolic link that leads nowhere, or the file was just removed",
};

/** Whether the file says itself where its documents end, so that `--unit` has nothing to say. */
export function holdsRecords({ format }: CorpusFile): boolean {
  return format !== "txt";
}

/**
 * The files that `globs` name, sorted by path. Symbolic links are followed to files, never into folders, and a file that
 * is reached by two names is taken once.
 * @param hub what a glob that begins with `hf://` is asked of; it is an error when there is none
 * @param onUnreadable is told what cannot be read, in the order of the paths; where nobody is told it is an error
 * @throws VocabError `no-match` (usage), `not-a-file`, `unsupported-format`, `unreadable`, `git-lfs-pointer`, `hub-…`
 */
export async function findCorpusFiles(
  globs: readonly string[],
  hub?: HubOptions,
  onUnreadable?: OnUnreadable,
): Promise<CorpusFile[]> {
  const remote = new Map<string, CorpusFile>();
  for (const glob of globs.filter(isHubPath))
    for (const file of await findRemoteFiles(glob, hub)) remote.set(file.path, file);
  const local = await findLocalFiles(
    globs.filter((glob) => !isHubPath(glob)),
    onUnreadable,
  );
  return [...local, ...remote.values()].sort((a, b) => byCodeUnits(a.path, b.path));
}

async function findLocalFiles(
  globs: readonly string[],
  onUnreadable: OnUnreadable | undefined,
): Promise<CorpusFile[]> {
  const paths = new Set<string>();
  for (const glob of globs)
    for (const path of await expandGlob(glob, onUnreadable !== undefined)) paths.add(path);
  const files: CorpusFile[] = [];
  const seen = new Set<string>();
  for (const path of [...paths].sort(byCodeUnits)) {
    try {
      const real = await realpath(path).catch(refuse(path));
      if (seen.has(real)) continue;
      seen.add(real);
      files.push(await describeFile(path));
    } catch (error) {
      if (onUnreadable === undefined || !(error instanceof VocabError) || error.kind !== "input") throw error;
      onUnreadable({ path, reason: error.message });
    }
  }
  return files;
}

async function findRemoteFiles(glob: string, hub: HubOptions | undefined): Promise<CorpusFile[]> {
  if (hub === undefined)
    throw new VocabError("hub-files", `${glob}: no hub is given to ask`, {
      kind: "usage",
      hint: "in a program: the option hub: { environment: hubEnvironment(process.env) }",
    });
  const { environment } = hub;
  const listed = await listDataset(glob, hub);
  const files = listed.flatMap((file): CorpusFile[] => {
    const format = formatOf(file.name);
    if (format === undefined) return [];
    return [{ path: remoteName(file), ...format, size: file.size, remote: { file, environment } }];
  });
  if (files.length > 0) return files;
  if (listed.length === 1) throw unknownFormat(glob);
  throw noMatch(glob, listed.length > 0);
}

/** Order of UTF-16 units, which no locale changes. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

// A path that exists is taken as it is, whatever glob characters its name has.
async function expandGlob(glob: string, takesDeadLinks: boolean): Promise<string[]> {
  if (await exists(glob, takesDeadLinks)) return [glob];
  if (glob === "" || !fastGlob.isDynamicPattern(glob)) {
    throw new VocabError("no-match", `no such file: ${glob || '""'}`, {
      kind: "usage",
      hint: "check the path; globs such as 'corpus/**/*.txt.gz' need quotes",
    });
  }
  const paths = await fastGlob(glob, {
    followSymbolicLinks: false,
    onlyFiles: false,
    stats: false,
    dot: false,
  });
  const files: string[] = [];
  for (const path of paths) {
    if (formatOf(path) === undefined) continue;
    const entry = await stat(path).catch(() => undefined);
    // What cannot be read is told apart when its turn comes.
    if (entry === undefined || entry.isFile()) files.push(path);
  }
  if (files.length === 0) throw noMatch(glob, paths.length > 0);
  return files;
}

/** @param hasOthers whether files of other formats match */
function noMatch(glob: string, hasOthers: boolean): VocabError {
  const ignored = hasOthers ? ` with an ending of ${SUPPORTED_ENDINGS}` : "";
  return new VocabError("no-match", `no file${ignored} matches ${glob}`, {
    kind: "usage",
    hint: "quote the glob so that the shell leaves it alone",
  });
}

async function exists(path: string, isDeadLinkToo: boolean): Promise<boolean> {
  try {
    await (isDeadLinkToo ? lstat(path) : stat(path));
    return true;
  } catch (cause) {
    if (["ENOENT", "ENOTDIR", "ENAMETOOLONG"].includes((cause as NodeJS.ErrnoException).code ?? ""))
      return false;
    return refuse(path)(cause);
  }
}

async function describeFile(path: string): Promise<CorpusFile> {
  const entry = await stat(path).catch(refuse(path));
  if (entry.isDirectory()) {
    throw new VocabError("not-a-file", `${path} is a folder`, {
      kind: "usage",
      hint: `name its files: '${path.replace(/\/$/, "")}/**/*.txt'`,
    });
  }
  if (!entry.isFile()) throw new VocabError("not-a-file", `${path} is not a regular file`, { kind: "usage" });
  const format = formatOf(path);
  if (format === undefined) throw unknownFormat(path);
  await access(path, constants.R_OK).catch(refuse(path));
  await requireNoPointer(path, entry.size).catch(refuse(path));
  return { path, ...format, size: entry.size };
}

function unknownFormat(path: string): VocabError {
  return new VocabError("unsupported-format", `${path}: unknown format`, {
    kind: "usage",
    hint: `supported endings: ${SUPPORTED_ENDINGS}`,
  });
}

function refuse(path: string): (cause: unknown) => never {
  return (cause) => {
    if (cause instanceof VocabError) throw cause;
    const why = REASONS[(cause as NodeJS.ErrnoException).code ?? ""] ?? (cause as Error).message;
    throw new VocabError("unreadable", `${path} cannot be read: ${why}`, {
      cause,
      hint: "check where it leads and its permissions, or leave it out of the glob",
    });
  };
}
