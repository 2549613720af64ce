// Git LFS leaves a small text in the place of each large file until it is fetched.

import { readFile } from "node:fs/promises";
import { VocabError } from "../errors.ts";

/** Of every pointer, which is smaller than this (git-lfs/docs/spec.md). */
const MAX_POINTER_BYTES = 1024;
const FIRST_LINE = "version https://git-lfs.github.com/spec/v1\n";

/**
 * A pointer to a text would be counted as one, and one to anything else would seem to be damaged.
 * @throws VocabError `git-lfs-pointer`
 */
export async function requireNoPointer(path: string, size: number): Promise<void> {
  if (size < FIRST_LINE.length || size >= MAX_POINTER_BYTES) return;
  if (!(await readFile(path, "latin1")).startsWith(FIRST_LINE)) return;
  throw new VocabError(
    "git-lfs-pointer",
    `${path} is a pointer of Git LFS, not the file that it stands for`,
    {
      hint: "run `git lfs pull` in its repository",
    },
  );
}
