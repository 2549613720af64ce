// Opens and reads files of this machine, with errors that name them.

import { openSync, readSync } from "node:fs";
import { VocabError } from "../errors.ts";

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

export function unreadable(path: string, cause: unknown): VocabError {
  return new VocabError("unreadable", `${path} cannot be read: ${(cause as Error).message}`, {
    cause,
    hint: "check that the file is still there, its permissions and its disk",
  });
}
