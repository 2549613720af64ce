// What is asked of a hub before a download: the commit of a branch, and size and hash of files at a commit.
// @huggingface/hub makes the requests' addresses and reads the answers; every request goes through hub-request.ts.

import { VocabError } from "../errors.ts";
import { type HubSubject, invalidAnswer } from "./hub-errors.ts";
import { isCommit } from "./hub-id.ts";
import { bodyChunks, type HubOptions, hubRequest } from "./hub-request.ts";

/** A file as the hub describes it. */
export interface RemoteFile {
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

/** @throws VocabError `hub-…` */
export async function askCommit(repo: string, revision: string, options: HubOptions): Promise<string> {
  const subject = { repo, revision };
  const { modelInfo } = await import("@huggingface/hub");
  const info = await understand(
    modelInfo({ name: repo, revision, additionalFields: ["sha"], ...connection(subject, options) }),
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
    const file = { repo, commit, name, size: lfs?.size ?? size, hash: lfs?.oid ?? oid ?? "" };
    requireSound(file, lfs === undefined ? 40 : 64, options);
    files.push(file);
  }
  return files;
}

function requireSound(file: RemoteFile, hexDigits: number, options: HubOptions): void {
  const { repo, commit, name, size, hash } = file;
  const subject = { repo, revision: commit, name };
  // The hash becomes a name of a file.
  if (hash.length !== hexDigits || /[^0-9a-f]/.test(hash))
    throw invalidAnswer(subject, `${name} has the hash ${quote(hash)}`);
  if (!Number.isSafeInteger(size) || size < 0)
    throw invalidAnswer(subject, `${name} has the size ${quote(size)}`);
  const { maxFileBytes = MAX_FILE_BYTES } = options;
  if (size <= maxFileBytes) return;
  throw new VocabError(
    "hub-file-too-large",
    `hf:${repo}@${commit}/${name} has ${size} bytes; files above ${maxFileBytes} bytes are refused`,
    { hint: "no tokenizer is as large; download the file by other means and name its path" },
  );
}

function connection(subject: HubSubject, options: HubOptions): { hubUrl: string; fetch: typeof fetch } {
  return {
    hubUrl: options.environment.endpoint,
    fetch: (url, init) =>
      hubRequest(
        {
          url: String(url),
          subject,
          init: () => init ?? {},
          read: async (response) => new Response(await readAll(response, subject, options)),
        },
        options,
      ),
  };
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
async function understand<T>(answer: Promise<T>, subject: HubSubject): Promise<T> {
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
