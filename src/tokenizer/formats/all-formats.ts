// Every format that vocab reads. A file is of the first that recognizes its beginning.

import type { TokenizerFormat } from "./format.ts";
import { ggufFormat } from "./gguf-format.ts";
import { sentencePieceFormat } from "./sentencepiece-format.ts";
import { tekkenFormat } from "./tekken-format.ts";
import { tiktokenFormat } from "./tiktoken-format.ts";
import { tokenizerJsonFormat } from "./tokenizer-json-format.ts";

export const FORMATS: readonly TokenizerFormat[] = [
  ggufFormat,
  tekkenFormat,
  tokenizerJsonFormat,
  tiktokenFormat,
  sentencePieceFormat,
];
