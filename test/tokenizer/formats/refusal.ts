// What the readers say to files that they must refuse.

import { VocabError } from "../../../src/errors.ts";
import type { Random } from "../hostile-text.ts";

/** Code and message of the error of `read`, or "accepted". Errors that are not ours pass. */
export function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof VocabError) return `${error.code} ${error.message}`;
    throw error;
  }
  return "accepted";
}

/** The answers, each once, that a pattern does not cover: one `expect` for thousands of them. */
export function unlike(answers: readonly string[], pattern: RegExp): readonly string[] {
  return [...new Set(answers)].filter((answer) => !pattern.test(answer));
}

/** 1 to `longest` random bytes. */
export function randomBytes(random: Random, longest = 80): Uint8Array {
  return Uint8Array.from(random.times(random.integer(1, longest), () => random.integer(0, 255)));
}

/** A copy with one to three bytes changed. */
export function damaged(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (let n = random.integer(1, 3); n > 0; n--)
    copy[random.integer(0, copy.length - 1)] = random.integer(0, 255);
  return copy;
}
