// The file that holds a vocabulary, in memory: what an expansion reads, changes and writes. One case for each format.

import { createHash } from "node:crypto";
import { basename } from "node:path";
import { VocabError } from "../errors.ts";
import { readSentencePiece } from "../tokenizer/formats/read-sentencepiece.ts";
import { readTiktokenRanks } from "../tokenizer/formats/read-tiktoken.ts";
import { sentencePieceDefinition } from "../tokenizer/formats/sentencepiece-definition.ts";
import { sentencePieceFormat } from "../tokenizer/formats/sentencepiece-format.ts";
import { rankedDefinition } from "../tokenizer/formats/tiktoken-definition.ts";
import {
  type BesideRanks,
  besideRanks,
  besideText,
  tiktokenFormat,
} from "../tokenizer/formats/tiktoken-format.ts";
import { tokenizerJsonFormat } from "../tokenizer/formats/tokenizer-json-format.ts";
import { parseTokenizerJson } from "../tokenizer/parse-tokenizer-json.ts";
import { recognizeTokenizerFile } from "../tokenizer/read-tokenizer-file.ts";
import { requireTrainable, type TrainableDefinition } from "../tokenizer/require-bpe.ts";
import type { LearnedTokens } from "../training/candidates.ts";
import { expandSentencePiece } from "./expand-sentencepiece.ts";
import { expandTiktoken } from "./expand-tiktoken.ts";
import { expandTokenizerJson } from "./expand-tokenizer-json.ts";
import { requireFit } from "./fit.ts";

export type VocabularyFile =
  | { readonly format: "tokenizer.json"; readonly name: "tokenizer.json"; readonly text: string }
  | { readonly format: "sentencepiece"; readonly name: string; readonly bytes: Uint8Array }
  | {
      readonly format: "tiktoken";
      readonly name: string;
      readonly bytes: Uint8Array;
      readonly beside: BesideRanks;
    };

/**
 * @param path of the file
 * @throws VocabError `not-expandable` for a format that cannot be written; `tokenizer-invalid`, `unreadable`
 */
export function readVocabularyFile(path: string): VocabularyFile {
  const { format, file } = recognizeTokenizerFile(path, path);
  const name = basename(path);
  switch (format) {
    case tokenizerJsonFormat:
      return { format: "tokenizer.json", name: "tokenizer.json", text: utf8(file.bytes(), path) };
    case sentencePieceFormat:
      return { format: "sentencepiece", name, bytes: file.bytes() };
    case tiktokenFormat: {
      const beside = besideRanks(file);
      if (beside.specialTokens.length === 0) throw withoutSpecialTokens(path);
      return { format: "tiktoken", name: rankFileName(name), bytes: file.bytes(), beside };
    }
    default:
      throw new VocabError("not-expandable", `${path}: ${format.name} is read, but not expanded`, {
        hint: "give the model's tokenizer.json, its SentencePiece model or its tiktoken ranks",
      });
  }
}

/**
 * @param source where it comes from, for messages
 * @throws VocabError `not-trainable`, `tokenizer-invalid`, `tokenizer-unsupported`
 */
export function parseVocabularyFile(file: VocabularyFile, source: string): TrainableDefinition {
  switch (file.format) {
    case "tokenizer.json":
      return requireTrainable(parseTokenizerJson(file.text, source), source);
    case "sentencepiece":
      return requireTrainable(sentencePieceDefinition(readSentencePiece(file.bytes, source)), source);
    case "tiktoken": {
      const tokens = readTiktokenRanks(file.bytes, source);
      return rankedDefinition({ tokens, firstId: 0, ...file.beside }, source);
    }
  }
}

/**
 * The file with the learned tokens entered behind all that it has.
 * @param base what it was parsed into
 * @throws VocabError `candidates-unfit` when the tokens were not learned for this base
 */
export function expandVocabularyFile(
  file: VocabularyFile,
  base: TrainableDefinition,
  learned: LearnedTokens,
): VocabularyFile {
  switch (file.format) {
    case "tokenizer.json":
      return { ...file, text: expandTokenizerJson(file.text, base, learned) };
    case "sentencepiece":
      requireFit(base, learned);
      return { ...file, bytes: expandSentencePiece(file.bytes, file.name, learned, () => undefined) };
    case "tiktoken":
      requireFit(base, learned);
      return { ...file, bytes: expandTiktoken(file.bytes, learned) };
  }
}

/**
 * A SentencePiece model beside a tokenizer.json, with the same new tokens at the same ids. Ids that only the tokenizer.json
 * has (Gemma 3's image token) become control pieces.
 */
export function expandModelBeside(
  file: VocabularyFile & { readonly format: "sentencepiece" },
  base: TrainableDefinition,
  learned: LearnedTokens,
): VocabularyFile {
  const added = new Map(base.addedTokens.map(({ id, content }) => [id, content]));
  const tokenAbove = (id: number) => added.get(id) ?? base.model.tokens.at(id);
  return { ...file, bytes: expandSentencePiece(file.bytes, file.name, learned, tokenAbove) };
}

/** What a folder holds for it, by name. */
export function filesOfVocabulary(file: VocabularyFile): Readonly<Record<string, string | Uint8Array>> {
  switch (file.format) {
    case "tokenizer.json":
      return { [file.name]: file.text };
    case "sentencepiece":
      return { [file.name]: file.bytes };
    case "tiktoken":
      return { [file.name]: file.bytes, [`${file.name}.json`]: besideText(file.beside) };
  }
}

/** SHA-256 of the file, in hexadecimal. */
export function sha256OfVocabulary(file: VocabularyFile): string {
  const content = file.format === "tokenizer.json" ? file.text : file.bytes;
  return createHash("sha256").update(content).digest("hex");
}

// Meta calls its rank files tokenizer.model.
function rankFileName(name: string): string {
  return name.endsWith(".tiktoken") ? name : "tokenizer.tiktoken";
}

function withoutSpecialTokens(path: string): VocabError {
  return new VocabError(
    "special-tokens-unknown",
    `${path}: which ids its special tokens have is not known, and new tokens could take them`,
    { hint: `name them in ${path}.json: {"pattern": "…", "special_tokens": {"<|end|>": 163584}}` },
  );
}

function utf8(bytes: Buffer, file: string): string {
  const text = bytes.toString("utf8");
  if (!Buffer.from(text, "utf8").equals(bytes))
    throw new VocabError("tokenizer-invalid", `${file}: not valid UTF-8`, {
      hint: "get an undamaged copy of the file",
    });
  return text;
}
