// A tokenizer from the metadata of a GGUF file. The reference is the tokenizer that the file was converted from, and not
// what llama.cpp makes of it: the two differ (docs/adding-a-format.md).

import type { TokenizerDefinition } from "../definition.ts";
import { shown } from "../json-reader.ts";
import { unsupportedFile } from "./file-place.ts";
import { ggufByteLevel } from "./gguf-byte-level.ts";
import { GgufKeys, TAKE_THE_ORIGINAL } from "./gguf-keys.ts";
import { ggufSentencePiece } from "./gguf-sentencepiece.ts";
import { ggufWordPiece } from "./gguf-wordpiece.ts";
import type { GgufMetadata } from "./read-gguf.ts";

/** @throws VocabError `tokenizer-invalid`, `tokenizer-unsupported` naming the key */
export function ggufDefinition(metadata: GgufMetadata): TokenizerDefinition {
  const keys = new GgufKeys(metadata);
  const model = keys.string("model");
  switch (model) {
    case "llama":
      return ggufSentencePiece(keys, "bpe");
    case "t5":
      return ggufSentencePiece(keys, "unigram");
    case "gpt2":
      return ggufByteLevel(keys);
    case "bert":
      return ggufWordPiece(keys);
    default:
      throw unsupportedFile(
        keys.file,
        keys.place("model"),
        `the tokenizer ${shown(model)}`,
        TAKE_THE_ORIGINAL,
      );
  }
}
