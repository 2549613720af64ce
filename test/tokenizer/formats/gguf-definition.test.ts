import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { VocabError } from "../../../src/errors.ts";
import { ggufDefinition } from "../../../src/tokenizer/formats/gguf-definition.ts";
import { readGgufMetadata } from "../../../src/tokenizer/formats/read-gguf.ts";
import { findTokenizer, loadTokenizer } from "../../../src/tokenizer/load-tokenizer.ts";
import { Tokenizer } from "../../../src/tokenizer/tokenizer.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { Random } from "../hostile-text.ts";
import { buildCharsmap } from "./charsmap-builder.ts";
import {
  BERT,
  BERT_ROWS,
  BYTE_ROWS,
  CONTROL,
  type GgufFields,
  GPT2,
  ggufFile,
  LLAMA,
  LLAMA_ROWS,
  NORMAL,
  T5,
  T5_ROWS,
  tokenFields,
  UNKNOWN,
  UNUSED,
  USER_DEFINED,
} from "./gguf-tokenizers.ts";
import { damaged, refusal, unlike } from "./refusal.ts";

const folder = temporaryFolder();

const definition = (fields: GgufFields) => ggufDefinition(readGgufMetadata(ggufFile(fields), "x.gguf"));
const tokenizer = (fields: GgufFields) => new Tokenizer(definition(fields));
const ids = (fields: GgufFields, text: string) => tokenizer(fields).encode(text);

describe('the model "llama"', () => {
  it("is a SentencePiece BPE model: spaces are marked, one is put before the text", () => {
    expect(ids(LLAMA, "ab")).toEqual([7]); // ▁ab: a b, then ▁ ab
    expect(ids(LLAMA, "ab b")).toEqual([7, 3, 5]);
    expect(ids(LLAMA, "  ab")).toEqual([3, 3, 7]);
    expect(tokenizer(LLAMA).decode([7, 3, 5])).toBe("ab b");
  });

  it("puts no space before the text where add_space_prefix is false", () => {
    expect(ids({ ...LLAMA, add_space_prefix: false }, "ab")).toEqual([6]);
  });

  it("takes runs of spaces as one where remove_extra_whitespaces is true", () => {
    expect(ids({ ...LLAMA, remove_extra_whitespaces: true }, "  ab   ab ")).toEqual([7, 7]);
  });

  it("reads control tokens in text as text, and what is no piece as one unknown token", () => {
    expect(ids(LLAMA, "</s>xyz")).toEqual([3, 0]);
  });

  it("finds user-defined tokens, whose spaces stand in the file as in the text", () => {
    expect(ids(LLAMA, "ac db")).toEqual([3, 4, 8, 5]);
  });

  it("falls back to bytes where there are byte tokens", () => {
    const fields = { ...LLAMA, ...tokenFields([["<unk>", UNKNOWN], ...BYTE_ROWS, ["▁", NORMAL]]) };
    expect(ids(fields, "é")).toEqual([257, 1 + 0xc3, 1 + 0xa9]);
  });

  it("leaves out the names of rows behind the vocabulary", () => {
    expect(definition(LLAMA).vocabSize).toBe(9);
    expect(ids(LLAMA, "[PAD9]")).toEqual([3, 0]);
  });

  it("keeps the ids where such a name, or a second token called unknown, stands between others", () => {
    const between = [
      ["[PAD9]", UNUSED],
      ["<|x|>", UNKNOWN],
      ["c", NORMAL, -9],
    ] as const; //
    const fields = { ...LLAMA, ...tokenFields([...LLAMA_ROWS.slice(0, 9), ...between]), unknown_token_id: 0 };
    expect(ids(fields, "[PAD9]<|x|>c")).toEqual([3, 0, 11]);
    expect(definition(fields).vocabSize).toBe(12);
  });
});

describe('the model "t5"', () => {
  it("is a SentencePiece Unigram model: the path with the best sum", () => {
    expect(ids(T5, "ab")).toEqual([7, 5]); // ▁a b -5.5, ▁ ab -6, ▁ a b -8
    expect(ids(T5, "ab ab")).toEqual([7, 5, 7, 5]);
    expect(definition(T5).vocabSize).toBe(8);
  });

  it("maps characters as its charsmap says, written as bytes of either sign", () => {
    const bytes = buildCharsmap(new Map([["Ａ", "a"]]));
    const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    expect(ids(T5, "Ａb")).toEqual([3, 2, 5]);
    expect(ids({ ...T5, precompiled_charsmap: bytes }, "Ａb")).toEqual([7, 5]);
    expect(ids({ ...T5, precompiled_charsmap: signed }, "Ａb")).toEqual([7, 5]);
  });
});

describe('the model "gpt2"', () => {
  it("is byte-level BPE with the merges of the file", () => {
    expect(ids(GPT2, "ab ab")).toEqual([3, 4]);
    expect(tokenizer(GPT2).decode([3, 4])).toBe("ab ab");
  });

  it("finds control and user-defined tokens in the text; names of rows are none", () => {
    expect(ids(GPT2, "ab<|end|>x y")).toEqual([3, 5, 6]);
    const { addedTokens, model, vocabSize } = definition(GPT2);
    expect(addedTokens.map(({ content, special }) => [content, special])).toEqual([
      ["<|end|>", true],
      ["x y", false],
    ]);
    // A token of the vocabulary may be spelt like one.
    expect(model.idOfToken.get("[PAD99]")).toBe(13);
    expect(vocabSize).toBe(14);
  });

  it("loses bytes that the vocabulary lacks, as the reference does", () => {
    expect(ids(GPT2, "zaz")).toEqual([0]);
  });

  it.each([
    ["gpt-2", "12", [10]],
    ["starcoder", "12", [8, 9]], // each digit by itself
    ["gpt-2", "ba", [1, 0]],
    ["llama-bpe", "ba", [7]], // a pre-token that is a token is taken whole
    ["gpt-2", "e\u0301", []],
    ["qwen2", "e\u0301", [11, 12]], // NFC: é
  ])("with the pre-tokenizer %s, %j is %j", (pre, text, expected) => {
    expect(ids({ ...GPT2, pre }, text)).toEqual(expected);
  });
});

describe('the model "bert"', () => {
  it("is WordPiece with the ## that the converter took away, on lower case", () => {
    expect(ids(BERT, "Unaffable THE affable")).toEqual([4, 5, 6, 1]);
    const spelt = ["[PAD]", "[UNK]", "[CLS]", "[unused0]", "un", "##affable", "the"];
    expect(definition(BERT).model.tokens).toEqual(spelt);
  });

  it("finds control tokens in the text", () => {
    expect(ids(BERT, "[CLS]the")).toEqual([2, 6]);
  });
});

const withRow = (fields: GgufFields, rows: readonly (readonly [string, number, number?])[]) => ({
  ...fields,
  ...tokenFields(rows),
});

const REFUSED: readonly (readonly [string, GgufFields, string])[] = [
  ["no model", { ...LLAMA, model: undefined }, "invalid x.gguf: tokenizer.ggml.model: the key is missing"],
  [
    "a model that is a number",
    { ...LLAMA, model: 5 },
    "invalid x.gguf: tokenizer.ggml.model: expected a string",
  ],
  ...["gemma4", "rwkv", "plamo2", "none"].map(
    (model) =>
      [
        `the model ${model}`,
        { ...GPT2, model },
        `unsupported x.gguf: tokenizer.ggml.model: the tokenizer "${model}" is not supported`,
      ] as const,
  ),
  ["no tokens", { ...LLAMA, tokens: undefined }, "invalid x.gguf: tokenizer.ggml.tokens: the key is missing"],
  ["an empty vocabulary", { ...GPT2, tokens: [] }, "tokenizer.ggml.tokens: the vocabulary is empty"],
  ["tokens that are numbers", { ...LLAMA, tokens: Int32Array.of(1) }, "tokens: expected an array of strings"],
  ["no types", { ...GPT2, token_type: undefined }, "tokenizer.ggml.token_type: the key is missing"],
  [
    "too few types",
    { ...GPT2, token_type: Int32Array.of(1, 1) },
    "tokenizer.ggml.token_type: 2 entries, but there are 15 tokens",
  ],
  ["types that are texts", { ...GPT2, token_type: ["a"] }, "token_type: expected an array of numbers"],
  [
    "a type above the last",
    { ...BERT, token_type: Int32Array.of(3, 3, 3, 1, 7, 1, 1) },
    "tokenizer.ggml.token_type[4]: 7 is no type of tokens",
  ],
  [
    "a type of 0",
    { ...BERT, token_type: Int32Array.of(3, 0, 3, 1, 1, 1, 1) },
    "tokenizer.ggml.token_type[1]: 0 is no type of tokens",
  ],
  ["no scores", { ...T5, scores: undefined }, "tokenizer.ggml.scores: the key is missing"],
  [
    "too many scores",
    { ...T5, scores: new Float32Array(10) },
    "tokenizer.ggml.scores: 10 entries, but there are 9 tokens",
  ],
  [
    "a score that is no number",
    withRow(T5, [...T5_ROWS.slice(0, 3), ["a", NORMAL, Number.NaN]]),
    "tokenizer.ggml.tokens[3]: the score is NaN",
  ],
  [
    "a piece twice",
    withRow(LLAMA, [...LLAMA_ROWS.slice(0, 9), ["a", NORMAL]]),
    'tokenizer.ggml.tokens[9]: "a" is tokenizer.ggml.tokens[4] already',
  ],
  [
    "255 byte tokens",
    withRow(LLAMA, [...LLAMA_ROWS, ...BYTE_ROWS.slice(1)]),
    "tokenizer.ggml.tokens: expected 256 byte pieces, since byte_fallback is on, found 255",
  ],
  [
    "no unknown token",
    withRow(
      T5,
      T5_ROWS.filter(([, type]) => type !== UNKNOWN),
    ),
    "tokenizer.ggml.tokens: expected one piece of the type unknown, found 0",
  ],
  [
    "an unknown token behind the vocabulary",
    { ...LLAMA, unknown_token_id: 9 },
    "tokenizer.ggml.unknown_token_id: there are 9 tokens, no 9",
  ],
  ["an unknown token with a name", { ...LLAMA, unknown_token_id: "<unk>" }, "expected the id of a token"],
  [
    "a character that is no piece",
    withRow(LLAMA, [...LLAMA_ROWS.slice(0, 9), ["aé", NORMAL]]),
    'tokenizer.ggml.tokens[9]: "aé", whose character "é" is no piece, is not supported',
  ],
  [
    "an unused piece of a BPE model",
    withRow(LLAMA, [["old", UNUSED], ...LLAMA_ROWS]),
    "tokenizer.ggml.tokens[0]: an unused piece of a BPE model is not supported",
  ],
  [
    "a prefix that is text",
    { ...LLAMA, add_space_prefix: "yes" },
    "add_space_prefix: expected true or false",
  ],
  [
    "a charsmap of other numbers",
    { ...T5, precompiled_charsmap: Int32Array.of(1) },
    "tokenizer.ggml.precompiled_charsmap: expected an array of bytes",
  ],
  [
    "a broken charsmap",
    { ...T5, precompiled_charsmap: Uint8Array.of(1, 2) },
    "invalid x.gguf: tokenizer.ggml.precompiled_charsmap",
  ],
  [
    "no pre-tokenizer",
    { ...GPT2, pre: undefined },
    "unsupported x.gguf: tokenizer.ggml.pre: no pre-tokenizer that is named is not supported",
  ],
  ["the default", { ...GPT2, pre: "default" }, "tokenizer.ggml.pre: no pre-tokenizer that is named is not"],
  ["falcon", { ...GPT2, pre: "falcon" }, 'tokenizer.ggml.pre: the pre-tokenizer "falcon" is not supported'],
  ["no merges", { ...GPT2, merges: undefined }, "tokenizer.ggml.merges: the key is missing"],
  [
    "a merge of one token",
    { ...GPT2, merges: ["a b", "ab"] },
    'tokenizer.ggml.merges[1]: expected "left right", found "ab"',
  ],
  ["a merge of three", { ...GPT2, merges: ["a b b"] }, 'merges[0]: expected "left right", found "a b b"'],
  ["a merge without its right part", { ...GPT2, merges: ["a "] }, 'merges[0]: expected "left right"'],
  [
    "a merge of an unknown token",
    { ...GPT2, merges: ["a b", "a c"] },
    'tokenizer.ggml.merges[1]: token "c" is not in the vocabulary',
  ],
  [
    "a merge into an unknown token",
    { ...GPT2, merges: ["b b"] },
    'merges[0]: token "bb" is not in the vocabulary',
  ],
  [
    "a token twice",
    withRow(GPT2, [
      ["a", NORMAL],
      ["b", NORMAL],
      ["a", NORMAL],
    ]),
    'tokenizer.ggml.tokens[2]: "a" is tokenizer.ggml.tokens[0] already',
  ],
  [
    "an empty added token",
    withRow({ ...GPT2, merges: [] }, [
      ["a", NORMAL],
      ["", USER_DEFINED],
    ]),
    "tokenizer.ggml.tokens[1]: an added token is empty",
  ],
  [
    "WordPiece of another name",
    { ...BERT, pre: "jina-v2-en" },
    'tokenizer.ggml.pre: the pre-tokenizer "jina-v2-en" is not supported',
  ],
  [
    "a cased BERT",
    withRow(BERT, [...BERT_ROWS, ["▁The", NORMAL]]),
    'tokenizer.ggml.tokens[7]: "The", of a model that keeps upper case, is not supported',
  ],
  [
    "WordPiece without an unknown token",
    { ...withRow(BERT, [["▁a", NORMAL]]), unknown_token_id: undefined },
    "tokenizer.ggml.unknown_token_id: no token of the vocabulary",
  ],
  [
    "two tokens that are one when spelt as before",
    withRow(BERT, [...BERT_ROWS, ["the", CONTROL]]),
    'tokenizer.ggml.tokens[7]: "the" is tokenizer.ggml.tokens[6] already',
  ],
];

describe("a file is refused by the name of the key", () => {
  it.each(REFUSED)("%s", (_, fields, message) => {
    expect(refusal(() => definition(fields))).toContain(message);
  });

  test("with a hint that names what to give instead", () => {
    for (const fields of [
      { ...GPT2, pre: "x" },
      { ...GPT2, model: "rwkv" },
      { ...BERT, pre: "x" },
    ])
      expect(errorOf(() => definition(fields)).hint).toContain("give the tokenizer.json");
  });

  it("or is read: nothing else happens to 2,000 damaged files", () => {
    const random = new Random(5);
    const files = [LLAMA, T5, GPT2, BERT].map(ggufFile);
    const answers = random.times(2000, () => {
      const bytes = damaged(files[random.integer(0, 3)]!, random);
      return refusal(() =>
        new Tokenizer(ggufDefinition(readGgufMetadata(bytes, "x.gguf"))).encode("ab é [CLS]"),
      );
    });
    expect(unlike(answers, /^(?:accepted|tokenizer-invalid|tokenizer-unsupported)/)).toEqual([]);
    expect(new Set(answers).size).toBeGreaterThan(100);
  });
});

it("is found in a folder and by its beginning, and known by the SHA-256 of the whole file", () => {
  const place = join(folder, "model");
  mkdirSync(place);
  const bytes = Buffer.concat([ggufFile(GPT2), Buffer.alloc(3_000_000, 7)]);
  writeFileSync(join(place, "tiny-q4.gguf"), bytes);
  const loaded = loadTokenizer(findTokenizer(place));
  expect(loaded.name).toBe("tiny-q4.gguf");
  expect(loaded.tokenizer.encode("ab")).toEqual([3]);
  expect(loaded.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
});

function errorOf(action: () => unknown): VocabError {
  try {
    action();
  } catch (error) {
    if (error instanceof VocabError) return error;
    throw error;
  }
  throw new Error("accepted");
}
