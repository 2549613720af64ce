// The names of files of a dataset on a Hugging Face hub, as they are typed and as results name them:
// `hf://datasets/org/name[@revision]/path/or/glob`.

import { VocabError } from "../errors.ts";
import { parseHubId } from "./hub-id.ts";

export interface DatasetPath {
  /** `datasets/org/name`: how the addresses of a hub begin. */
  readonly repo: string;
  /** A branch, a tag, `refs/convert/parquet` or a commit. */
  readonly revision: string;
  /** Of a file, or a glob, within the repository. */
  readonly path: string;
}

const PREFIX = "hf://";
/** What of a revision may hold a slash without being spelt `%2F`: the rule of Python's HfFileSystem. */
const SPECIAL_REVISION = /^refs\/(?:convert\/\w+|pr\/\d+)(?=\/)/;

export function isHubPath(glob: string): boolean {
  return glob.startsWith(PREFIX);
}

/**
 * "hf://datasets/org/name@v1/data/*.parquet" → {repo: "datasets/org/name", revision: "v1", path: "data/*.parquet"}
 * @throws VocabError `hub-id` (usage)
 */
export function parseDatasetPath(text: string): DatasetPath {
  const [, org, rest] = /^hf:\/\/datasets\/([^/@]+)\/(.+)$/s.exec(text) ?? [];
  if (org === undefined) throw malformed(text, "it does not begin with hf://datasets/org/name");
  const [, name = "", at, behind = ""] = /^([^/@]*)(@?)(.*)$/s.exec(rest!)!;
  const special = at === "" ? undefined : SPECIAL_REVISION.exec(behind)?.[0];
  const slash = special?.length ?? behind.indexOf("/");
  if (slash < 0 || slash === behind.length - 1) throw malformed(text, "no path of a file follows");
  const revision = special ?? decode(behind.slice(0, slash), text);
  // The rules for the names are those of models.
  const { repo } = parseHubId(`hf:${org}/${name}${at === "" ? "" : `@${revision}`}`)!;
  return {
    repo: `datasets/${repo}`,
    revision: at === "" ? "main" : revision,
    path: behind.slice(slash + 1),
  };
}

/** How results and messages name a file: with the commit, whatever was typed. */
export function datasetFileName(repo: string, commit: string, path: string): string {
  return `${PREFIX}${repo}@${commit}/${path}`;
}

function decode(revision: string, text: string): string {
  try {
    return decodeURIComponent(revision);
  } catch {
    throw malformed(text, "the revision has a % that begins no code");
  }
}

function malformed(text: string, why: string): VocabError {
  return new VocabError("hub-id", `${JSON.stringify(text)} names no file of a dataset: ${why}`, {
    kind: "usage",
    hint: "hf://datasets/org/name/PATH or hf://datasets/org/name@revision/PATH, where PATH may be a glob such as 'data/*.parquet'",
  });
}
