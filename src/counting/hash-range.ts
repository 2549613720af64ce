// The SHA-256 of a part of a file as it is stored.

import { createHash } from "node:crypto";
import { VocabError } from "../errors.ts";
import { type OnStored, readRange } from "../io/read-chunks.ts";

/** Of `[start, end)`. @throws VocabError `file-changed` where the file ends before, `unreadable` */
export function hashRange(path: string, start: number, end: number): Uint8Array {
  const hash = createHash("sha256");
  readStored(path, start, end, (bytes) => void hash.update(bytes));
  return hash.digest();
}

/** Shows all of `[start, end)`. @throws VocabError `file-changed` where the file ends before, `unreadable` */
export function readStored(path: string, start: number, end: number, onStored: OnStored): void {
  let buffer = new Uint8Array(0);
  let at = start;
  readRange(
    path,
    start,
    end,
    (size) => {
      if (buffer.length < size) buffer = new Uint8Array(size);
      return buffer;
    },
    (size) => {
      onStored(buffer.subarray(0, size), at);
      at += size;
      return true;
    },
  );
  if (at < end) throw becameShorter(path, at);
}

/** @param size what is left of it */
export function becameShorter(path: string, size: number): VocabError {
  return new VocabError("file-changed", `${path} became shorter while it was read: it ends at byte ${size}`, {
    hint: "run again when nothing writes to the file",
  });
}
