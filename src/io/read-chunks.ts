// Reads files piece by piece: a byte range of a plain file, or a whole gzip file decompressed.

import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { createGunzip } from "node:zlib";
import { VocabError } from "../errors.ts";

/** Measured: larger pieces leave the second-level cache, smaller ones cost calls. */
export const CHUNK_BYTES = 256 * 1024;

/** Where a piece should be put: returns room for at least `size` bytes. */
export type Reserve = (size: number) => Uint8Array;

/**
 * Gets a piece: `size` bytes were written to what `Reserve` returned; its first byte lies at `offset` of the (decompressed)
 * file. Returning false ends the reading.
 */
export type Take = (size: number, offset: number) => boolean;

/** Told how many stored bytes were read, for progress. */
export type OnBytes = (bytes: number) => void;

/**
 * Reads `[start, end)` of a file straight into the caller's buffer; `end` may lie behind the end of the file. Synchronous
 * reads are the fastest way in a worker that has nothing else to do.
 * @throws VocabError `unreadable`
 */
export function readRange(
  path: string,
  start: number,
  end: number,
  reserve: Reserve,
  take: Take,
  onBytes: OnBytes = () => {},
): void {
  const descriptor = openFile(path);
  try {
    for (let at = start; at < end; ) {
      const wanted = Math.min(CHUNK_BYTES, end - at);
      const size = readSync(descriptor, reserve(wanted), 0, wanted, at);
      onBytes(size);
      if (size === 0 || !take(size, at)) return;
      at += size;
    }
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Decompresses a gzip file (of one member or several) into the caller's buffer.
 * @throws VocabError `corrupt-gzip` when it is cut off or damaged
 */
export async function readGzip(
  path: string,
  reserve: Reserve,
  take: Take,
  onBytes: OnBytes = () => {},
): Promise<void> {
  const source = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  source.on("error", (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  let offset = 0;
  let stored = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      onBytes(source.bytesRead - stored);
      stored = source.bytesRead;
      reserve(chunk.length).set(chunk);
      if (!take(chunk.length, offset)) return;
      offset += chunk.length;
    }
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (!code?.startsWith("Z_")) throw cause;
    const what = code === "Z_BUF_ERROR" ? "ends in the middle: it is cut off" : `is damaged (${message})`;
    throw new VocabError("corrupt-gzip", `${path}: the gzip data ${what}`, {
      cause,
      hint: "fetch or compress the file again; `gzip -t` checks it",
    });
  } finally {
    source.destroy();
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, "r");
  } catch (cause) {
    throw new VocabError("unreadable", `${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
