// Reads files piece by piece: a byte range of a plain file, or a whole gzip file decompressed. read-compressed.ts knows the
// other ways in which a file may be compressed.

import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { VocabError } from "../errors.ts";
import { unreadable } from "./read-piece.ts";
import { type FileToRead, isRemote, openBytes, pathOf } from "./stored-file.ts";

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

/** Shown the stored bytes that were read and where they lie in the file; they are valid during the call. */
export type OnStored = (bytes: Uint8Array, offset: number) => void;

/** Who is told what a decoder reads. */
export interface ReadListeners {
  readonly onBytes?: OnBytes | undefined;
  /** Forward from the beginning; what was shown may be shown again, and what nobody needed to read never is. */
  readonly onStored?: OnStored | undefined;
}

/**
 * Reads `[start, end)` of a file straight into the caller's buffer; `end` may lie behind the end of the file. Synchronous
 * reads are the fastest way in a worker that has nothing else to do.
 * @throws VocabError `unreadable`
 */
export function readRange(
  file: FileToRead,
  start: number,
  end: number,
  reserve: Reserve,
  take: Take,
  onBytes: OnBytes = () => {},
): void {
  const source = openBytes(file, start, end);
  try {
    for (let at = start; at < end; ) {
      const wanted = Math.min(CHUNK_BYTES, end - at);
      const size = source.read(reserve(wanted), wanted, at);
      onBytes(size);
      if (size === 0 || !take(size, at)) return;
      at += size;
    }
  } finally {
    source.close();
  }
}

/**
 * Decompresses a gzip file (of one member or several) into the caller's buffer.
 * @throws VocabError `corrupt-gzip` when it is cut off or damaged, `unreadable`
 */
export async function readGzip(
  file: FileToRead,
  reserve: Reserve,
  take: Take,
  { onBytes = () => {}, onStored }: ReadListeners = {},
): Promise<void> {
  const path = pathOf(file);
  const { stream: source, bytesRead } = storedStream(file);
  if (onStored !== undefined) showPieces(source, onStored);
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  source.on("error", (cause) =>
    gunzip.destroy(cause instanceof VocabError ? cause : unreadable(path, cause)),
  );
  source.pipe(gunzip);
  let offset = 0;
  let stored = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      onBytes(bytesRead() - stored);
      stored = bytesRead();
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
  refuseRest(file, gunzip.bytesWritten, onStored);
}

function showPieces(source: Readable, onStored: OnStored): void {
  let at = 0;
  source.on("data", (piece: Uint8Array) => {
    onStored(piece, at);
    at += piece.length;
  });
}

interface StoredStream {
  readonly stream: Readable;
  /** Stored bytes that were read so far. */
  bytesRead(): number;
}

function storedStream(file: FileToRead): StoredStream {
  if (isRemote(file)) return remoteStream(file);
  const stream = createReadStream(pathOf(file), { highWaterMark: CHUNK_BYTES });
  return { stream, bytesRead: () => stream.bytesRead };
}

function remoteStream(file: FileToRead): StoredStream {
  let at = 0;
  function* pieces(): Generator<Uint8Array> {
    const source = openBytes(file);
    try {
      for (;;) {
        const piece = new Uint8Array(CHUNK_BYTES);
        const size = source.read(piece, CHUNK_BYTES, at);
        if (size === 0) return;
        at += size;
        yield piece.subarray(0, size);
      }
    } finally {
      source.close();
    }
  }
  return { stream: Readable.from(pieces()), bytesRead: () => at };
}

// Zeros may pad a gzip file. Node's gunzip stops at the first of them, so what stands behind would be lost in silence.
function refuseRest(file: FileToRead, start: number, onStored: OnStored = () => {}): void {
  let piece = new Uint8Array(0);
  readRange(
    file,
    start,
    Number.MAX_SAFE_INTEGER,
    (size) => {
      piece = new Uint8Array(size);
      return piece;
    },
    (size, offset) => {
      onStored(piece.subarray(0, size), offset);
      if (piece.subarray(0, size).every((byte) => byte === 0)) return true;
      throw corruptGzip(
        pathOf(file),
        `is followed by zeros and then by something else, behind byte ${start}`,
      );
    },
  );
}

function corruptGzip(path: string, what: string, cause?: unknown): VocabError {
  return new VocabError("corrupt-gzip", `${path}: the gzip data ${what}`, {
    cause,
    hint: "fetch or compress the file again; `gzip -t` checks it",
  });
}
