// What is asked of a hub before a download: the commit of a branch, and size and hash of files at a commit. hub-tree.ts
// asks for the files of datasets.
// @huggingface/hub makes the requests' addresses and reads the answers; every request goes through hub-request.ts.

import { VocabError } from "../errors.ts";
import { type HubSubject, invalidAnswer } from "./hub-errors.ts";
import { isCommit } from "./hub-id.ts";
import { bodyChunks, type HubOptions, hubRequest } from "./hub-request.ts";

/** A file as the hub describes it. */
export interface RemoteFile {
  /** `org/name`, or `datasets/org/name`: what the address begins with. */
  readonly repo: string;
  readonly commit: string;
  readonly name: string;
  readonly size: number;
  /** SHA-256 of the contents (large files) or the SHA-1 that git gives them: the name of the blob. */
  readonly hash: string;
}

/** Answers about a commit or a dozen files have a few kB. */
const LARGEST_ANSWER_BYTES = 4 * 2 ** 20;
const MAX_FILE_BYTES = 2 * 2 ** 30;

/**
 * @param repo of a model, or `datasets/…`
 * @throws VocabError `hub-…`
 */
export async function askCommit(repo: string, revision: string, options: HubOptions): Promise<string> {
  const subject = { repo, revision };
  const { modelInfo, datasetInfo } = await import("@huggingface/hub");
  const name = repo.replace(/^datasets\//, "");
  const question = { name, revision, ...connection(subject, options) };
  const info = await understand<{ readonly sha?: unknown }>(
    name === repo
      ? modelInfo({ ...question, additionalFields: ["sha"] })
      : datasetInfo({ ...question, additionalFields: ["sha"] }),
    subject,
  );
  if (typeof info.sha === "string" && isCommit(info.sha)) return info.sha;
  throw invalidAnswer(subject, `${JSON.stringify(info.sha)?.slice(0, 100)} is no commit`);
}

/**
 * Those of `names` that exist at a commit.
 * @throws VocabError `hub-…`
 */
export async function askFiles(
  { repo, commit }: { readonly repo: string; readonly commit: string },
  names: readonly string[],
  options: HubOptions,
): Promise<RemoteFile[]> {
  if (names.length === 0) return [];
  const subject = { repo, revision: commit };
  const { pathsInfo } = await import("@huggingface/hub");
  const entries = await understand(
    pathsInfo({
      repo: { type: "model", name: repo },
      revision: commit,
      paths: [...names],
      ...connection(subject, options),
    }),
    subject,
  );
  const files: RemoteFile[] = [];
  for (const { path: name, type, oid, size, lfs } of entries) {
    // Paths become paths on this machine: only those asked for are taken.
    if (!names.includes(name)) throw invalidAnswer(subject, `${quote(name)} was not asked for`);
    if (type !== "file") continue;
    const file = soundFile({ repo, commit, name, size, oid, lfs });
    requireSmall(file, options);
    files.push(file);
  }
  return files;
}

/** A file as the hub lists it. */
interface ListedFile extends Pick<RemoteFile, "repo" | "commit" | "name" | "size"> {
  readonly oid?: string | undefined;
  readonly lfs?: { readonly oid: string; readonly size: number } | undefined;
}

/** @throws VocabError `hub-answer` for a hash or size that is none */
export function soundFile({ repo, commit, name, oid, lfs, ...listed }: ListedFile): RemoteFile {
  const file = { repo, commit, name, size: lfs?.size ?? listed.size, hash: lfs?.oid ?? oid ?? "" };
  const { size, hash } = file;
  const subject = { repo, revision: commit, name };
  // The hash becomes a name of a file.
  if (hash.length !== (lfs === undefined ? 40 : 64) || /[^0-9a-f]/.test(hash))
    throw invalidAnswer(subject, `${name} has the hash ${quote(hash)}`);
  if (!Number.isSafeInteger(size) || size < 0)
    throw invalidAnswer(subject, `${name} has the size ${quote(size)}`);
  return file;
}

function requireSmall({ repo, commit, name, size }: RemoteFile, options: HubOptions): void {
  const { maxFileBytes = MAX_FILE_BYTES } = options;
  if (size <= maxFileBytes) return;
  throw new VocabError(
    "hub-file-too-large",
    `hf:${repo}@${commit}/${name} has ${size} bytes; files above ${maxFileBytes} bytes are refused`,
    { hint: "no tokenizer is as large; download the file by other means and name its path" },
  );
}

/** Lets the package ask through hubRequest. */
export function connection(
  subject: HubSubject,
  options: HubOptions,
): { hubUrl: string; fetch: typeof fetch } {
  return {
    hubUrl: options.environment.endpoint,
    fetch: (url, init) =>
      hubRequest(
        {
          url: atEndpoint(String(url), options),
          subject,
          init: () => init ?? {},
          read: async (response) => {
            const body = await readAll(response, subject, options);
            // Says where the next page is.
            const link = response.headers.get("link");
            return new Response(body, link === null ? {} : { headers: { link } });
          },
        },
        options,
      ),
  };
}

// A mirror passes on the address of the next page as the hub has written it.
function atEndpoint(url: string, { environment: { endpoint } }: HubOptions): string {
  if (url.startsWith(`${endpoint}/`) || !URL.canParse(endpoint)) return url;
  const { pathname, search } = new URL(url);
  return endpoint + pathname + search;
}

async function readAll(response: Response, subject: HubSubject, options: HubOptions): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bodyChunks(response, options)) {
    size += chunk.length;
    if (size > LARGEST_ANSWER_BYTES)
      throw invalidAnswer(subject, `it is longer than ${LARGEST_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

// What the package throws of its own is about JSON that it did not expect.
export async function understand<T>(answer: Promise<T>, subject: HubSubject): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof TypeError || isMalformed(cause))
      throw invalidAnswer(subject, (cause as Error).message, cause);
    throw cause;
  }
}

function isMalformed(cause: unknown): boolean {
  return cause instanceof Error && cause.message.startsWith("malformed response");
}

function quote(value: unknown): string {
  return (JSON.stringify(value) ?? "undefined").slice(0, 100);
}
