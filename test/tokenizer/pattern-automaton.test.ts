import { describe, expect, it } from "vitest";
import { VocabError } from "../../src/errors.ts";
import { parsePattern } from "../../src/tokenizer/pattern-syntax.ts";
import { compileSplits, matchEnd } from "../../src/tokenizer/splitter.ts";
import { matchesSlowly } from "../reference/pattern-matcher.ts";
import { hostileLine, Random } from "./hostile-text.ts";
import { KNOWN_PATTERNS } from "./known-patterns.ts";
import { patternText, randomPattern } from "./random-patterns.ts";

describe("matching", () => {
  it.each([
    ["a+", "aab", ["aa"]],
    ["ab|a", "aab", ["a", "ab"]],
    ["a|ab", "ab", ["a"]],
    ["a+?", "aa", ["a", "a"]],
    ["a{1,2}", "aaa", ["aa", "a"]],
    ["a++b", "aab", ["aab"]],
    ["\\s+(?!\\S)|\\s+", "a   b  ", ["  ", " ", "  "]],
    ["a$", "ab a", ["a"]],
    ["a$", "a\nab", ["a"]],
    ["(?i:'s)", "'s'S'ſ", ["'s", "'S", "'ſ"]],
    ["[a-z&&[^x]]+", "axb", ["a", "b"]],
    [".", "é\n😀", ["é", "😀"]],
  ])("%s in %j", (source, text, expected) => {
    expect(matches(source, text)).toEqual(expected);
    expect(slowMatches(source, text)).toEqual(expected);
  });

  it.each(KNOWN_PATTERNS)("equals the slow twin: $name", ({ sources }) => {
    const random = new Random(11);
    for (const source of sources) {
      const find = matcher(source);
      for (let i = 0; i < 150; i++) {
        const line = hostileLine(random);
        expect(find(line), JSON.stringify(line)).toEqual(slowMatches(source, line));
      }
    }
  });

  it("equals the slow twin: 1500 random patterns", () => {
    const random = new Random(12);
    for (const source of random.times(1500, () => randomPattern(random)).filter(isAccepted)) {
      const find = matcher(source);
      for (const text of random.times(6, () => patternText(random)))
        expect(find(text), `${source} on ${JSON.stringify(text)}`).toEqual(slowMatches(source, text));
    }
  });
});

describe("patterns made to explode are refused in time", () => {
  const letters = (count: number) =>
    Array.from({ length: count }, (_, i) => String.fromCharCode(0x4e00 + 2 * i));
  const sources: readonly (readonly [source: string, message: RegExp])[] = [
    ["((a{1000}){1000}){1000}", /too large/],
    ["(?:a|b)*a(?:a|b){12}", /too many states/],
    [`${".{0,1000}".repeat(15)}x`, /too large/],
    [`${".{0,600}".repeat(2)}${".*".repeat(300)}x`, /too many/],
    [letters(1100).join("|"), /more than 1000 different classes/],
    [letters(300).join("|"), /more than 255 classes/],
    ["a*", /can match the empty text/],
    ["(?=a)|b", /can match the empty text/],
    ["$", /can match the empty text/],
    ["(?:ab)++", /repeats a group possessively/],
  ];
  it.each(sources.map(([source, message]) => ({ name: source.slice(0, 30), source, message })))(
    "$name",
    ({ source, message }) => {
      const start = process.cpuUsage();
      expect(() => matcher(source)).toThrow(message);
      const { user, system } = process.cpuUsage(start);
      expect((user + system) / 1000).toBeLessThan(3000);
    },
  );
});

function isAccepted(source: string): boolean {
  try {
    matcher(source);
    return true;
  } catch (error) {
    if (error instanceof VocabError) return false;
    throw error;
  }
}

function matcher(regex: string): (text: string) => string[] {
  const [split] = compileSplits([{ type: "split", pattern: { regex }, behavior: "Isolated", invert: false }]);
  return (text) => {
    const bytes = Buffer.from(text);
    const found: string[] = [];
    for (let at = 0; at < bytes.length; ) {
      const isStart = (bytes[at]! & 0xc0) !== 0x80;
      const end = isStart ? matchEnd(split!.automaton, bytes, at, bytes.length) : -1;
      if (end > at) found.push(bytes.toString("utf8", at, end));
      at = end > at ? end : at + 1;
    }
    return found;
  };
}

function matches(source: string, text: string): string[] {
  return matcher(source)(text);
}

function slowMatches(source: string, text: string): string[] {
  const characters = [...text];
  return matchesSlowly(parsePattern(source), text).map(([start, end]) =>
    characters.slice(start, end).join(""),
  );
}
