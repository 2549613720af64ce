import { describe, expect, it } from "vitest";
import { AddedTokenMatcher } from "../../src/tokenizer/added-token-matcher.ts";
import type { AddedToken } from "../../src/tokenizer/definition.ts";
import { sectionsSlowly } from "../reference/added-tokens.ts";
import { hostileLine, Random } from "./hostile-text.ts";

const PLAIN = { singleWord: false, lstrip: false, rstrip: false, normalized: false, special: true };

describe("sections", () => {
  it("takes the leftmost token, and the longest of those that start there", () => {
    const tokens = ["ab", "abc", "bcd"].map((content, id) => ({ ...PLAIN, id, content }));
    expect(sections("abcd", tokens)).toEqual(["abc=1", "d"]);
    expect(sections("xbcdab", tokens)).toEqual(["x", "bcd=2", "ab=0"]);
  });

  it("with lstrip and rstrip swallows the whitespace around, once", () => {
    const tokens = [{ ...PLAIN, id: 7, content: "<x>", lstrip: true, rstrip: true }];
    expect(sections("a \u3000<x>\n <x> b", tokens)).toEqual(["a", " \u3000<x>\n =7", "<x> =7", "b"]);
  });

  it("with singleWord skips a match beside a word character, with its text", () => {
    const tokens = [
      { ...PLAIN, id: 1, content: "ab", singleWord: true },
      { ...PLAIN, id: 2, content: "b" },
    ];
    expect(sections("ab xab b ab\u200d", tokens)).toEqual(["ab=1", " xab ", "b=2", " ab\u200d"]);
  });

  it("equals the slow twin on hostile lines", () => {
    const random = new Random(5);
    const contents = ["<x>", "<x><y>", "<", "ab", "b", "abc", " ", "  ", "\n", "é", "中", "a b", "😀", "ا"];
    for (let i = 0; i < 400; i++) {
      const tokens = [...new Set(random.times(random.integer(1, 6), () => random.pick(contents)))].map(
        (content, id) => ({
          id,
          content,
          singleWord: random.chance(0.3),
          lstrip: content.trim() !== "" && random.chance(0.3),
          rstrip: random.chance(0.3),
          normalized: false,
          special: false,
        }),
      );
      const line = hostileLine(random, [...contents, "ab c", " <x> "]);
      const characters = [...line];
      const expected = sectionsSlowly(line, tokens).map(([start, end, id]) =>
        shown(characters.slice(start, end).join(""), id),
      );
      expect(sections(line, tokens), JSON.stringify(line)).toEqual(expected);
    }
  });
});

function sections(text: string, tokens: readonly AddedToken[]): string[] {
  const matcher = new AddedTokenMatcher(
    tokens,
    tokens.map((token) => token.content),
  );
  const bytes = Buffer.from(text);
  return matcher.sections(bytes).map(({ start, end, id }) => shown(bytes.toString("utf8", start, end), id));
}

function shown(text: string, id: number): string {
  return id < 0 ? text : `${text}=${id}`;
}
