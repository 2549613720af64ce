// A file as readers open it: on this machine by its path, or on a hub.

import { closeSync } from "node:fs";
import type { RemoteFile } from "./hub-api.ts";
import type { HubEnvironment } from "./hub-environment.ts";
import { openFile, readPiece } from "./read-piece.ts";
import { RemoteBytes, startFetching } from "./remote-bytes.ts";

/** A path, or a file whose `path` only names it where it lies on a hub. */
export type FileToRead = string | { readonly path: string; readonly remote?: RemoteSource | undefined };

export interface RemoteSource {
  readonly file: RemoteFile;
  readonly environment: HubEnvironment;
}

/** A part of a file that is open for reading. */
export interface OpenBytes {
  /**
   * Reads at most `size` bytes from `at` on into `room`; 0 at the end of the file or of the part. Waits for them: readers
   * of files have nothing else to do, and their decoders want bytes, not promises.
   * @throws VocabError `unreadable`, `hub-…`
   */
  read(room: Uint8Array, size: number, at: number): number;
  close(): void;
}

export function pathOf(file: FileToRead): string {
  return typeof file === "string" ? file : file.path;
}

export function isRemote(file: FileToRead): boolean {
  return typeof file !== "string" && file.remote !== undefined;
}

/** To be awaited before a file is opened: starts what fetches the files of a hub. */
export async function makeReady(file: FileToRead): Promise<void> {
  if (isRemote(file)) await startFetching();
}

/**
 * Opens the bytes `[start, end)` for reading, mostly forward. What lies outside may be read as well where the file is on
 * this machine.
 * @throws VocabError `unreadable`
 */
export function openBytes(file: FileToRead, start = 0, end = Number.MAX_SAFE_INTEGER): OpenBytes {
  if (typeof file !== "string" && file.remote !== undefined)
    return new RemoteBytes(file.remote.file, file.remote.environment, start, end);
  const path = pathOf(file);
  const descriptor = openFile(path);
  return {
    read: (room, size, at) => readPiece(path, descriptor, room, size, at),
    close: () => closeSync(descriptor),
  };
}
