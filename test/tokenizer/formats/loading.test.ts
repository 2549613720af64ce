// Files of every format through the loader: what a file is, what stands beside it, and the errors that people see.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { SentencePiece } from "../../../src/tokenizer/formats/read-sentencepiece.ts";
import { findTokenizer, loadTokenizer } from "../../../src/tokenizer/load-tokenizer.ts";
import type { Tokenizer } from "../../../src/tokenizer/tokenizer.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { GgufWriter, type Pair } from "./gguf-writer.ts";
import { BYTE_PIECES, bytesField, intField, model, pieceField, textField } from "./protobuf-writer.ts";
import { refusal } from "./refusal.ts";

const folder = temporaryFolder();
let count = 0;

function load(files: Readonly<Record<string, string | Uint8Array>>, name?: string): Tokenizer {
  const own = join(folder, `t${count++}`);
  mkdirSync(own);
  for (const [file, content] of Object.entries(files)) writeFileSync(join(own, file), content);
  return loadTokenizer(findTokenizer(name === undefined ? own : join(own, name))).tokenizer;
}

/** All bytes, then "ab", "abc" and "bc": of "abc" the pair of lowest rank is a + b, whatever it leads to. */
const RANKS = [...Array.from({ length: 256 }, (_, byte) => [byte]), [97, 98], [97, 98, 99], [98, 99]]
  .map((bytes, rank) => `${Buffer.from(bytes).toString("base64")} ${rank}\n`)
  .join("");
const BESIDE = JSON.stringify({ pattern: "\\p{L}+|\\P{L}", special_tokens: { "<|end|>": 300 } });

describe("tiktoken ranks", () => {
  const files = { "x.tiktoken": RANKS, "x.tiktoken.json": BESIDE };

  it("merge the pair whose token ranks first; special tokens are found in text", () => {
    const tokenizer = load(files);
    expect(tokenizer.encode("ab")).toEqual([256]);
    expect(tokenizer.encode("abc")).toEqual([257]);
    expect(tokenizer.encode("xbcx")).toEqual([120, 258, 120]);
    expect(tokenizer.encode("<|end|>bc")).toEqual([300, 258]);
    expect(tokenizer.decode([257, 300])).toBe("abc<|end|>");
    expect(tokenizer.definition.vocabSize).toBe(260);
  });

  it("may be called tokenizer.model, as Meta calls them", () => {
    expect(load({ "tokenizer.model": RANKS, "tokenizer.model.json": BESIDE }).encode("ab")).toEqual([256]);
  });

  it.each([
    ["no pattern", { "x.tiktoken": RANKS }, /a rank file does not say how text is cut/],
    ["JSON that is none", { ...files, "x.tiktoken.json": "{" }, /x\.tiktoken\.json: not valid JSON/],
    ["no pattern in it", { ...files, "x.tiktoken.json": "{}" }, /pattern: expected a string/],
    ["a bad pattern", { ...files, "x.tiktoken.json": '{"pattern": "(?<=a)b"}' }, /the group \(\?</],
  ])("%s: one clear error", (_, wrong, message) => {
    expect(refusal(() => load(wrong))).toMatch(message);
  });

  // In Rust `{1,3}+` takes what it can and gives nothing back; Oniguruma repeats the interval.
  it("have patterns in Rust's syntax", () => {
    const beside = JSON.stringify({ pattern: "\\p{N}{1,3}+|\\P{N}" });
    expect(
      load({ "x.tiktoken": RANKS, "x.tiktoken.json": beside }).encodeBytes(Buffer.from("12345")).preTokens,
    ).toBe(2);
  });
});

const PIECES: readonly SentencePiece[] = [
  { text: "<unk>", score: 0, type: "unknown" },
  { text: "<s>", score: 0, type: "control" },
  ...BYTE_PIECES,
  { text: "ab", score: 0, type: "user-defined" },
  { text: "▁▁", score: 0, type: "user-defined" },
  ...["▁", "a", "b", "c", "d"].map((text) => ({ text, score: -9, type: "normal" as const })),
  { text: "▁c", score: -1, type: "normal" },
  { text: "cd", score: -2, type: "normal" },
  { text: "▁cd", score: -3, type: "normal" },
];
const id = (text: string) => PIECES.findIndex((piece) => piece.text === text);

/** modelType: 1 Unigram, 2 BPE, 3 word. */
function sentencePiece(modelType: number, normalizer: readonly number[] = intField(4, 0)): Uint8Array {
  const trainer = [...intField(3, modelType), ...intField(35, 1)];
  const fields = PIECES.flatMap((piece) => pieceField(piece));
  return Uint8Array.from([...fields, ...bytesField(2, trainer), ...bytesField(3, normalizer)]);
}

describe("SentencePiece models", () => {
  it("merge the pair of the highest score; user-defined pieces come first and never merge", () => {
    const tokenizer = load({ "tokenizer.model": sentencePiece(2) });
    expect(tokenizer.encode("cd")).toEqual([id("▁cd")]);
    expect(tokenizer.encode("abcd")).toEqual([id("▁"), id("ab"), id("cd")]);
    // The prefix and a space are the piece of two.
    expect(tokenizer.encode(" cd")).toEqual([id("▁▁"), id("cd")]);
    expect(tokenizer.encode("<s>é")).toEqual(
      [id("▁"), ...[..."<s>"].map((c) => id(`<0x${c.charCodeAt(0).toString(16).toUpperCase()}>`))].concat(
        id("<0xC3>"),
        id("<0xA9>"),
      ),
    );
    expect(tokenizer.decode(tokenizer.encode("abcd é"))).toBe("abcd é");
  });

  it("Unigram: the best sum; a user-defined piece always wins", () => {
    const tokenizer = load({ "spiece.model": sentencePiece(1) });
    expect(tokenizer.encode("cd")).toEqual([id("▁cd")]);
    expect(tokenizer.encode("ab")).toEqual([id("▁"), id("ab")]);
  });

  it("spaces at the ends and runs of them may go", () => {
    const tokenizer = load({ "tokenizer.model": sentencePiece(1, intField(4, 1)) });
    expect(tokenizer.encode("  cd   cd ")).toEqual([id("▁cd"), id("▁cd")]);
    expect(tokenizer.encode("   ")).toEqual([]);
  });

  it.each([
    ["a model of words", sentencePiece(3), /model_type: the model type word is not supported/],
    ["spaces that stay", sentencePiece(2, [...intField(4, 0), ...intField(5, 0)]), /escape_whitespaces: /],
    [
      "white space as a suffix",
      Uint8Array.from(model(undefined, intField(24, 1))),
      /treat_whitespace_as_suffix/,
    ],
  ])("%s: refused by its field", (_, bytes, message) => {
    expect(refusal(() => load({ "tokenizer.model": bytes }))).toMatch(message);
  });

  it("a piece with a character that is no piece is refused", () => {
    const bytes = [...sentencePiece(2), ...pieceField({ text: "xy", score: -8, type: "normal" })];
    expect(refusal(() => load({ "tokenizer.model": Uint8Array.from(bytes) }))).toMatch(
      /"xy", whose character "x"/,
    );
  });
});

const writer = new GgufWriter();
const text = (key: string, value: string): Pair => ({
  key: `tokenizer.ggml.${key}`,
  type: 8,
  value: writer.string(value),
});
const texts = (key: string, values: readonly string[]): Pair => ({
  key: `tokenizer.ggml.${key}`,
  type: 9,
  value: writer.array(
    8,
    values.map((value) => writer.string(value)),
  ),
});
const floats = (key: string, values: readonly number[]): Pair => ({
  key: `tokenizer.ggml.${key}`,
  type: 9,
  value: writer.array(
    6,
    values.map((value) => writer.number(4, (view, le) => view.setFloat32(0, value, le))),
  ),
});
const integers = (key: string, values: readonly number[]): Pair => ({
  key: `tokenizer.ggml.${key}`,
  type: 9,
  value: writer.array(
    5,
    values.map((value) => writer.number(4, (view, le) => view.setInt32(0, value, le))),
  ),
});
const TYPES = ["", "normal", "unknown", "control", "user-defined", "unused", "byte"];

function gguf(...pairs: readonly Pair[]): Uint8Array {
  return Buffer.concat([
    Buffer.from("GGUF"),
    writer.u32(3),
    writer.u64(0),
    writer.u64(pairs.length),
    ...pairs.map((pair) => writer.pair(pair)),
  ]);
}

const SPM = [
  texts(
    "tokens",
    PIECES.map((piece) => piece.text),
  ),
  floats(
    "scores",
    PIECES.map(({ score }) => score),
  ),
  integers(
    "token_type",
    PIECES.map(({ type }) => TYPES.indexOf(type)),
  ),
];

describe("GGUF", () => {
  it("llama and t5 read text as the SentencePiece models that they were made from", () => {
    for (const [name, modelType] of [
      ["llama", 2],
      ["t5", 1],
    ] as const) {
      const tokenizer = load({ "x.gguf": gguf(text("model", name), ...SPM) });
      const twin = load({ "tokenizer.model": sentencePiece(modelType) });
      for (const line of ["cd abcd", "  é <s>", "", "ab▁ab"])
        expect(tokenizer.encode(line)).toEqual(twin.encode(line));
    }
  });

  const bytes = Array.from({ length: 256 }, (_, byte) =>
    String.fromCodePoint(byte > 32 && byte < 127 ? byte : 256 + byte),
  );

  it("gpt2: merges, the pattern by its name, special tokens, and no names of padding", () => {
    const tokens = [...bytes, "ab", "<|end|>", "[PAD258]"];
    const types = [...Array.from({ length: 257 }, () => 1), 3, 4];
    const tokenizer = load({
      "x.gguf": gguf(
        text("model", "gpt2"),
        text("pre", "gpt-2"),
        texts("tokens", tokens),
        integers("token_type", types),
        texts("merges", ["a b"]),
      ),
    });
    expect(tokenizer.encode("ab<|end|>")).toEqual([256, 257]);
    expect(tokenizer.encode("[PAD258]")).toHaveLength(8);
    expect(tokenizer.definition.vocabSize).toBe(258);
  });

  it("bert: words as its WordPiece had them", () => {
    const tokens = ["[PAD]", "[UNK]", "▁un", "affable", "▁a"];
    const tokenizer = load({
      "x.gguf": gguf(text("model", "bert"), texts("tokens", tokens), integers("token_type", [3, 3, 1, 1, 1])),
    });
    expect(tokenizer.encode("Unaffable a b")).toEqual([2, 3, 4, 1]);
  });
});

describe("a GGUF file that says too little", () => {
  it.each([
    ["no tokenizer", [], /tokenizer\.ggml\.model: the key is missing/],
    ["another kind", [text("model", "rwkv")], /model: the tokenizer "rwkv" is not supported/],
    ["no tokens", [text("model", "llama")], /tokens: the key is missing/],
    [
      "scores of another length",
      [text("model", "llama"), SPM[0]!, floats("scores", [1])],
      /scores: 1 entries/,
    ],
    [
      "a type that is none",
      [text("model", "bert"), texts("tokens", ["a"]), integers("token_type", [9])],
      /9 is no type/,
    ],
    [
      "a pattern without a name",
      [text("model", "gpt2"), texts("tokens", ["a"]), integers("token_type", [1])],
      /pre: no pre-tokenizer that is named is not supported/,
    ],
  ])("%s: one clear error that names the key", (_, pairs, message) => {
    expect(refusal(() => load({ "x.gguf": gguf(...pairs) }))).toMatch(message);
  });
});

describe("what a file is", () => {
  it("goes by how it begins, and a folder's tokenizer.json before others", () => {
    const json = JSON.stringify({
      model: { type: "BPE", vocab: { a: 0, u: 1 }, merges: [], unk_token: "u" },
    });
    const files = { "tokenizer.json": json, "tokenizer.model": sentencePiece(2) };
    expect(load(files).encode("a")).toEqual([0]);
    expect(load(files, "tokenizer.model").encode("cd")).toEqual([id("▁cd")]);
  });

  it.each([
    [
      "an image",
      { "x.bin": Uint8Array.of(0x89, 0x50, 0x4e, 0x47) },
      "x.bin",
      /no tokenizer that vocab knows/,
    ],
    ["an empty file", { "x.model": "" }, "x.model", /no tokenizer that vocab knows/],
    ["JSON of another kind", { "x.json": "[]" }, "x.json", /expected an object, found an array/],
    [
      "a folder of other things",
      { "a.txt": textField(1, "x").join("") },
      undefined,
      /holds no tokenizer\.json/,
    ],
  ])("%s is refused", (_, files, name, message) => {
    expect(refusal(() => load(files as Record<string, string | Uint8Array>, name))).toMatch(message);
  });
});
