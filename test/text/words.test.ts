import { describe, expect, test } from "vitest";
import {
  createRangeList,
  icuVersion,
  WHITE_SPACE,
  whitespaceWordRanges,
  wordRanges,
} from "../../src/text/words.ts";
import { whitespaceWordsSlowly } from "../reference/whitespace-words.ts";

describe("whitespace words", () => {
  test.each([
    ["", []],
    ["a", [0, 1]],
    ["  ab c ", [2, 4, 5, 6]],
    ["a\r\nb", [0, 1, 3, 4]],
    ["سلام دنیا", [0, 4, 5, 9]],
    ["می\u200cروم", [0, 6]], // ZWNJ joins
    ["a\u0085b", [0, 1, 2, 3]], // unlike \s
    ["a\ufeffb", [0, 3]], // unlike \s
    ["a\u200bb\u180ec", [0, 5]],
    ["👩‍👩‍👧 e\u0301", [0, 8, 9, 11]],
    ["a\ud800 b", [0, 2, 3, 4]], // lone surrogate
    ["a\u0000b", [0, 3]],
  ])("%j", (text, expected) => {
    expect([...wordRanges(text, "whitespace")]).toEqual(expected);
  });

  test("white space is the 25 characters with the property White_Space, in strings and in bytes", () => {
    const spaces: string[] = [];
    for (let point = 0; point <= 0xffff; point++) {
      const character = String.fromCharCode(point);
      const isSpace = /\p{White_Space}/u.test(character);
      if (isSpace) spaces.push(character);
      if (point >= 0xd800 && point <= 0xdfff) continue;
      const words = isSpace ? 2 : 1;
      if (wordCount(Buffer.from(`a${character}b`)) !== words) throw new Error(`U+${point.toString(16)}`);
    }
    expect(spaces.join("")).toBe(WHITE_SPACE);
    expect(spaces.length).toBe(25);
  });

  test("by bytes as the slow twin, on random strings", () => {
    const random = seededRandom(1);
    for (let i = 0; i < 2000; i++) {
      const text = randomText(random);
      const expected = whitespaceWordsSlowly(text);
      const bytes = Buffer.from(text);
      const list = createRangeList(2);
      expect(whitespaceWordRanges(bytes, 0, bytes.length, list)).toBe(expected.length);
      expect([...list.data.subarray(0, list.length)]).toEqual(expected.flat());
    }
  });

  test("ranges of a part are offsets into the whole, and are appended", () => {
    const bytes = Buffer.from("ab cd\u3000ef");
    const list = createRangeList(2);
    expect(whitespaceWordRanges(bytes, 1, 4, list)).toBe(2);
    expect(whitespaceWordRanges(bytes, 5, bytes.length, list)).toBe(1);
    expect([...list.data.subarray(0, list.length)]).toEqual([1, 2, 3, 4, 8, 10]);
  });

  test("a white space character that the range cuts is not one", () => {
    const bytes = Buffer.from("a\u3000");
    expect(whitespaceWordRanges(bytes, 0, 3, createRangeList())).toBe(1);
  });

  test("a megabyte of one letter is one word, soon", () => {
    const started = performance.now();
    expect(wordCount(Buffer.alloc(1 << 20, "a"))).toBe(1);
    expect(wordRanges("a".repeat(1 << 20), "whitespace").length).toBe(2);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe("uax29 words", () => {
  test.each([
    ["", "en", []],
    ["Hello, world!", "en", [0, 5, 7, 12]],
    ["ภาษาไทย", "th", [0, 4, 4, 7]], // ภาษา ไทย
    ["我们。", "zh", [0, 2]],
    ["བོད་ཡིག", "bo", [0, 3, 4, 7]],
    ["a b", "zzj", [0, 1, 2, 3]], // a locale that ICU does not have
  ])("%j in %s", (text, locale, expected) => {
    expect([...wordRanges(text, "uax29", locale)]).toEqual(expected);
  });

  test("the ICU version is known", () => {
    expect(icuVersion()).toMatch(/^\d+\.\d+/);
  });
});

function wordCount(bytes: Uint8Array): number {
  return whitespaceWordRanges(bytes, 0, bytes.length, createRangeList());
}

const ALPHABET = [
  "a",
  "é",
  "س",
  "中",
  "𐍈",
  "\u200c",
  "\ufeff",
  "\u200b",
  "\u2030",
  "\u3001",
  "\u00a1",
  "\0",
  ...WHITE_SPACE,
];

function randomText(random: () => number): string {
  const length = Math.floor(random() * 20);
  return Array.from({ length }, () => ALPHABET[Math.floor(random() * ALPHABET.length)]).join("");
}

/** mulberry32 */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
