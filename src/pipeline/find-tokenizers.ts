// The tokenizers of a request: those of the default where none is named, each once.

import { VocabError } from "../errors.ts";
import { DEFAULT_TOKENIZERS } from "../tokenizer/known-tokenizers.ts";
import { findTokenizer, type TokenizerId, type TokenizerSource } from "../tokenizer/load-tokenizer.ts";

/** @throws VocabError `no-tokenizer`, `unknown-tokenizer`, … (usage) */
export function findTokenizers(ids: readonly TokenizerId[] = DEFAULT_TOKENIZERS): TokenizerSource[] {
  if (ids.length === 0)
    throw new VocabError("no-tokenizer", "no tokenizer is named", {
      kind: "usage",
      hint: "--tokenizer qwen3,llama3",
    });
  // Two names may be of one tokenizer.
  return [...new Map(ids.map((id) => findTokenizer(id)).map((source) => [source.id, source])).values()];
}
