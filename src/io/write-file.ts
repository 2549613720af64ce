// Writes files so that no half-written one is ever seen under its name.

import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { VocabError } from "../errors.ts";

/**
 * Writes to a temporary name beside the file, then renames. Folders are made as needed.
 * @throws VocabError `cannot-write`
 */
export async function writeFileAtomically(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {});
    throw new VocabError("cannot-write", `${path} cannot be written: ${(cause as Error).message}`, {
      cause,
      hint: "choose another --out folder, or make room",
    });
  }
}
