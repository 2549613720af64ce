// The constraints that `train` and its sisters begin with for a language and a base.

import type { Language } from "../text/languages.ts";
import type { TrainableModel } from "../tokenizer/require-bpe.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import { scriptProperties } from "./script-data.ts";
import type { TokenConstraints } from "./token-constraints.ts";

/** Bytes of a token: longer ones are phrases of one source, for example of a heading that a site repeats. */
const MAX_BYTES = 64;
/** What tokenizer files write for a space: text about tokenizers must not teach them. */
const SPACE_LETTER = "\u0120";
/** Maltese writes it as a letter. */
const USES_SPACE_LETTER = ["mt"];

/**
 * One script (the language's), no digits, no punctuation, whole characters; characters that the base spells in byte
 * tokens, or that a Unigram base does not know, are covered. Of a script that Unicode does not have, anything may be learned.
 */
export function constraintsFor(
  { tag, script }: Pick<Language, "tag" | "script">,
  { definition: { model } }: Tokenizer<TrainableModel>,
): TokenConstraints {
  const isKnown = scriptProperties(script).length > 0;
  return {
    ...(isKnown ? { scripts: [script] } : {}),
    digits: false,
    punctuation: false,
    withoutCharacters: USES_SPACE_LETTER.includes(tag.split("-")[0]!) ? "" : SPACE_LETTER,
    maxBytes: MAX_BYTES,
    minCount: 2,
    // A Unigram base has no tokens that stop inside a character; what it has no piece for is unknown, or spelt in bytes.
    stones: model.type === "unigram" ? "never" : "ways",
    coverCharacters: model.type === "unigram" || model.byteFallback,
  };
}
