// Brings a file of a hub into the cache: under a temporary name, onward after a broken connection, checked, renamed.

import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { VocabError } from "../errors.ts";
import type { RemoteFile } from "./hub-api.ts";
import { placeInSnapshot, repoFolder, temporaryName } from "./hub-cache.ts";
import { bodyChunks, ConnectionLost, discard, type HubOptions, hubRequest } from "./hub-request.ts";
import { makeFolder } from "./make-folder.ts";

/**
 * Puts `file` into the cache and returns its path in the snapshot. Contents that another commit has already brought
 * are used when they are sound.
 * @throws VocabError `hub-file-corrupt`, `hub-cache`, and those of hubRequest
 */
export async function download(file: RemoteFile, options: HubOptions): Promise<string> {
  const folder = repoFolder(options.environment.cacheFolder, file.repo);
  const blob = join(folder, "blobs", file.hash);
  try {
    if (!(await isSound(blob, file))) await fetchBlob(file, blob, options);
    return await placeInSnapshot({ folder, commit: file.commit, name: file.name }, blob);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).syscall === undefined) throw cause;
    throw new VocabError("hub-cache", `${folder} cannot be written to: ${(cause as Error).message}`, {
      cause,
      hint: "make room or set HF_HUB_CACHE to another folder",
    });
  }
}

async function isSound(blob: string, file: RemoteFile): Promise<boolean> {
  const entry = await stat(blob).catch(() => undefined);
  if (entry?.isFile() !== true) return false;
  const hash = newHash(file);
  for await (const chunk of createReadStream(blob)) hash.update(chunk as Buffer);
  return hash.digest("hex") === file.hash;
}

async function fetchBlob(file: RemoteFile, blob: string, options: HubOptions): Promise<void> {
  await makeFolder(dirname(blob));
  const temporary = temporaryName(blob, "incomplete");
  const handle = await open(temporary, "wx");
  try {
    const transfer = new Transfer(file, handle, options);
    await hubRequest(
      {
        url: addressOf(file, options),
        subject: { repo: file.repo, revision: file.commit, name: file.name },
        init: () => transfer.request(),
        read: (response) => transfer.read(response),
      },
      options,
    );
    transfer.requireComplete();
    // On the disk before it gets its name, so that no crash leaves a hole under it.
    await handle.sync();
    await handle.close();
    await rename(temporary, blob);
  } finally {
    await handle.close().catch(() => {});
    await rm(temporary, { force: true }).catch(() => {});
  }
}

/** What has arrived so far, over all attempts. */
class Transfer {
  private readonly file: RemoteFile;
  private readonly handle: FileHandle;
  private readonly options: HubOptions;
  private hash: Hash;
  private bytes = 0;
  /** Of the answer that the bytes are from; undefined when it had none that stands for exact bytes. */
  private etag: string | undefined;

  constructor(file: RemoteFile, handle: FileHandle, options: HubOptions) {
    this.file = file;
    this.handle = handle;
    this.options = options;
    this.hash = newHash(file);
  }

  /** Asks for what is missing where the server can say that it still has the same bytes, else for the whole file. */
  request(): RequestInit {
    // Ranges of a compressed answer would be ranges of other bytes.
    const headers: Record<string, string> = { "accept-encoding": "identity" };
    if (this.etag === undefined || this.bytes === 0) return { headers };
    return { headers: { ...headers, range: `bytes=${this.bytes}-`, "if-range": this.etag } };
  }

  async read(response: Response): Promise<void> {
    if (!this.goesOn(response)) await this.startAnew(response);
    for await (const chunk of bodyChunks(response, this.options)) {
      if (this.bytes + chunk.length > this.file.size)
        throw corrupt(this.file, `it goes on after the ${this.file.size} bytes that the hub gives it`);
      await this.write(chunk);
    }
  }

  requireComplete(): void {
    const { size, hash } = this.file;
    if (this.bytes !== size) throw corrupt(this.file, `it has ${this.bytes} bytes, expected ${size}`);
    const found = this.hash.digest("hex");
    if (found !== hash) throw corrupt(this.file, `its hash is ${found}, expected ${hash}`);
  }

  private goesOn(response: Response): boolean {
    const from = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1];
    return response.status === 206 && Number(from) === this.bytes && strongEtag(response) === this.etag;
  }

  // What lies in the temporary file is overwritten: a file never gets longer than its size.
  private async startAnew(response: Response): Promise<void> {
    this.bytes = 0;
    this.hash = newHash(this.file);
    this.etag = strongEtag(response);
    if (response.status === 200) return;
    // Part of a file that was not asked for, or a refusal of the range: the next attempt asks for all of it.
    this.etag = undefined;
    await discard(response);
    throw new ConnectionLost(`the server answered a part of the file (status ${response.status})`);
  }

  private async write(chunk: Uint8Array): Promise<void> {
    for (let done = 0; done < chunk.length; ) {
      const { bytesWritten } = await this.handle.write(chunk, done, chunk.length - done, this.bytes + done);
      done += bytesWritten;
    }
    this.hash.update(chunk);
    this.bytes += chunk.length;
    const { name, size } = this.file;
    this.options.onProgress?.({ name, bytes: this.bytes, totalBytes: size });
  }
}

/** Where the bytes of a file are asked for. */
export function addressOf({ repo, commit, name }: RemoteFile, { environment }: HubOptions): string {
  return `${environment.endpoint}/${repo}/resolve/${commit}/${name.split("/").map(encodeURIComponent).join("/")}`;
}

// Git hashes a file as "blob 12\0" and its bytes. SHA-256 is of the bytes alone.
export function newHash({ hash, size }: RemoteFile): Hash {
  return hash.length === 64 ? createHash("sha256") : createHash("sha1").update(`blob ${size}\0`);
}

// A weak tag (W/"…") promises the same meaning, not the same bytes.
export function strongEtag(response: Response): string | undefined {
  const etag = response.headers.get("etag");
  return etag?.startsWith('"') === true ? etag : undefined;
}

function corrupt({ repo, commit, name }: RemoteFile, why: string): VocabError {
  return new VocabError("hub-file-corrupt", `hf:${repo}@${commit}/${name} arrived damaged: ${why}`, {
    hint: "try again; if it stays so, the server of HF_ENDPOINT gives out another file",
  });
}
