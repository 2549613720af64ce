// The names of repositories on a Hugging Face hub: `hf:org/name[@revision]`, as they are typed.

import { VocabError } from "../errors.ts";

export interface HubId {
  /** `org/name`, or `name` alone for the oldest repositories. */
  readonly repo: string;
  /** A branch, a tag, `refs/pr/1` or a commit. */
  readonly revision: string;
}

/** Letters, digits, `-`, `_`, `.`, not `-` or `.` at either end; the rules of Python's huggingface_hub. */
const NAME = /^(?=.{1,96}$)\w(?:[\w.-]*\w)?$/;
const COMMIT = /^[0-9a-f]{40}$/;
/** What git forbids in names of references (git check-ref-format); no such name can lead out of the cache's folder. */
const NOT_A_REVISION = /\.\.|\/\/|@\{|(?:^|\/)\.|^[/-]|[/.]$|\.lock(?:\/|$)|[\p{Cc} ~^:?*[\\]/u;

/**
 * @returns undefined when `id` does not begin with `hf:`
 * @throws VocabError `hub-id` (usage)
 */
export function parseHubId(id: string): HubId | undefined {
  if (!id.startsWith("hf:")) return undefined;
  const [, repo = "", at, revision = ""] = /^hf:([^@]*)(@?)(.*)$/s.exec(id) ?? [];
  if (!isRepo(repo)) throw malformed(id, "a repository is named `org/name`");
  if (at === "") return { repo, revision: "main" };
  if (revision === "") throw malformed(id, "no revision follows the @");
  if (COMMIT.test(revision.slice(0, 40)) && revision[40] === "/")
    throw malformed(id, "a file follows the commit; leave it out");
  if (revision.length > 200 || NOT_A_REVISION.test(revision))
    throw malformed(id, "git allows no such name for a revision");
  return { repo, revision };
}

/** Whether a revision is a full commit hash, which names the same files for ever. */
export function isCommit(revision: string): boolean {
  return COMMIT.test(revision);
}

function isRepo(repo: string): boolean {
  const names = repo.split("/");
  if (names.length > 2 || !names.every((name) => NAME.test(name))) return false;
  return !repo.includes("--") && !repo.includes("..") && !repo.endsWith(".git");
}

function malformed(id: string, why: string): VocabError {
  return new VocabError("hub-id", `${JSON.stringify(id)} is no repository of a hub: ${why}`, {
    kind: "usage",
    hint: "hf:org/name or hf:org/name@revision, such as hf:Qwen/Qwen3-0.6B@main",
  });
}
