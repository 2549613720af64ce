// What training starts from: a tokenizer, or nothing but the 256 bytes and a rule for pre-tokens.

import { existsSync } from "node:fs";
import { VocabError } from "../errors.ts";
import { KNOWN_TOKENIZERS } from "../tokenizer/known-tokenizers.ts";
import {
  findTokenizer,
  idOf,
  loadTokenizer,
  loadTrainable,
  type TokenizerId,
} from "../tokenizer/load-tokenizer.ts";
import type { TrainableModel } from "../tokenizer/require-bpe.ts";
import { hasPreTokenizer } from "../tokenizer/safe-cuts.ts";
import { type BpeTokenizer, Tokenizer } from "../tokenizer/tokenizer.ts";
import { byteBase } from "../training/byte-base.ts";

export interface TrainingBase {
  /** As it was asked for: a known name, a path, or "none". */
  readonly id: string;
  readonly name: string;
  /** `npm:package@version/path`, the path as typed, or what the pre-tokens of "none" were taken from. */
  readonly source: string;
  /** Of the file; absent for "none" with a pattern. */
  readonly sha256?: string | undefined;
  readonly tokenizer: Tokenizer<TrainableModel>;
}

/**
 * @param id a known name, a path, or "none"
 * @param preTokenizer for "none": a known name, a path, or a regular expression; default: GPT-2's
 * @throws VocabError `unknown-tokenizer`, `pre-tokenizer-without-none` (usage), `no-pre-tokenizer`, `pattern-unsupported`, …
 */
export function loadBase(id: TokenizerId, preTokenizer?: string): TrainingBase {
  if (id !== "none") {
    if (preTokenizer !== undefined)
      throw new VocabError("pre-tokenizer-without-none", `${idOf(id)} has a pre-tokenizer of its own`, {
        kind: "usage",
        hint: "--pre-tokenizer goes with --base none",
      });
    return loadTrainable(findTokenizer(id));
  }
  const isTokenizer =
    preTokenizer !== undefined &&
    (KNOWN_TOKENIZERS.some((known) => known.id === preTokenizer) || existsSync(preTokenizer));
  if (!isTokenizer) {
    const pattern = preTokenizer === undefined ? "the pattern of GPT-2" : `the pattern ${preTokenizer}`;
    return { id, name: "none", source: pattern, tokenizer: byteBase(preTokenizer) };
  }
  const { source, sha256, tokenizer } = loadTokenizer(findTokenizer(preTokenizer));
  return {
    id,
    name: "none",
    source: `the pre-tokenizer of ${source}`,
    sha256,
    tokenizer: bytesCutAs(tokenizer, source),
  };
}

function bytesCutAs({ definition }: Tokenizer, source: string): BpeTokenizer {
  const { model } = definition;
  if (!hasPreTokenizer(definition) || model.type !== "bpe" || !model.byteLevel)
    throw new VocabError("no-pre-tokenizer", `${source} has no pre-tokenizer for byte-level BPE`, {
      kind: "usage",
      hint: "--pre-tokenizer qwen3, llama3, or a regular expression",
    });
  const { normalizers, preTokenizers } = definition;
  return new Tokenizer({ ...byteBase().definition, normalizers, preTokenizers });
}
