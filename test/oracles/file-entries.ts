// How many entries a tokenizer file has, in each format, counted without the code that reads them.

import { readFileSync } from "node:fs";

export type FileFormat = "tokenizer.json" | "sentencepiece" | "tiktoken" | "tekken" | "gguf";

/** Ids of a tokenizer.json, added tokens included; pieces, ranks or tokens of the others. */
export function countEntries(file: string, format: FileFormat): number {
  const bytes = readFileSync(file);
  switch (format) {
    case "tokenizer.json":
      return idsOf(JSON.parse(bytes.toString("utf8")));
    case "tiktoken":
      return bytes
        .toString("latin1")
        .split("\n")
        .filter((line) => line !== "").length;
    case "tekken":
      return JSON.parse(bytes.toString("utf8")).config.default_vocab_size;
    case "sentencepiece":
      return countPieces(bytes);
    case "gguf":
      return countGgufTokens(bytes);
  }
}

interface TokenizerFile {
  readonly model: { readonly vocab: Readonly<Record<string, number>> | readonly unknown[] };
  readonly added_tokens: readonly { readonly id: number }[];
}

// A Unigram vocabulary is a list, whose ids are the places in it.
function idsOf({ model, added_tokens }: TokenizerFile): number {
  const { vocab } = model;
  const ids = Array.isArray(vocab) ? vocab.map((_, i) => i) : Object.values(vocab as Record<string, number>);
  return new Set([...ids, ...added_tokens.map(({ id }) => id)]).size;
}

/** Wire types of protocol buffers; `pieces` is field 1 of the message. */
const LENGTH_DELIMITED = 2;
const PIECES = 1;

function countPieces(bytes: Buffer): number {
  let count = 0;
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    if (key % 8 !== LENGTH_DELIMITED) throw new Error(`wire type ${key % 8} at byte ${at}`);
    if (key >> 3 === PIECES) count++;
    const length = varint();
    at += length;
  }
  return count;
}

/** In a GGUF file an array is written as its key, type 9, the type of its items, and their number (64 bits). */
function countGgufTokens(bytes: Buffer): number {
  const key = "tokenizer.ggml.tokens";
  const at = bytes.indexOf(key) + key.length;
  if (bytes.readUInt32LE(at) !== 9) throw new Error("the tokens are no array");
  return Number(bytes.readBigUInt64LE(at + 8));
}
