// From globs to the files of a corpus, on this machine or on a hub: sorted, each once, each with its format.

import { constants } from "node:fs";
import { access, realpath, stat } from "node:fs/promises";
import fastGlob from "fast-glob";
import { VocabError } from "../errors.ts";
import { isHubPath } from "../io/hub-dataset-id.ts";
import type { HubOptions } from "../io/hub-request.ts";
import { listDataset, remoteName } from "../io/hub-tree.ts";
import type { Compression } from "../io/read-compressed.ts";
import type { RemoteSource } from "../io/stored-file.ts";

export type TextFormat = "txt" | "jsonl" | "wet" | "parquet" | "conllu";

export interface CorpusFile {
  /** The path as the user's glob gives it; of a file on a hub `hf://datasets/org/name@<commit>/path`. */
  readonly path: string;
  readonly format: TextFormat;
  /** How the whole file is compressed; parquet compresses its pages by itself. */
  readonly compression?: Compression | undefined;
  /** Bytes as stored. */
  readonly size: number;
  /** Where it lies, when that is a hub. */
  readonly remote?: RemoteSource | undefined;
}

const FORMATS: readonly (readonly [ending: string, format: TextFormat, compression?: Compression])[] = [
  [".txt", "txt"],
  [".txt.gz", "txt", "gzip"],
  [".txt.zst", "txt", "zstd"],
  [".txt.xz", "txt", "xz"],
  [".txt.bz2", "txt", "bzip2"],
  [".jsonl", "jsonl"],
  [".jsonl.gz", "jsonl", "gzip"],
  [".jsonl.zst", "jsonl", "zstd"],
  [".jsonl.xz", "jsonl", "xz"],
  [".jsonl.bz2", "jsonl", "bzip2"],
  [".json.gz", "jsonl", "gzip"],
  [".parquet", "parquet"],
  [".warc.wet", "wet"],
  [".warc.wet.gz", "wet", "gzip"],
  [".wet.gz", "wet", "gzip"],
  [".conllu", "conllu"],
  [".conllu.gz", "conllu", "gzip"],
];

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  ELOOP: "its symbolic links lead in a circle",
  ENOENT: "a symbolic link that leads nowhere, or the file was just removed",
};

/** ".txt", ".txt.gz", … */
export const CORPUS_ENDINGS: readonly string[] = FORMATS.map(([ending]) => ending);

/** For messages. */
const SUPPORTED_ENDINGS = CORPUS_ENDINGS.join(", ");

/** Whether the file says itself where its documents end, so that `--unit` has nothing to say. */
export function holdsRecords({ format }: CorpusFile): boolean {
  return format !== "txt";
}

/** "texts/fa.jsonl.gz" → "texts/fa" */
export function withoutEnding(path: string): string {
  const name = path.toLowerCase();
  const known = CORPUS_ENDINGS.filter((ending) => name.endsWith(ending));
  return path.slice(0, path.length - Math.max(0, ...known.map((ending) => ending.length)));
}

/**
 * The files that `globs` name, sorted by path. Symbolic links are followed to files, never into folders, and a file that
 * is reached by two names is taken once.
 * @param hub what a glob that begins with `hf://` is asked of; it is an error when there is none
 * @throws VocabError `no-match` (usage), `not-a-file`, `unsupported-format`, `unreadable`, `hub-…`
 */
export async function findCorpusFiles(globs: readonly string[], hub?: HubOptions): Promise<CorpusFile[]> {
  const remote = new Map<string, CorpusFile>();
  for (const glob of globs.filter(isHubPath))
    for (const file of await findRemoteFiles(glob, hub)) remote.set(file.path, file);
  const local = await findLocalFiles(globs.filter((glob) => !isHubPath(glob)));
  return [...local, ...remote.values()].sort((a, b) => byCodeUnits(a.path, b.path));
}

async function findLocalFiles(globs: readonly string[]): Promise<CorpusFile[]> {
  const paths = new Set<string>();
  for (const glob of globs) for (const path of await expandGlob(glob)) paths.add(path);
  const files: CorpusFile[] = [];
  const seen = new Set<string>();
  for (const path of [...paths].sort(byCodeUnits)) {
    const real = await realpath(path).catch(refuse(path));
    if (seen.has(real)) continue;
    seen.add(real);
    files.push(await describeFile(path));
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
async function expandGlob(glob: string): Promise<string[]> {
  if (await exists(glob)) return [glob];
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
    const entry = await stat(path).catch(refuse(path));
    if (entry.isFile()) files.push(path);
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

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (cause) {
    if (["ENOENT", "ENOTDIR", "ENAMETOOLONG"].includes((cause as NodeJS.ErrnoException).code ?? ""))
      return false;
    return refuse(path)(cause);
  }
}

function formatOf(path: string): Pick<CorpusFile, "format" | "compression"> | undefined {
  const name = path.toLowerCase();
  const known = FORMATS.find(([ending]) => name.endsWith(ending));
  return known === undefined ? undefined : { format: known[1], compression: known[2] };
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
    const why = REASONS[(cause as NodeJS.ErrnoException).code ?? ""] ?? (cause as Error).message;
    throw new VocabError("unreadable", `${path} cannot be read: ${why}`, {
      cause,
      hint: "check where it leads and its permissions, or leave it out of the glob",
    });
  };
}
