import { expect, it } from "vitest";
import { TextComparer } from "../../src/verification/text-comparison.ts";
import { tinyModel, tinyTokenizer } from "../tokenizer/tiny-tokenizer.ts";

// a 1, b 2, c 3, ab 4, abc 5; merges a+b, ab+c.
const base = tinyTokenizer();

function compare(after: ReturnType<typeof tinyTokenizer>, ...documents: string[]) {
  const comparer = new TextComparer(base, after);
  for (const document of documents) comparer.add(Buffer.from(document));
  return comparer.result("tiny", "made");
}

it("finds nothing between a tokenizer and itself", () => {
  expect(compare(tinyTokenizer(), "abc", "cab")).toEqual({
    name: "tiny",
    source: "made",
    documents: 2,
    bytes: 6,
    tokensBefore: 3,
    tokensAfter: 3,
    changed: 0,
    examples: [],
  });
});

it("shows the shortest stretch that changed, and no crossed border where tokens were joined", () => {
  const vocab = { unk: 0, a: 1, b: 2, c: 3, ab: 4, abc: 5, "▁": 6, cab: 7 };
  const merges = ["a b", "ab c", "c ab"];
  const found = compare(tinyTokenizer({ model: tinyModel({ vocab, merges }) }), "bcabb", "abc");
  expect(found).toMatchObject({ changed: 1, tokensBefore: 5, tokensAfter: 4 });
  expect(found.examples).toEqual([{ text: "cab", before: ["c", "ab"], after: ["cab"] }]);
  expect(found.crossedBorder).toBeUndefined();
});

it("names the place of a border that is new", () => {
  const vocab = { unk: 0, a: 1, b: 2, c: 3, ab: 4, abc: 5, "▁": 6, bc: 7 };
  const found = compare(
    tinyTokenizer({ model: tinyModel({ vocab, merges: ["b c", "a b", "ab c"] }) }),
    "aabc",
  );
  expect(found.examples).toEqual([{ text: "abc", before: ["abc"], after: ["a", "bc"] }]);
  expect(found.crossedBorder).toBe('"abc" is divided after byte 2 of "aabc", where the base has no border');
});
