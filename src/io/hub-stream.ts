// The bytes of a file of a hub as they come, a range of them or all: onward after a broken connection, checked, not stored.

import type { Hash } from "node:crypto";
import { VocabError } from "../errors.ts";
import type { RemoteFile } from "./hub-api.ts";
import { addressOf, newHash, strongEtag } from "./hub-download.ts";
import { unreachable } from "./hub-errors.ts";
import { bodyChunks, ConnectionLost, discard, type HubOptions, hubRequest, sleepFor } from "./hub-request.ts";
import { remoteName } from "./hub-tree.ts";

/** Broken connections one behind the other, none of which brought a byte. */
const MOST_LOSSES = 5;
const LONGEST_WAIT_MS = 8_000;

/**
 * The bytes `[start, end)`. Of a whole file the hash is compared as well, when its last byte has been handed out.
 * @throws VocabError `hub-file-corrupt`, `hub-no-ranges`, and those of hubRequest
 */
export async function* hubBytes(
  file: RemoteFile,
  start: number,
  end: number,
  options: HubOptions,
): AsyncGenerator<Uint8Array> {
  const transfer = new Transfer(file, start, end, options);
  let losses = 0;
  while (!transfer.isDone) {
    const before = transfer.at;
    try {
      yield* transfer.next();
    } catch (cause) {
      if (!(cause instanceof ConnectionLost)) throw cause;
      losses = transfer.at > before ? 1 : losses + 1;
      if (losses > MOST_LOSSES) throw unreachable(transfer.subject, options.environment, cause);
      const { sleep = sleepFor, signal } = options;
      await sleep(Math.min(1000 * 2 ** (losses - 1), LONGEST_WAIT_MS), signal);
    }
  }
  transfer.requireHash();
}

class Transfer {
  /** Where the next byte lies in the file. */
  at: number;
  readonly subject: { readonly repo: string; readonly revision: string; readonly name: string };
  private readonly file: RemoteFile;
  private readonly end: number;
  private readonly options: HubOptions;
  /** Where all of the file is read. */
  private readonly hash: Hash | undefined;
  private etag: string | undefined;

  constructor(file: RemoteFile, start: number, end: number, options: HubOptions) {
    this.file = file;
    this.at = start;
    this.end = Math.min(end, file.size);
    this.options = options;
    this.subject = { repo: file.repo, revision: file.commit, name: file.name };
    this.hash = start === 0 && this.end === file.size ? newHash(file) : undefined;
  }

  get isDone(): boolean {
    return this.at >= this.end;
  }

  /** The bytes of one answer. @throws ConnectionLost */
  async *next(): AsyncGenerator<Uint8Array> {
    const response = await hubRequest(
      {
        url: addressOf(this.file, this.options),
        subject: this.subject,
        init: () => this.request(),
        read: async (answer) => answer,
      },
      this.options,
    );
    await this.requireSame(response);
    for await (const chunk of bodyChunks(response, this.options)) {
      const wanted = chunk.subarray(0, this.end - this.at);
      // A server that sends all of a file is only heard until the range has come.
      if (wanted.length < chunk.length && (response.status === 206 || this.end === this.file.size))
        throw this.corrupt("the server sends more than was asked for");
      this.hash?.update(wanted);
      this.at += wanted.length;
      yield wanted;
      if (this.isDone && response.status === 200 && this.end < this.file.size) return;
    }
    if (!this.isDone) throw new ConnectionLost(`the answer ended at byte ${this.at}`);
  }

  requireHash(): void {
    const found = this.hash?.digest("hex") ?? this.file.hash;
    if (found !== this.file.hash) throw this.corrupt(`its hash is ${found}, expected ${this.file.hash}`);
  }

  private request(): RequestInit {
    // Ranges of a compressed answer would be ranges of other bytes.
    const headers: Record<string, string> = { "accept-encoding": "identity" };
    if (this.at > 0 || this.end < this.file.size) headers["range"] = `bytes=${this.at}-${this.end - 1}`;
    return { headers };
  }

  private async requireSame(response: Response): Promise<void> {
    const wrong = this.difference(response);
    this.etag ??= strongEtag(response);
    if (wrong === undefined) return;
    await discard(response);
    throw wrong;
  }

  // Whether the answer is about other bytes than those that were asked for.
  private difference(response: Response): VocabError | undefined {
    const { status, headers } = response;
    const [, from, total] =
      /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(headers.get("content-range") ?? "") ?? [];
    const size = status === 200 ? (headers.get("content-length") ?? "*") : (total ?? "*");
    const isEncoded = !["identity", null].includes(headers.get("content-encoding"));
    if (size !== "*" && Number(size) !== this.file.size && !isEncoded)
      return this.corrupt(`it has ${size} bytes, expected ${this.file.size}`);
    const etag = strongEtag(response);
    if (this.etag !== undefined && etag !== undefined && etag !== this.etag)
      return this.corrupt("its contents changed while it was read");
    if (status === 206 && Number(from) === this.at) return undefined;
    if (status === 200 && this.at === 0) return undefined;
    return new VocabError(
      "hub-no-ranges",
      `${remoteName(this.file)}: the server does not send the part from byte ${this.at} on (status ${status})`,
      { hint: "set HF_ENDPOINT to a hub that sends ranges, or download the file and name its path" },
    );
  }

  private corrupt(why: string): VocabError {
    return new VocabError("hub-file-corrupt", `${remoteName(this.file)} arrived damaged: ${why}`, {
      hint: "try again; if it stays so, the server of HF_ENDPOINT gives out another file",
    });
  }
}
