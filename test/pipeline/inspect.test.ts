import { expect, test } from "vitest";
import { VocabError } from "../../src/errors.ts";
import { type InspectedPart, type Inspection, inspectLoaded } from "../../src/pipeline/inspect.ts";
import { parseTokenizerJson } from "../../src/tokenizer/parse-tokenizer-json.ts";
import { Tokenizer } from "../../src/tokenizer/tokenizer.ts";
import { hostileLine, Random } from "../tokenizer/hostile-text.ts";
import { randomTokenizer } from "../tokenizer/random-tokenizers.ts";
import { type Parts, tinyModel, tinyTokenizer } from "../tokenizer/tiny-tokenizer.ts";

function inspectTiny(text: string, parts: Parts = {}): Inspection {
  return inspectLoaded(
    { id: "tiny.json", name: "tiny", source: "tiny.json", sha256: "00", tokenizer: tinyTokenizer(parts) },
    text,
  );
}

test("abcab: the symbols, the merges in their order, the tokens", () => {
  const { parts, tokens, ...rest } = inspectTiny("abcab");
  expect(rest).toEqual({
    schema: "vocab.inspection/1",
    tokenizer: "tiny.json",
    name: "tiny",
    source: "tiny.json",
    sha256: "00",
    text: "abcab",
    bytes: 5,
    characters: 5,
    normalized: undefined,
  });
  expect(parts).toHaveLength(1);
  expect(parts[0]).toMatchObject({ kind: "pre-token", text: "abcab", bytes: "6162636162", tokens: [5, 4] });
  const { merges } = parts[0] as InspectedPart & { kind: "pre-token" };
  expect(merges.map(({ rank, at, product }) => [rank, at, product])).toEqual([
    [0, 0, { id: 4, kind: "merged", text: "ab", bytes: "6162" }],
    [0, 2, { id: 4, kind: "merged", text: "ab", bytes: "6162" }],
    [1, 0, { id: 5, kind: "merged", text: "abc", bytes: "616263" }],
  ]);
  expect(tokens).toEqual([
    { id: 5, token: "abc", text: "abc", bytes: "616263", start: 0, end: 3, added: false, partial: false },
    { id: 4, token: "ab", text: "ab", bytes: "6162", start: 3, end: 5, added: false, partial: false },
  ]);
});

test("added tokens stand between the pre-tokens; the normalized text is shown where it differs", () => {
  const added = {
    id: 7,
    content: "<x>",
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  };
  const { parts, normalized } = inspectTiny("a b<x><x>c", {
    added_tokens: [added],
    normalizer: { type: "Replace", pattern: { String: " " }, content: "▁" },
  });
  expect(normalized).toBe("a▁b<x><x>c");
  expect(parts.map(({ kind, text }) => [kind, text])).toEqual([
    ["pre-token", "a▁b"],
    ["added-token", "<x>"],
    ["added-token", "<x>"],
    ["pre-token", "c"],
  ]);
});

test("an unknown character is one, and no part of a character", () => {
  const { tokens } = inspectTiny("aß");
  expect(tokens[1]).toMatchObject({ id: 0, token: "unk", start: 1, end: 3, partial: false });
});

test("whole pre-tokens under ignore_merges", () => {
  const { parts } = inspectTiny("abc", { model: tinyModel({ ignore_merges: true }) });
  expect(parts[0]).toMatchObject({ symbols: [{ id: 5, kind: "whole" }], merges: [], tokens: [5] });
});

test("the empty text has no parts", () => {
  expect(inspectTiny("")).toMatchObject({ bytes: 0, characters: 0, parts: [], tokens: [] });
});

test("on random tokenizers, the tokens are those of encoding", () => {
  let inspected = 0;
  for (let seed = 100; seed < 115; seed++) {
    const random = new Random(seed);
    const { json, likes } = randomTokenizer(random);
    const tokenizer = accepted(json);
    if (tokenizer === undefined) continue;
    for (const line of random.times(10, () => hostileLine(random, likes).slice(0, 300))) {
      const loaded = { id: "random", name: "random", source: "random", sha256: "", tokenizer };
      const { tokens, parts } = inspectLoaded(loaded, line);
      const ids = tokenizer.encode(line);
      expect(tokens.map(({ id }) => id)).toEqual(ids);
      expect(parts.flatMap((part) => (part.kind === "added-token" ? [part.id] : part.tokens))).toEqual(ids);
      inspected++;
    }
  }
  expect(inspected).toBeGreaterThan(80);
});

function accepted(json: string): Tokenizer | undefined {
  try {
    return new Tokenizer(parseTokenizerJson(json, "random"));
  } catch (error) {
    if (error instanceof VocabError) return undefined;
    throw error;
  }
}
