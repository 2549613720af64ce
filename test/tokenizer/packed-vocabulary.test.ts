import { expect, it } from "vitest";
import { packVocabulary } from "../../src/tokenizer/packed-vocabulary.ts";
import { Random } from "./hostile-text.ts";

it("is the same vocabulary", () => {
  const tokens = ["b", undefined, "", "ab", "a", "\u{1f600}", "é", "e\u0301", undefined];
  const idOfToken = new Map(tokens.flatMap((token, id) => (token === undefined ? [] : [[token, id]])));
  const packed = packVocabulary({ tokens, idOfToken });
  expect(packed.tokens).toHaveLength(tokens.length);
  expect([...packed.tokens]).toEqual(tokens);
  expect(tokens.map((_, id) => packed.tokens.at(id))).toEqual(tokens);
  expect(packed.tokens.at(tokens.length)).toBeUndefined();
  expect(new Map(packed.idOfToken)).toEqual(idOfToken);
  expect([...packed.idOfToken.keys()]).toEqual([...idOfToken.keys()]);
  expect([...packed.idOfToken.values()]).toEqual([...idOfToken.values()]);
  for (const [token, id] of idOfToken) expect(packed.idOfToken.get(token)).toBe(id);
  for (const token of ["c", "abb", "ba", "\u{1f601}", "E", "bab"])
    expect(packed.idOfToken.has(token)).toBe(false);
});

// SentencePiece's control and unknown pieces stand for no text.
it("tokens without an id by their text stay so", () => {
  const packed = packVocabulary({ tokens: ["<s>", "a", "b"], idOfToken: new Map([["b", 2]]) });
  expect(packed.idOfToken.size).toBe(1);
  expect(packed.idOfToken.get("a")).toBeUndefined();
  expect(packed.tokens.at(0)).toBe("<s>");
});

it("an id of another token is an error", () => {
  expect(() => packVocabulary({ tokens: ["a", "b"], idOfToken: new Map([["a", 1]]) })).toThrow(
    'id 1 is not the token "a"',
  );
});

it("finds each of many tokens", () => {
  const random = new Random(3);
  const letter = () => random.pick([..."abcسلام▁\u{1f600}"]);
  const tokens = [
    ...new Set(random.times(20_000, () => random.times(1 + Math.floor(random.next() * 9), letter).join(""))),
  ];
  const idOfToken = new Map(tokens.map((token, id) => [token, id]));
  const packed = packVocabulary({ tokens, idOfToken });
  expect(
    tokens.every((token, id) => packed.idOfToken.get(token) === id && packed.tokens.at(id) === token),
  ).toBe(true);
  expect(tokens.every((token) => packed.idOfToken.get(`${token}!`) === undefined)).toBe(true);
});
