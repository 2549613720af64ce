// The verb `tokenizers`: the tokenizers known by name, and whether they are here.

import { VocabError } from "../errors.ts";
import { KNOWN_TOKENIZERS, type KnownTokenizer } from "../tokenizer/known-tokenizers.ts";
import { findTokenizer } from "../tokenizer/load-tokenizer.ts";

export interface TokenizerListing extends KnownTokenizer {
  /** `npm:package@version/path` of what is installed; absent if it is not. */
  readonly installed?: string | undefined;
}

export interface TokenizerList {
  readonly schema: "vocab.tokenizers/1";
  readonly tokenizers: readonly TokenizerListing[];
}

export function listTokenizers(): TokenizerList {
  return {
    schema: "vocab.tokenizers/1",
    tokenizers: KNOWN_TOKENIZERS.map((known) => ({ ...known, installed: installedSource(known.id) })),
  };
}

function installedSource(id: string): string | undefined {
  try {
    return findTokenizer(id).source;
  } catch (error) {
    if (error instanceof VocabError && error.code === "tokenizer-not-installed") return undefined;
    throw error;
  }
}
