// Errors of the readers of binary and line formats: each names the file and the place in it.

import { VocabError } from "../../errors.ts";

const DAMAGED = "get an undamaged copy of the file";

/**
 * A file with more tokens is refused before its memory is spent on them: sixteen times the largest vocabulary seen
 * (262,144), and a fourth of what a Map holds.
 */
export const MAX_TOKENS = 2 ** 22;

/** The file is broken or contradicts itself; `place` is "byte 12", "line 3", "pieces[5].score". */
export function invalidFile(file: string, place: string, what: string, hint: string = DAMAGED): VocabError {
  return new VocabError("tokenizer-invalid", `${file}: ${place}: ${what}`, { hint });
}

const NOT_EXACT =
  "vocab refuses what it cannot reproduce exactly; report the tokenizer so that the feature can be added";

/** The file asks for something that vocab does not implement. */
export function unsupportedFile(
  file: string,
  place: string,
  what: string,
  hint: string = NOT_EXACT,
): VocabError {
  return new VocabError("tokenizer-unsupported", `${file}: ${place}: ${what} is not supported`, { hint });
}
