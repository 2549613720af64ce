// GGUF's model "gpt2": byte-level BPE. Tokens and merges stand in the file; how text is cut into pre-tokens is a name.

import type { AddedToken, BpeDefinition } from "../definition.ts";
import { shown } from "../json-reader.ts";
import { MAX_MERGES } from "../parse-bpe-model.ts";
import { unsupportedFile } from "./file-place.ts";
import { type GgufKeys, TAKE_THE_ORIGINAL } from "./gguf-keys.ts";
import { GGUF_PRE_TOKENIZERS, type GgufPreTokenizer } from "./gguf-pre-tokenizers.ts";
import { type GgufToken, ggufTokens, isPadding, requireDifferent } from "./gguf-tokens.ts";

/** @throws VocabError `tokenizer-invalid`, `tokenizer-unsupported` naming the key */
export function ggufByteLevel(keys: GgufKeys): BpeDefinition {
  const { normalizers, preTokenizers, ignoreMerges } = preTokenizerOf(keys);
  const all = ggufTokens(keys);
  const kept = all.filter((token) => !isPadding(token) && token.type !== "unused");
  requireDifferent(kept, keys);
  const tokens: (string | undefined)[] = all.map(() => undefined);
  for (const { id, text } of kept) tokens[id] = text;
  const idOfToken = new Map(kept.map(({ id, text }) => [text, id]));
  return {
    addedTokens: kept
      .filter(({ type }) => type === "control" || type === "user-defined")
      .map((token) => addedToken(token, keys)),
    normalizers,
    preTokenizers,
    model: {
      type: "bpe",
      tokens: tokens.slice(0, tokens.findLastIndex((text) => text !== undefined) + 1),
      idOfToken,
      merges: mergesOf(keys, idOfToken),
      byteLevel: true,
      byteFallback: false,
      ignoreMerges,
      fuseUnknown: false,
      unknownId: undefined,
    },
    decoders: [{ type: "byte-level" }],
    vocabSize: kept.length,
  };
}

function preTokenizerOf(keys: GgufKeys): GgufPreTokenizer {
  const name = keys.optionalString("pre");
  const found = GGUF_PRE_TOKENIZERS.find(({ names }) => name !== undefined && names.includes(name));
  if (found !== undefined) return found;
  const isUnnamed = name === undefined || name === "default";
  const what = isUnnamed ? "no pre-tokenizer that is named" : `the pre-tokenizer ${shown(name)}`;
  throw unsupportedFile(keys.file, keys.place("pre"), what, TAKE_THE_ORIGINAL);
}

// What a GGUF file does not keep: whether a token takes white space beside it, and is matched in normalized text.
function addedToken({ id, text, type }: GgufToken, keys: GgufKeys): AddedToken {
  if (text === "") throw keys.invalid(`tokens[${id}]`, "an added token is empty");
  return {
    id,
    content: text,
    singleWord: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: type === "control",
  };
}

function mergesOf(keys: GgufKeys, idOfToken: ReadonlyMap<string, number>): Int32Array {
  const list = keys.strings("merges");
  if (list.length > MAX_MERGES)
    throw unsupportedFile(keys.file, keys.place("merges"), `more than ${MAX_MERGES} merges`);
  const merges = new Int32Array(3 * list.length);
  list.forEach((merge, rank) => {
    const space = merge.indexOf(" ", 1);
    if (space < 0 || space === merge.length - 1 || merge.includes(" ", space + 1))
      throw keys.invalid(`merges[${rank}]`, `expected "left right", found ${shown(merge)}`);
    const left = merge.slice(0, space);
    const right = merge.slice(space + 1);
    [left, right, left + right].forEach((token, part) => {
      const id = idOfToken.get(token);
      if (id === undefined)
        throw keys.invalid(`merges[${rank}]`, `token ${shown(token)} is not in the vocabulary`);
      merges[3 * rank + part] = id;
    });
  });
  return merges;
}
