import { describe, expect, it } from "vitest";
import { readTekken } from "../../../src/tokenizer/formats/read-tekken.ts";
import { Random } from "../hostile-text.ts";
import { damaged, randomBytes, refusal, unlike } from "./refusal.ts";

interface Entry {
  readonly rank: number;
  readonly token_bytes: string;
  readonly token_str: string | null;
}

const entry = (bytes: string | Uint8Array, rank: number): Entry => ({
  rank,
  token_bytes: Buffer.from(bytes).toString("base64"),
  token_str: null,
});

const BYTES = Array.from({ length: 256 }, (_, byte) => entry(Uint8Array.of(byte), byte));
const VOCAB = [...BYTES, entry("ab", 256), entry("سلام", 257), entry("not used", 258)];

/** 258 ranks and 30 special tokens in use. */
const CONFIG = {
  pattern: "\\p{L}+|\\P{L}",
  num_vocab_tokens: 259,
  default_vocab_size: 288,
  default_num_special_tokens: 30,
  version: "v3",
};

const special = (text: string, rank: number, is_control = true) => ({ rank, token_str: text, is_control });
const tekken = (changes: object = {}) =>
  Buffer.from(JSON.stringify({ config: CONFIG, vocab: VOCAB, ...changes }));
const read = (bytes: Uint8Array) => readTekken(bytes, "tekken.json");
const answer = (bytes: Uint8Array) => refusal(() => read(bytes));

describe("readTekken", () => {
  it("reads the pattern and as many ranks as the config asks for", () => {
    const { pattern, version, vocabSize, tokens } = read(tekken());
    expect({ pattern, version, vocabSize }).toEqual({
      pattern: "\\p{L}+|\\P{L}",
      version: "v3",
      vocabSize: 288,
    });
    expect(tokens.length).toBe(258);
    expect(tokens[256]).toEqual({ bytes: Uint8Array.of(97, 98), rank: 256 });
    expect(Buffer.from(tokens[257]!.bytes).toString()).toBe("سلام");
  });

  it("has the special tokens of an old version, filled up", () => {
    const { specialTokens } = read(tekken());
    expect(specialTokens.length).toBe(30);
    expect(specialTokens[9]).toEqual({ id: 9, text: "[TOOL_CALLS]", isControl: true });
    expect(specialTokens[19]!.text).toBe("[TOOL_CONTENT]");
    expect(specialTokens[20]).toEqual({ id: 20, text: "<SPECIAL_20>", isControl: true });
    expect(specialTokens[29]!.text).toBe("<SPECIAL_29>");
  });

  it("has the special tokens of the file where it names them", () => {
    const special_tokens = [special("<unk>", 0), special("[THINK]", 1, false)];
    const { specialTokens } = read(tekken({ special_tokens, config: { ...CONFIG, version: "v13" } }));
    expect(specialTokens.slice(0, 3)).toEqual([
      { id: 0, text: "<unk>", isControl: true },
      { id: 1, text: "[THINK]", isControl: false },
      { id: 2, text: "<SPECIAL_2>", isControl: true },
    ]);
  });
});

const withToken = (token: object) => tekken({ vocab: [...BYTES, token, ...VOCAB.slice(257)] });
const withConfig = (changes: object) => tekken({ config: { ...CONFIG, ...changes } });

const BROKEN: readonly (readonly [string, Uint8Array, string])[] = [
  ["nothing", Buffer.from(""), "tekken.json: not valid JSON"],
  ["a list", Buffer.from("[]"), "tekken.json: expected an object, found an array"],
  ["invalid UTF-8", Buffer.from('{"config": "\xff"}', "latin1"), "tekken.json: not valid UTF-8"],
  ["no config", tekken({ config: undefined }), "expected an object, found nothing"],
  ["no pattern", withConfig({ pattern: 1 }), "config.pattern: expected a string, found a number"],
  [
    "a negative size",
    withConfig({ default_vocab_size: -1 }),
    "config.default_vocab_size: expected a token id",
  ],
  [
    "more ranks than there are",
    withConfig({ default_vocab_size: 290 }),
    "vocab: the config asks for 260 ranks, of 256 to the 259 of the file",
  ],
  ["fewer ranks than bytes", withConfig({ default_vocab_size: 200 }), "vocab: the config asks for 170 ranks"],
  [
    "special tokens without end",
    withConfig({ default_vocab_size: 2_000_000_258, default_num_special_tokens: 2_000_000_000 }),
    "config.default_num_special_tokens: 2000000000 is more than the 65536 that may be",
  ],
  ["a wrong rank", withToken(entry("ab", 5)), "vocab[256].rank: expected 256, the place in the list"],
  [
    "bad base64",
    withToken({ ...entry("ab", 256), token_bytes: "YWI" }),
    "vocab[256].token_bytes: not base64, or empty",
  ],
  ["an empty token", withToken(entry("", 256)), "vocab[256].token_bytes: not base64, or empty"],
  ["a token twice", withToken(entry("سلام", 256)), "vocab[257]: the token of [256] again"],
  [
    "bytes out of order",
    tekken({ vocab: [entry("b", 0), ...VOCAB.slice(1)] }),
    "vocab[0]: expected the single byte of the same number",
  ],
  [
    "no special tokens in a new version",
    withConfig({ version: "v11" }),
    "special_tokens: missing, and version v11 has no list of its own",
  ],
  [
    "too many special tokens",
    withConfig({ default_vocab_size: 270, default_num_special_tokens: 12 }),
    "special_tokens: 20 tokens, but the config has room for 12",
  ],
  [
    "a special token twice",
    tekken({ special_tokens: [special("a", 0), special("a", 1)] }),
    "special_tokens: two tokens have one text",
  ],
  [
    "a special token's wrong id",
    tekken({ special_tokens: [special("a", 1)] }),
    "special_tokens[0].rank: expected 0, the place in the list",
  ],
];

describe("a broken tekken.json", () => {
  it.each(BROKEN)("%s", (_, bytes, message) => {
    expect(answer(bytes)).toMatch(/^tokenizer-invalid tekken\.json: /);
    expect(answer(bytes)).toContain(message);
  });

  it("is refused wherever it is cut", () => {
    const whole = tekken();
    for (let size = 0; size < whole.length; size += 7)
      expect(answer(whole.subarray(0, size))).toMatch(/^tokenizer-invalid tekken\.json: /);
  });

  it("of random bytes is refused; with bytes changed it is refused or read", () => {
    const random = new Random(61);
    const answers = random.times(10_000, () => answer(randomBytes(random)));
    expect(unlike(answers, /^tokenizer-invalid tekken\.json: /)).toEqual([]);
    const whole = tekken();
    const changed = random.times(500, () => answer(damaged(whole, random)));
    expect(unlike(changed, /^(tokenizer-invalid tekken\.json: |accepted$)/)).toEqual([]);
  });
});
