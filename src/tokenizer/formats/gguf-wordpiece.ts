// GGUF's model "bert": WordPiece, with tokens that the converter has spelt anew.

import type { TokenizerDefinition } from "../definition.ts";
import { shown } from "../json-reader.ts";
import { parseTokenizerJson } from "../parse-tokenizer-json.ts";
import { unsupportedFile } from "./file-place.ts";
import { type GgufKeys, TAKE_THE_ORIGINAL } from "./gguf-keys.ts";
import { type GgufToken, ggufTokens, requireDifferent } from "./gguf-tokens.ts";

/**
 * llama.cpp lower-cases the text of every such model, whatever `tokenizer.ggml.pre` says; of names, the one of the
 * uncased BERT is known, and none.
 */
const NAMES: readonly (string | undefined)[] = [undefined, "default", "bert-bge"];

/** @throws VocabError `tokenizer-invalid`, `tokenizer-unsupported` naming the key */
export function ggufWordPiece(keys: GgufKeys): TokenizerDefinition {
  const name = keys.optionalString("pre");
  if (!NAMES.includes(name))
    throw unsupportedFile(
      keys.file,
      keys.place("pre"),
      `the pre-tokenizer ${shown(name)}`,
      TAKE_THE_ORIGINAL,
    );
  const tokens = ggufTokens(keys).map((token) => ({ ...token, text: originalText(token) }));
  requireDifferent(tokens, keys);
  requireLowerCase(tokens, keys);
  const json = {
    added_tokens: tokens
      .filter(({ type }) => type === "control")
      .map(({ id, text }) => ({ id, content: text, special: true, normalized: false })),
    normalizer: { type: "BertNormalizer", lowercase: true },
    pre_tokenizer: { type: "BertPreTokenizer" },
    decoder: { type: "WordPiece" },
    model: {
      type: "WordPiece",
      unk_token: unknownOf(tokens, keys),
      vocab: Object.fromEntries(tokens.map(({ id, text }) => [text, id])),
    },
  };
  return parseTokenizerJson(JSON.stringify(json), keys.file);
}

// Of "▁un", "affable": the first begins a word, the second was "##affable". Control tokens stay as they are; older
// converters leave "[unused0]" as it is, too.
function originalText({ text, type }: GgufToken): string {
  if (type === "control" || /^\[unused\d+\]$/.test(text)) return text;
  return text.startsWith("▁") ? text.slice(1) : `##${text}`;
}

function unknownOf(tokens: readonly GgufToken[], keys: GgufKeys): string {
  const id = keys.optionalId("unknown_token_id") ?? tokens.findIndex(({ text }) => text === "[UNK]");
  const token = tokens[id];
  if (token === undefined) throw keys.invalid("unknown_token_id", "no token of the vocabulary");
  return token.text;
}

// A cased model's file looks the same but for its tokens.
function requireLowerCase(tokens: readonly GgufToken[], keys: GgufKeys): void {
  const cased = tokens.find(({ text, type }) => type !== "control" && /^(?:##)?[A-Z]/.test(text));
  if (cased !== undefined)
    throw unsupportedFile(
      keys.file,
      keys.place(`tokens[${cased.id}]`),
      `${shown(cased.text)}, of a model that keeps upper case,`,
      TAKE_THE_ORIGINAL,
    );
}
