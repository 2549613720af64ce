// Reads files piece by piece: a byte range of a plain file, or a whole gzip file decompressed. read-compressed.ts knows the
// other ways in which a file may be compressed.

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
      const size = readPiece(path, descriptor, reserve(wanted), wanted, at);
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
 * @throws VocabError `corrupt-gzip` when it is cut off or damaged, `unreadable`
 */
export async function readGzip(
  path: string,
  reserve: Reserve,
  take: Take,
  onBytes: OnBytes = () => {},
): Promise<void> {
  const source = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  source.on("error", (cause) => gunzip.destroy(unreadable(path, cause)));
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
    const isCut = code === "Z_BUF_ERROR";
    throw corruptGzip(path, isCut ? "ends in the middle: it is cut off" : `is damaged (${message})`, cause);
  } finally {
    source.destroy();
  }
  refuseRest(path, gunzip.bytesWritten);
}

// Zeros may pad a gzip file. Node's gunzip stops at the first of them, so what stands behind would be lost in silence.
function refuseRest(path: string, start: number): void {
  let piece = new Uint8Array(0);
  readRange(
    path,
    start,
    Number.MAX_SAFE_INTEGER,
    (size) => {
      piece = new Uint8Array(size);
      return piece;
    },
    (size) => {
      if (piece.subarray(0, size).every((byte) => byte === 0)) return true;
      throw corruptGzip(path, `is followed by zeros and then by something else, behind byte ${start}`);
    },
  );
}

function corruptGzip(path: string, what: string, cause?: unknown): VocabError {
  return new VocabError("corrupt-gzip", `${path}: the gzip data ${what}`, {
    cause,
    hint: "fetch or compress the file again; `gzip -t` checks it",
  });
}

/** @throws VocabError `unreadable` */
export function openFile(path: string): number {
  try {
    return openSync(path, "r");
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/**
 * Reads at most `size` bytes; 0 at the end of the file.
 * @throws VocabError `unreadable`
 */
export function readPiece(
  path: string,
  descriptor: number,
  room: Uint8Array,
  size: number,
  at: number,
): number {
  try {
    return readSync(descriptor, room, 0, size, at);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): VocabError {
  return new VocabError("unreadable", `${path} cannot be read: ${(cause as Error).message}`, {
    cause,
    hint: "check that the file is still there, its permissions and its disk",
  });
}
