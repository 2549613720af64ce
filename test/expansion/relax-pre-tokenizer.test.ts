import { describe, expect, test } from "vitest";
import { relaxPattern, relaxPreTokenizer } from "../../src/expansion/relax-pre-tokenizer.ts";
import { Tokenizer } from "../../src/tokenizer/tokenizer.ts";
import { KNOWN_PATTERNS } from "../tokenizer/known-patterns.ts";
import { byteLevelBase, byteLevelSteps, LLAMA_PATTERN, parse } from "./tiny-base.ts";

function sourceOf(name: string): string {
  return KNOWN_PATTERNS.find((pattern) => pattern.name === name)!.sources[0]!;
}

describe("marks in the word branch, and nothing else", () => {
  test.each([
    ["GPT-2", " ?\\p{L}+", " ?[\\p{L}\\p{M}]+"],
    ["cl100k and Llama-3", "}]?\\p{L}+", "}]?[\\p{L}\\p{M}]+"],
    ["cl100k, possessive", "}]?+\\p{L}++", "}]?+[\\p{L}\\p{M}]++"],
    ["Qwen2 and Qwen3", "}]?\\p{L}+", "}]?[\\p{L}\\p{M}]+"],
  ])("%s", (name, before, after) => {
    const source = sourceOf(name);
    expect(source.split(before)).toHaveLength(2);
    expect(relaxPattern(source)).toBe(source.split(before).join(after));
  });
});

describe("refused", () => {
  test.each(["Qwen3.5", "o200k", "DeepSeek-V3"])("%s: words hold marks already", (name) => {
    const text = JSON.stringify(byteLevelBase({ parts: { pre_tokenizer: byteLevelSteps(sourceOf(name)) } }));
    expect(relaxPattern(sourceOf(name))).toBeUndefined();
    if (name !== "DeepSeek-V3") expect(() => relaxPreTokenizer(text)).toThrow("hold combining marks already");
  });

  test("a pattern that is not known, and none at all", () => {
    const other = byteLevelBase({ parts: { pre_tokenizer: byteLevelSteps(`${LLAMA_PATTERN}|x`) } });
    expect(() => relaxPreTokenizer(JSON.stringify(other))).toThrow("not one whose word branch is known");
    const none = byteLevelBase({ parts: { pre_tokenizer: null } });
    expect(() => relaxPreTokenizer(JSON.stringify(none))).toThrow("not one whose word branch is known");
  });
});

test("the file changes in that one place", () => {
  const text = JSON.stringify(byteLevelBase({ merges: [["a", "b"]] }), null, 2);
  const relaxed = relaxPreTokenizer(text);
  const lines = text.split("\n");
  const changed = relaxed.split("\n").flatMap((line, i) => (line === lines[i] ? [] : [[lines[i], line]]));
  expect(relaxed.split("\n")).toHaveLength(lines.length);
  expect(changed).toHaveLength(1);
  expect(changed[0]![1]).toContain("[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?[\\\\p{L}\\\\p{M}]+|");
});

test("Hindi words are one pre-token then", () => {
  const text = JSON.stringify(byteLevelBase());
  const preTokens = (json: string) =>
    new Tokenizer(parse(json)).encodeBytes(Buffer.from("हिन्दी में")).preTokens;
  expect(preTokens(relaxPreTokenizer(text))).toBe(2);
  expect(preTokens(text)).toBeGreaterThan(2);
});

test("ByteLevel with its own pattern gets it written out", () => {
  const step = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
  const text = JSON.stringify(byteLevelBase({ parts: { pre_tokenizer: step } }), null, 2);
  const relaxed = new Tokenizer(parse(relaxPreTokenizer(text)));
  const source = "it's हिन्दी, 12 ab";
  const written = byteLevelSteps(sourceOf("GPT-2").replace(" ?\\p{L}+", " ?[\\p{L}\\p{M}]+"));
  const expected = new Tokenizer(parse(JSON.stringify(byteLevelBase({ parts: { pre_tokenizer: written } }))));
  expect(relaxed.encodeBytes(Buffer.from(source))).toEqual(expected.encodeBytes(Buffer.from(source)));
  const prefixed = { ...step, add_prefix_space: true };
  const withPrefix = JSON.stringify(byteLevelBase({ parts: { pre_tokenizer: prefixed } }));
  expect(() => relaxPreTokenizer(withPrefix)).toThrow("not one whose word branch is known");
});
