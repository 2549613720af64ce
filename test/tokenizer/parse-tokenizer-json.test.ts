import { describe, expect, it } from "vitest";
import { VocabError } from "../../src/errors.ts";
import { parseTokenizerJson } from "../../src/tokenizer/parse-tokenizer-json.ts";
import { Tokenizer } from "../../src/tokenizer/tokenizer.ts";
import { type Parts, tinyJson, tinyModel, tinyTokenizer } from "./tiny-tokenizer.ts";

interface BadFile {
  readonly what: string;
  readonly json: string;
  readonly message: RegExp;
}

function file(what: string, parts: Parts, message: RegExp): BadFile {
  return { what, json: tinyJson(parts), message };
}

function model(what: string, parts: Parts, message: RegExp): BadFile {
  return file(what, { model: tinyModel(parts) }, message);
}

function split(regex: string, message: RegExp): BadFile {
  const pretokenizers = [{ type: "Split", pattern: { Regex: regex }, behavior: "Isolated", invert: false }];
  return file(`regex ${regex.slice(0, 20)}`, { pre_tokenizer: { type: "Sequence", pretokenizers } }, message);
}

function added(what: string, tokens: readonly Parts[], message: RegExp, more: Parts = {}): BadFile {
  return file(what, { added_tokens: tokens, ...more }, message);
}

const deep = (levels: number): string =>
  `${'{"type":"Sequence","normalizers":['.repeat(levels)}${"]}".repeat(levels)}`;

const MODELS = [
  model("no vocab", { vocab: undefined }, /model\.vocab: expected an object, found nothing/),
  model("empty vocab", { vocab: {} }, /model\.vocab: the vocabulary is empty/),
  model(
    "an id twice",
    { vocab: { unk: 0, a: 1, b: 1 }, merges: [] },
    /id 1 belongs to two tokens, "a" and "b"/,
  ),
  model(
    "negative id",
    { vocab: { unk: 0, a: -1 }, merges: [] },
    /model\.vocab\["a"\]: expected a token id .* found -1/,
  ),
  model("fractional id", { vocab: { unk: 0, a: 1.5 }, merges: [] }, /found 1\.5/),
  model("huge id", { vocab: { unk: 0, a: 4_000_000_000 }, merges: [] }, /found 4000000000/),
  model("id as text", { vocab: { unk: 0, a: "1" }, merges: [] }, /found "1"/),
  model("half a surrogate pair", { vocab: { unk: 0, "\ud800": 1 }, merges: [] }, /half of a surrogate pair/),
  model("unknown merge", { merges: [["a", "x"]] }, /model\.merges\[0\]: token "x" is not in the vocabulary/),
  model("unknown merge, old spelling", { merges: ["a b", "x b"] }, /model\.merges\[1\]: token "x" is not/),
  model(
    "unknown product",
    { merges: [["b", "a"]] },
    /model\.merges\[0\]: token "ba" is not in the vocabulary/,
  ),
  model(
    "merge of one",
    { merges: ["ab"] },
    /merges\[0\]: expected "left right" or \["left", "right"\], found "ab"/,
  ),
  model("merge of three", { merges: [["a", "b", "c"]] }, /merges\[0\]: expected .* found \["a", "b", "c"\]/),
  model("merge of three, old spelling", { merges: ["a b c"] }, /merges\[0\]: expected/),
  model("merge of nothing", { merges: [["", "a"]] }, /merges\[0\]: expected .* found \["", "a"\]/),
  model("merges not a list", { merges: {} }, /model\.merges: expected an array, found a object/),
  model("WordLevel", { type: "WordLevel" }, /model\.type: the model type "WordLevel" is not supported/),
  model("no type", { type: undefined, merges: undefined }, /model\.type: the model type nothing is not/),
  model(
    "WordPiece",
    { type: "WordPiece", unk_token: "u" },
    /model\.unk_token: token "u" is not in the vocabulary/,
  ),
  model("Unigram of an object", { type: "Unigram" }, /model\.vocab: expected an array, found a object/),
  model("Unigram", unigram([["a", "0"]]), /vocab\[0\]: expected \["piece", score\], found \["a", "0"\]/),
  model("Unigram, NaN", unigram([["a", null]]), /vocab\[0\]: expected \["piece", score\]/),
  model("Unigram of nothing", unigram([]), /model\.vocab: the vocabulary is empty/),
  model("no unknown", { ...unigram([["a", 0]]), unk_id: null }, /model\.unk_id: .* is not supported/),
  model("unknown unknown", { ...unigram([["a", 0]]), unk_id: 1 }, /unk_id: id 1 is above the last piece, 0/),
  model("dropout", { dropout: 0.1 }, /model\.dropout: dropout 0\.1, .* is not supported/),
  model("suffix", { end_of_word_suffix: "</w>" }, /model\.end_of_word_suffix/),
  model(
    "unk not in vocab",
    { unk_token: "<unk>" },
    /model\.unk_token: token "<unk>" is not in the vocabulary/,
  ),
  model("nothing for the unknown", { unk_token: null }, /neither unk_token nor byte_fallback/),
  model("no byte tokens", { unk_token: null, byte_fallback: true }, /no token <0x00>/),
];

const COMPONENTS = [
  { what: "not JSON", json: "{", message: /tiny\.json: not valid JSON/ },
  { what: "an array", json: "[]", message: /tiny\.json: expected an object, found an array/ },
  { what: "null", json: "null", message: /tiny\.json: expected an object, found null/ },
  file("no model", { model: null }, /model: expected an object, found null/),
  file("normalizer", { normalizer: { type: "Nmt" } }, /normalizer\.type: the normalizer "Nmt" is not/),
  file("nested normalizer", { normalizer: JSON.parse(deep(100)) }, /nested deeper than 128 levels/),
  file(
    "pre-tokenizer",
    { pre_tokenizer: { type: "UnicodeScripts" } },
    /pre_tokenizer\.type: the pre-tokenizer "Unic/,
  ),
  file("decoder", { decoder: { type: "CTC" } }, /decoder\.type: the decoder "CTC" is not supported/),
  file(
    "behavior",
    { pre_tokenizer: { type: "Punctuation", behavior: "Merged" } },
    /behavior "Merged" is not supported/,
  ),
  file(
    "scheme",
    { pre_tokenizer: { type: "Metaspace", replacement: "▁", prepend_scheme: "last" } },
    /scheme "last"/,
  ),
  split(
    "(?<=a)b",
    /pre_tokenizer\.pretokenizers\[0\]\.pattern: pattern .* the group \(\?<= at offset 1 is not supported/,
  ),
  split("(a)\\1", /the escape \\1/),
  split("\\bx", /the escape \\b/),
  split("((a{1000}){1000}){1000}", /pretokenizers\[0\]\.pattern: pattern .* is too large/),
];

const ADDED = [
  added("no content", [{ id: 7 }], /added_tokens\[0\]\.content: expected a string, found nothing/),
  added("empty", [{ id: 7, content: "" }], /added_tokens\[0\]: the token is empty/),
  added(
    "negative id",
    [{ id: -1, content: "<x>" }],
    /added_tokens\[0\]\.id: expected a token id .* found -1/,
  ),
  added(
    "another number",
    [{ id: 9, content: "<x>" }],
    /added_tokens\[0\]: token "<x>" has id 9, .* number it 7/,
  ),
  added("id of another", [{ id: 1, content: "b" }], /added_tokens\[0\]: token "b" has id 1, .* number it 2/),
  added(
    "a gap filled",
    [{ id: 3, content: "<x>" }],
    /id 3 belongs to two tokens, "c" of model\.vocab and "<x>"/,
    { model: tinyModel({ vocab: { unk: 0, a: 1, c: 3 }, merges: [] }) },
  ),
  added(
    "crossed stripping",
    [
      { id: 7, content: "<x>", rstrip: true },
      { id: 8, content: "\n", lstrip: true },
    ],
    /added_tokens\[1\]\.lstrip: lstrip of white space beside tokens with rstrip is not supported/,
  ),
  added(
    "twice",
    [
      { id: 7, content: "<x>" },
      { id: 8, content: "<x>" },
    ],
    /added_tokens\[1\]: token "<x>" stands twice/,
  ),
  added(
    "equal once normalized",
    [
      { id: 7, content: "ﬁ", normalized: true },
      { id: 8, content: "fi", normalized: true },
    ],
    /added_tokens\[1\]: tokens "ﬁ" and "fi" are equal once normalized/,
    { normalizer: { type: "NFKC" } },
  ),
  added(
    "nothing once normalized",
    [{ id: 7, content: "  ", normalized: true }],
    /added_tokens\[0\]: token " {2}" is empty once normalized/,
    { normalizer: { type: "Strip", strip_left: true, strip_right: true } },
  ),
];

describe("a bad file is one clear error that names the place and the fix", () => {
  it.each([...MODELS, ...COMPONENTS, ...ADDED])("$what", ({ json, message }) => {
    const error = errorOf(() => new Tokenizer(parseTokenizerJson(json, "tiny.json")));
    expect(error).toBeInstanceOf(VocabError);
    expect(error.message).toMatch(/^tiny\.json: /);
    expect(error.message).toMatch(message);
    expect(error.message.length).toBeLessThan(600);
    expect((error as VocabError).hint).toBeDefined();
  });
});

describe("a good file", () => {
  it("may name a token __proto__ or constructor", () => {
    const json = tinyJson().replace('"c":3', '"c":3,"_":7,"__proto__":8,"constructor":9');
    const tokenizer = new Tokenizer(parseTokenizerJson(json, "tiny.json"));
    expect(tokenizer.definition.model.idOfToken.get("__proto__")).toBe(8);
    expect(tokenizer.decode([8, 9])).toBe("__proto__ constructor");
  });

  it("may spell merges in the old way, below a line with a version", () => {
    const tokenizer = tinyTokenizer({ model: tinyModel({ merges: ["#version: 0.2", "a b", "ab c"] }) });
    expect(tokenizer.encode("abc")).toEqual([5]);
  });

  it("may set truncation, padding and a post-processor, which do not touch the ids counted", () => {
    const truncation = { direction: "Right", max_length: 1, strategy: "LongestFirst", stride: 0 };
    const tokenizer = tinyTokenizer({ truncation, padding: { pad_id: 0 }, post_processor: { type: "Any" } });
    expect(tokenizer.encode("aa")).toEqual([1, 1]);
  });
});

function errorOf(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}

function unigram(vocab: unknown[]): Record<string, unknown> {
  return { type: "Unigram", unk_id: 0, vocab, merges: undefined };
}
