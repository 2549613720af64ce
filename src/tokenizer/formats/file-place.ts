// Errors of the readers of binary and line formats: each names the file and the place in it.

import { VocabError } from "../../errors.ts";

const DAMAGED = "get an undamaged copy of the file";

/** The file is broken or contradicts itself; `place` is "byte 12", "line 3", "pieces[5].score". */
export function invalidFile(file: string, place: string, what: string, hint: string = DAMAGED): VocabError {
  return new VocabError("tokenizer-invalid", `${file}: ${place}: ${what}`, { hint });
}

/** The file asks for something that vocab does not implement. */
export function unsupportedFile(file: string, place: string, what: string): VocabError {
  return new VocabError("tokenizer-unsupported", `${file}: ${place}: ${what} is not supported`, {
    hint: "vocab refuses what it cannot reproduce exactly; report the tokenizer so that the feature can be added",
  });
}
