// A tokenizer from the metadata of a GGUF file: put back into the format that it was converted from, and read as that.

import type { TokenizerDefinition } from "../definition.ts";
import { parseTokenizerJson } from "../parse-tokenizer-json.ts";
import { unsupportedFile } from "./file-place.ts";
import { GgufKeys } from "./gguf-keys.ts";
import { GGUF_PRE_TOKENIZERS, type GgufPreTokenizer } from "./gguf-pre-tokenizers.ts";
import type { GgufMetadata } from "./read-gguf.ts";
import type { SentencePiece, SentencePieceModel } from "./read-sentencepiece.ts";
import { sentencePieceDefinition } from "./sentencepiece-definition.ts";
import { NORMALIZER_DEFAULTS, type SentencePieceType, TRAINER_DEFAULTS } from "./sentencepiece-fields.ts";

/** By number: `tokenizer.ggml.token_type`. */
const TYPES: readonly (SentencePieceType | undefined)[] = [
  undefined,
  "normal",
  "unknown",
  "control",
  "user-defined",
  "unused",
  "byte",
];

/** Rows that the converter added so that the embedding matrix has names for all of its rows. */
const PADDING = /^\[PAD\d+\]$/;

/** @throws VocabError `tokenizer-invalid`, `tokenizer-unsupported` naming the key */
export function ggufDefinition(metadata: GgufMetadata): TokenizerDefinition {
  const keys = new GgufKeys(metadata);
  const model = keys.string("model");
  switch (model) {
    case "llama":
      return sentencePieceDefinition(asSentencePiece(keys, "bpe"));
    case "t5":
      return sentencePieceDefinition(asSentencePiece(keys, "unigram"));
    case "gpt2":
      return parseTokenizerJson(JSON.stringify(asByteLevelBpe(keys)), keys.file);
    case "bert":
      return parseTokenizerJson(JSON.stringify(asWordPiece(keys)), keys.file);
    default:
      throw unsupportedFile(keys.file, "tokenizer.ggml.model", `the tokenizer ${JSON.stringify(model)}`);
  }
}

function asSentencePiece(keys: GgufKeys, modelType: "bpe" | "unigram"): SentencePieceModel {
  const texts = keys.strings("tokens");
  const scores = keys.numbers("scores", texts.length);
  const types = tokenTypes(keys, texts.length);
  const unknown = keys.optionalNumber("unknown_token_id") ?? types.indexOf("unknown");
  const pieces = texts.map((text, id): SentencePiece => {
    const type = types[id]!;
    // Converters mark the names of padding rows in different ways: no text is divided into them.
    const isNone = PADDING.test(text) || (type === "unknown" && id !== unknown);
    return { text, score: scores[id]!, type: id === unknown ? "unknown" : isNone ? "control" : type };
  });
  const charsmap = keys.optionalBytes("precompiled_charsmap");
  return {
    file: keys.file,
    pieces,
    trainer: { ...TRAINER_DEFAULTS, modelType, byteFallback: types.includes("byte") },
    normalizer: {
      ...NORMALIZER_DEFAULTS,
      precompiledCharsmap: charsmap ?? new Uint8Array(0),
      addDummyPrefix: keys.optionalBoolean("add_space_prefix") ?? true,
      removeExtraWhitespaces: keys.optionalBoolean("remove_extra_whitespaces") ?? false,
    },
    denormalizer: undefined,
    bytes: new Uint8Array(0),
  };
}

function asByteLevelBpe(keys: GgufKeys): unknown {
  const texts = keys.strings("tokens");
  const types = tokenTypes(keys, texts.length);
  const { normalizer, pre_tokenizer, ignore_merges } = preTokenizerOf(keys);
  const ids = texts
    .map((text, id) => ({ text, id, type: types[id]! }))
    .filter(({ text }) => !PADDING.test(text));
  return {
    added_tokens: ids
      .filter(({ type }) => type === "control" || type === "user-defined")
      .map(({ text, id, type }) => ({ id, content: text, special: type === "control", normalized: false })),
    normalizer,
    pre_tokenizer,
    decoder: { type: "ByteLevel" },
    model: {
      type: "BPE",
      ignore_merges,
      vocab: Object.fromEntries(ids.map(({ text, id }) => [text, id])),
      merges: keys.strings("merges"),
    },
  };
}

function preTokenizerOf(keys: GgufKeys): GgufPreTokenizer {
  const name = keys.optionalString("pre");
  const found = GGUF_PRE_TOKENIZERS.find(({ names }) => name !== undefined && names.includes(name));
  if (found !== undefined) return found;
  const what =
    name === undefined ? "no pre-tokenizer that is named" : `the pre-tokenizer ${JSON.stringify(name)}`;
  throw unsupportedFile(keys.file, "tokenizer.ggml.pre", what);
}

// Of "▁un", "affable": the first begins a word, the second was "##affable". Special tokens stay as they are.
function asWordPiece(keys: GgufKeys): unknown {
  const texts = keys.strings("tokens");
  const types = tokenTypes(keys, texts.length);
  const vocab = texts.map((text, id) => {
    if (types[id] === "control" || /^\[unused\d+\]$/.test(text)) return [text, id];
    return [text.startsWith("▁") ? text.slice(1) : `##${text}`, id];
  });
  const unknown = texts[keys.optionalNumber("unknown_token_id") ?? texts.indexOf("[UNK]")];
  return {
    added_tokens: texts.flatMap((text, id) =>
      types[id] === "control" ? [{ id, content: text, special: true, normalized: false }] : [],
    ),
    normalizer: { type: "BertNormalizer", lowercase: true },
    pre_tokenizer: { type: "BertPreTokenizer" },
    decoder: { type: "WordPiece" },
    model: { type: "WordPiece", unk_token: unknown, vocab: Object.fromEntries(vocab) },
  };
}

function tokenTypes(keys: GgufKeys, count: number): SentencePieceType[] {
  return Array.from(keys.numbers("token_type", count), (number, id) => {
    const type = TYPES[number];
    if (type === undefined) throw keys.invalid(`token_type[${id}]`, `${number} is no type of tokens`);
    return type;
  });
}
