// The SHA-256 of a part of a file as it is stored.

import { createHash } from "node:crypto";
import { VocabError } from "../errors.ts";
import { readRange } from "../io/read-chunks.ts";

/** Of `[start, end)`. @throws VocabError `file-changed` where the file ends before, `unreadable` */
export function hashRange(path: string, start: number, end: number): Uint8Array {
  const hash = createHash("sha256");
  let buffer = new Uint8Array(0);
  let read = 0;
  readRange(
    path,
    start,
    end,
    (size) => {
      if (buffer.length < size) buffer = new Uint8Array(size);
      return buffer;
    },
    (size) => {
      hash.update(buffer.subarray(0, size));
      read += size;
      return true;
    },
  );
  if (read < end - start) {
    throw new VocabError(
      "file-changed",
      `${path} became shorter while it was read: it ends at byte ${start + read}`,
      {
        hint: "run again when nothing writes to the file",
      },
    );
  }
  return hash.digest();
}
