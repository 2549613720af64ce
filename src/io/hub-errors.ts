// What a hub's answers and silences mean to people: each refusal as one VocabError.

import { VocabError } from "../errors.ts";
import type { HubEnvironment } from "./hub-environment.ts";

/** What a request is about, for messages. */
export interface HubSubject {
  readonly repo: string;
  /** A branch, tag or commit. */
  readonly revision: string;
  /** The file that is asked for, where it is one. */
  readonly name?: string | undefined;
}

/** "org/name" → "hf:org/name", "datasets/org/name" → "hf://datasets/org/name": as they are typed. */
function shown(repo: string): string {
  return repo.startsWith("datasets/") ? `hf://${repo}` : `hf:${repo}`;
}

const OFFLINE_HINT = "HF_HUB_OFFLINE=1 uses what is in the cache";
const LONGEST_QUOTE = 200;

/** The error for a status that is no success. */
export function statusError(
  response: Response,
  subject: HubSubject,
  environment: HubEnvironment,
): VocabError {
  const { status, headers } = response;
  switch (headers.get("x-error-code")) {
    case "GatedRepo":
      return accessDenied(response, subject, environment);
    case "RepoNotFound":
      return repoNotFound(subject, environment);
    case "RevisionNotFound":
      return revisionNotFound(subject);
    case "EntryNotFound":
      return fileNotFound(subject, [subject.name ?? "such file"]);
  }
  // A storage server or a proxy before it says nothing about the repository.
  const isElsewhere =
    response.url !== "" && new URL(response.url).origin !== new URL(environment.endpoint).origin;
  if (isElsewhere && status < 500 && status !== 429)
    return invalidAnswer(subject, `${hostOf(response)} answered with status ${status}`);
  if (status === 401 || status === 403) return accessDenied(response, subject, environment);
  if (status === 404) return notFound(subject, environment);
  if (status === 429) return rateLimited(response, subject);
  if (status >= 500) return unavailable(response, subject);
  return invalidAnswer(subject, `${hostOf(response)} answered with status ${status}`);
}

/** How long the server asks to be left alone: `Retry-After`, in seconds or as a date, or the hub's `RateLimit`. */
export function retryAfterMs({ status, headers }: Response): number | undefined {
  const value = headers.get("retry-after")?.trim() ?? "";
  if (/^\d+$/.test(value)) return 1000 * Number(value);
  const date = Date.parse(value);
  if (!Number.isNaN(date)) return Math.max(0, date - Date.now());
  // "api";r=0;t=55 says that no requests are left for 55 s.
  const seconds = status === 429 ? /;\s*r=0;\s*t=(\d+)/.exec(headers.get("ratelimit") ?? "")?.[1] : undefined;
  return seconds === undefined ? undefined : 1000 * Number(seconds);
}

/** @param names the files that were looked for */
export function fileNotFound({ repo, revision }: HubSubject, names: readonly string[]): VocabError {
  return new VocabError("hub-file-not-found", `${shown(repo)}@${revision} has no ${names.join(", ")}`, {
    kind: "usage",
    hint: repo.startsWith("datasets/")
      ? `look at the files of the repository; a folder is named by a glob: ${names[0]}/**`
      : "look at the files of the repository; the tokenizer may be in another one or in another revision",
  });
}

export function unreachable(subject: HubSubject, environment: HubEnvironment, cause: unknown): VocabError {
  const what = subject.name === undefined ? "" : `, file ${subject.name}`;
  return new VocabError(
    "hub-unreachable",
    `${shown(subject.repo)}${what}: no connection to ${environment.endpoint}: ${reasonOf(cause)}`,
    { cause, hint: `check the network and HF_ENDPOINT; ${OFFLINE_HINT}` },
  );
}

/** For answers that no hub gives: a proxy's login page, a broken mirror, or somebody hostile. */
export function invalidAnswer({ repo }: HubSubject, why: string, cause?: unknown): VocabError {
  return new VocabError("hub-answer", `${shown(repo)}: not an answer of a hub: ${why}`, {
    cause,
    hint: "check HF_ENDPOINT, and whether a proxy answers in its place",
  });
}

/** @param names the files that were looked for; none when the commit of a branch is unknown */
export function notCached(
  { repo, revision }: HubSubject,
  names: readonly string[],
  { cacheFolder }: HubEnvironment,
): VocabError {
  const what = names.length === 0 ? `hf:${repo}@${revision}` : `hf:${repo}@${revision}, ${names.join(", ")},`;
  return new VocabError(
    "hub-offline",
    `${what} is not in the cache ${cacheFolder}, and HF_HUB_OFFLINE is set`,
    {
      hint: "run the command once without HF_HUB_OFFLINE, or copy the cache of a machine that has the file",
    },
  );
}

function accessDenied(response: Response, { repo }: HubSubject, environment: HubEnvironment): VocabError {
  const { token, endpoint } = environment;
  const said = response.headers.get("x-error-message");
  const quote = said === null ? "" : `; the hub says ${JSON.stringify(said.slice(0, LONGEST_QUOTE))}`;
  const who = token === undefined ? "no token was sent" : "the token that was sent is not enough";
  return new VocabError(
    "hub-access-denied",
    `access to ${shown(repo)} was denied (status ${response.status}): ${who}${quote}`,
    {
      hint: `accept the licence at ${endpoint}/${repo}, then set HF_TOKEN to a token of the same account (${endpoint}/settings/tokens)`,
    },
  );
}

function notFound(subject: HubSubject, environment: HubEnvironment): VocabError {
  if (subject.name !== undefined) return fileNotFound(subject, [subject.name]);
  return subject.revision === "main" ? repoNotFound(subject, environment) : revisionNotFound(subject);
}

// Without a token the hub does not tell a private repository from one that is not there.
function repoNotFound({ repo }: HubSubject, { endpoint, token }: HubEnvironment): VocabError {
  return new VocabError("hub-repo-not-found", `${endpoint} has no repository ${repo}, or it is private`, {
    kind: "usage",
    hint:
      token === undefined ? "check the name; for a private one set HF_TOKEN" : "check the name and HF_TOKEN",
  });
}

function revisionNotFound({ repo, revision }: HubSubject): VocabError {
  return new VocabError(
    "hub-revision-not-found",
    `${shown(repo)} has no revision ${JSON.stringify(revision)}`,
    {
      kind: "usage",
      hint: `a branch, a tag or a full commit hash; ${shown(repo)} alone is the branch main`,
    },
  );
}

function rateLimited(response: Response, { repo }: HubSubject): VocabError {
  const after = retryAfterMs(response);
  const wait = after === undefined ? "later" : `in ${Math.ceil(after / 1000)} s`;
  return new VocabError(
    "hub-rate-limited",
    `${shown(repo)}: ${hostOf(response)} allows no more requests for now (status 429)`,
    { hint: `try again ${wait}; HF_TOKEN raises the limit; ${OFFLINE_HINT}` },
  );
}

function unavailable(response: Response, { repo }: HubSubject): VocabError {
  return new VocabError(
    "hub-unavailable",
    `${shown(repo)}: ${hostOf(response)} does not work at the moment (status ${response.status})`,
    { hint: `try again later; ${OFFLINE_HINT}` },
  );
}

function hostOf(response: Response): string {
  return response.url === "" ? "the hub" : new URL(response.url).host;
}

// "fetch failed" hides what happened in its cause, which for two addresses of one host is an AggregateError.
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return reasonOf(error.cause);
  return error.message || (error as NodeJS.ErrnoException).code || error.name;
}
