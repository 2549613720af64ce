import { describe, expect, it } from "vitest";
import { codePointSet } from "../../src/text/unicode.ts";
import { parsePattern } from "../../src/tokenizer/pattern-syntax.ts";

const REFUSED: readonly (readonly [source: string, construct: string])[] = [
  ["(?<=a)b", "the group (?<="],
  ["(?<!a)b", "the group (?<!"],
  ["(?>a)", "the group (?>"],
  ["(?<name>a)", "the group (?<n"],
  ["(?i)a", "the group (?i)"],
  ["(a)\\1", "the escape \\1"],
  ["\\bword", "the escape \\b"],
  ["\\w+", "the escape \\w"],
  ["[\\w]", "the escape \\w"],
  ["\\h", "the escape \\h"],
  ["\\R", "the escape \\R"],
  ["\\X", "the escape \\X"],
  ["\\G", "the escape \\G"],
  ["\\Aa", "the escape \\A"],
  ["^a", "the anchor ^"],
  ["[[:alpha:]]", "a POSIX bracket"],
  ["[]a]", "an empty character class"],
  ["[a&&]", "an empty character class"],
  ["[a", "a missing ]"],
  ["[a-c-e]", "a - inside"],
  ["[a-&&b]", "a range that is not between two characters"],
  ["[+-[a]]", "a range that is not between two characters"],
  ["[\\d-a]", "a range that is not between two characters"],
  ["[a-\\d]", "a range that ends in a class"],
  ["[c-a]", "a range that runs backwards"],
  ["\\p{Klingon}", "the property \\p{Klingon}"],
  ["\\pL", "a property without {}"],
  ["\\x{110000}", "a code point above U+10FFFF"],
  ["\\uD800", "a surrogate"],
  ["(?=ab)c", "a lookahead over more than one character"],
  ["(a", "a missing )"],
  ["a)", "an unmatched )"],
  ["*a", "a quantifier of nothing"],
  ["a|+b", "a quantifier of nothing"],
  ["(?:{2})", "a quantifier of nothing"],
  ["(a*)*", "repeating what can match the empty text"],
  ["(a|b?)+c", "repeating what can match the empty text"],
  ["(?!a)+b", "repeating what can match the empty text"],
  ["(((){1000}){1000}){1000}", "repeating what can match the empty text"],
  ["a{2,1}", "an interval whose end is below its start"],
  ["a{}", "the interval {}"],
  ["a{2}?", "the interval {n}?"],
  ["a{1001}", "a repeat count above 1000"],
  ["(?i:ss)", "a multi-character fold"],
  ["(?i:s(?:t))", "a multi-character fold"],
  ["(?i:\\x73s)", "a multi-character fold"],
  ["(?i:é)", "the case-insensitive literal é"],
  ["(?i:[^a])", "a case-insensitive character class beyond ASCII"],
  ["(".repeat(10_000), "nesting deeper than 100 groups"],
  ["[".repeat(10_000), "nesting deeper than 100 groups"],
  ["a|".repeat(100_000), "a pattern of more than 10000 characters"],
];

describe("parsePattern", () => {
  it("reads a|b+ as a choice of a class and a repeat", () => {
    const [a, b] = ["a", "b"].map((letter) => ({
      type: "class",
      set: { ranges: Int32Array.of(letter.charCodeAt(0), letter.charCodeAt(0) + 1) },
    }));
    expect(parsePattern("a|b+")).toEqual({
      type: "choice",
      options: [a, { type: "repeat", item: b, min: 1, max: Infinity, mode: "greedy" }],
    });
  });

  it("reads {n,m}+ as Ruby does: an interval that is repeated, not a possessive one", () => {
    expect(parsePattern("a{1,3}+")).toMatchObject({
      mode: "greedy",
      item: { type: "repeat", min: 1, max: 3 },
    });
    expect(parsePattern("a++")).toMatchObject({ mode: "possessive" });
    expect(parsePattern("a{,2}")).toMatchObject({ min: 0, max: 2 });
  });

  it.each([
    ["\\p{L}", "L"],
    ["\\P{^L}", "L"],
    ["[\\p{L}]", "L"],
    ["[^\\P{L}]", "L"],
    ["[[^\\P{L}]&&\\p{L}]", "L"],
    ["\\d", "Nd"],
    ["[^\\S]", "White_Space"],
  ])("%s is the set %s", (source, property) => {
    expect(parsePattern(source)).toEqual({ type: "class", set: codePointSet(property) });
  });

  it.each(REFUSED.map(([source, construct]) => [source.slice(0, 30), source, construct]))(
    "refuses %s",
    (_name, source, construct) => {
      expect(() => parsePattern(source!)).toThrow(construct);
    },
  );
});
