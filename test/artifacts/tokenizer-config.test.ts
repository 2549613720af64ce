import { describe, expect, test } from "vitest";
import { expandedTokenizerConfig } from "../../src/artifacts/tokenizer-config.ts";

const CLASS = "PreTrainedTokenizerFast";

test("the class is replaced and all else stays as it is written", () => {
  const text =
    '{\n  "model_max_length": 1000000000000000019884624838656,\n  "tokenizer_class": "Qwen2Tokenizer",\n  "x": "\\u00e9"\n}\n';
  expect(expandedTokenizerConfig(text)).toBe(text.replace("Qwen2Tokenizer", CLASS));
});

describe("a file without a class gets one", () => {
  test.each(["{}", '{ "a": 1 }', '{\n  "a": {"tokenizer_class": "B"},\n  "c": 2\n}'])("%j", (text) => {
    const json: unknown = JSON.parse(expandedTokenizerConfig(text));
    expect(json).toEqual({ ...(JSON.parse(text) as object), tokenizer_class: CLASS });
  });

  test("null counts as none, and no file as an empty one", () => {
    expect(JSON.parse(expandedTokenizerConfig('{"tokenizer_class": null}'))).toEqual({
      tokenizer_class: CLASS,
    });
    expect(JSON.parse(expandedTokenizerConfig(undefined))).toEqual({ tokenizer_class: CLASS });
  });
});

describe("code of the base's own is not loaded in its place", () => {
  test.each([
    '{"auto_map": {"AutoTokenizer": ["a.B", null]}}',
    '{"auto_map": {}, "a": 1}',
    '{\n  "a": 1,\n  "auto_map": {"x": [1, 2]}\n}',
    '{"a": 1, "auto_map": [], "tokenizer_class": "X", "b": 2}',
  ])("%j", (text) => {
    const { auto_map: _, ...rest } = JSON.parse(text) as Record<string, unknown>;
    expect(JSON.parse(expandedTokenizerConfig(text))).toEqual({ ...rest, tokenizer_class: CLASS });
  });
});

test("what is no object is refused", () => {
  expect(() => expandedTokenizerConfig("[]")).toThrow("expected an object");
  expect(() => expandedTokenizerConfig("{")).toThrow("not valid JSON");
});
