// Refuses compressed files that give far more than text can: a few kilobytes may hold terabytes of one letter, and would be
// read for days.

import { VocabError } from "../errors.ts";
import type { Take } from "./read-chunks.ts";

/** Text gives 2 to 20 times its stored bytes, logs some 100 times; what is made to do harm, 1000 times and more. */
const DEFAULT_MAX_EXPANSION = 250;
/** What a file may give in any case: small files of few words compress well. */
const ALWAYS_BYTES = 64 * 2 ** 20;

/**
 * Returns what must be told how many bytes a file has given so far.
 * @param stored size of the compressed file
 * @param maxExpansion how many times that it may give
 * @throws VocabError `decompression-bomb`, from the returned function
 */
export function expansionLimit(
  path: string,
  stored: number,
  maxExpansion = DEFAULT_MAX_EXPANSION,
): (given: number) => void {
  const limit = Math.max(ALWAYS_BYTES, maxExpansion * stored);
  return (given) => {
    if (given <= limit) return;
    throw new VocabError(
      "decompression-bomb",
      `${path}: its ${stored} bytes give more than ${limit} when they are decompressed`,
      {
        hint: `--max-expansion ${4 * maxExpansion} allows ${4 * maxExpansion} times, where that is meant so`,
      },
    );
  };
}

/** `take` with that limit. */
export function limitExpansion(
  path: string,
  stored: number,
  maxExpansion: number | undefined,
  take: Take,
): Take {
  const require = expansionLimit(path, stored, maxExpansion);
  return (size, offset) => {
    require(offset + size);
    return take(size, offset);
  };
}
