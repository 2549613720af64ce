// The files of a dataset on a hub that a path or glob names, at one commit: what is asked before they are streamed.

import { VocabError } from "../errors.ts";
import { askCommit, connection, type RemoteFile, soundFile, understand } from "./hub-api.ts";
import { datasetFileName, parseDatasetPath } from "./hub-dataset-id.ts";
import { fileNotFound, type HubSubject, invalidAnswer } from "./hub-errors.ts";
import { isCommit } from "./hub-id.ts";
import type { HubOptions } from "./hub-request.ts";
import { globFolder, isPathGlob, pathMatcher } from "./path-glob.ts";

/** A hub that lists more sends no end of pages. The largest datasets have some 100,000 files. */
const MOST_FILES = 1_000_000;

/** The repository at one commit. */
interface Tree {
  readonly repo: string;
  readonly commit: string;
}

/**
 * The files that `text` names, sorted by path, empty where a glob matches none.
 * @param text "hf://datasets/org/name[@revision]/path-or-glob"
 * @throws VocabError `hub-…` (docs/hub.md)
 */
export async function listDataset(text: string, options: HubOptions): Promise<RemoteFile[]> {
  const asked = parseDatasetPath(text);
  const isMatch = matcherOf(asked.path, text);
  if (options.environment.offline) throw offline(text);
  const { repo, revision, path } = asked;
  const commit = isCommit(revision) ? revision : await askCommit(repo, revision, options);
  const folder = globFolder(path);
  const subject = { repo, revision, ...(folder === "" ? {} : { name: folder }) };
  const files = await filesUnder({ repo, commit }, folder, isMatch, subject, options);
  if (files.length === 0 && !isPathGlob(path)) throw fileNotFound({ repo, revision }, [path]);
  return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** How a file is named in messages and results. */
export function remoteName({ repo, commit, name }: RemoteFile): string {
  return datasetFileName(repo, commit, name);
}

function matcherOf(path: string, text: string): (path: string) => boolean {
  if (!isPathGlob(path)) return (name) => name === path;
  const matcher = pathMatcher(path);
  if (matcher !== undefined) return matcher;
  throw new VocabError("hub-id", `${JSON.stringify(text)}: ${path} is no glob`, {
    kind: "usage",
    hint: "*, **, ?, [a-f] and {fa,ckb} are known; every bracket has to close",
  });
}

async function filesUnder(
  tree: Tree,
  folder: string,
  isMatch: (path: string) => boolean,
  subject: HubSubject,
  options: HubOptions,
): Promise<RemoteFile[]> {
  const files: RemoteFile[] = [];
  let listed = 0;
  const { listFiles } = await import("@huggingface/hub");
  const entries = listFiles({
    repo: { type: "dataset", name: tree.repo.replace(/^datasets\//, "") },
    revision: tree.commit,
    recursive: true,
    path: folder.split("/").map(encodeURIComponent).join("/"),
    ...connection(subject, options),
  });
  await understand(
    (async () => {
      for await (const { type, path: name, oid, size, lfs } of entries) {
        if (++listed > MOST_FILES) throw invalidAnswer(subject, `more than ${MOST_FILES} files`);
        if (type === "file" && isMatch(name)) files.push(soundFile({ ...tree, name, size, oid, lfs }));
      }
    })(),
    subject,
  );
  return files;
}

function offline(text: string): VocabError {
  return new VocabError("hub-offline", `${text}: datasets are read from the hub, and HF_HUB_OFFLINE is set`, {
    hint: "unset it; or download the files (`hf download --repo-type dataset`) and name their paths",
  });
}
