// The meaning of patterns against Oniguruma, by a Split of the reference library: whatever vocab accepts must match the
// same; what the library refuses must be refused.

import { describe, expect, it } from "vitest";
import { VocabError } from "../../src/errors.ts";
import { compileSplits, PieceList, Splitter } from "../../src/tokenizer/splitter.ts";
import { hostileLine, Random } from "./hostile-text.ts";
import { KNOWN_PATTERNS } from "./known-patterns.ts";
import { referenceMatches } from "./oracle.ts";
import { patternText, randomClass, randomPattern, randomSyntax } from "./random-patterns.ts";

describe("random patterns", () => {
  it.each([
    { kind: "of the accepted syntax", count: 4000, least: 0.5, make: randomPattern },
    { kind: "of one character class", count: 4000, least: 0.5, make: randomClass },
    { kind: "of mere syntax", count: 20_000, least: 0.1, make: randomSyntax },
  ])("$count $kind", ({ count, least, make }) => {
    const random = new Random(count);
    const accepted = random.times(count, () => make(random)).filter((source) => isEqual(source, random));
    console.log(`${accepted.length} of ${count} random patterns accepted`);
    expect(accepted.length).toBeGreaterThan(count * least);
  });
});

describe("known patterns on hostile lines", () => {
  it.each(KNOWN_PATTERNS)("$name", ({ sources }) => {
    const random = new Random(3);
    for (const source of sources) {
      const [ours, theirs] = [matcher(source)!, referenceMatches(source)!];
      for (let i = 0; i < 1000; i++) {
        const line = hostileLine(random, ["'s", "'LL", "don't", " \n ", "CamelCase"]);
        expect(ours(line), JSON.stringify(line)).toEqual(theirs(line));
      }
    }
  });
});

describe("case folding", () => {
  const sources = ["(?i:'s|'t|'re|'ve|'m|'ll|'d)", "'(?i:[sdmt]|ll|ve|re)", "(?i:k)", "(?i:[a-z])", "(?i:i)"];
  const characters = [..."aAkKKsSſßẞẖǰŉiIıİﬀﬁﬂﬃﬄﬅﬆtTlLåÅé'ʼ"];
  it.each(sources)("%s on all short strings", (source) => {
    const [ours, theirs] = [matcher(source)!, referenceMatches(source)!];
    for (const first of ["", ...characters, "'"])
      for (const second of characters)
        for (const third of ["", "l", "ſ", "E"])
          expect(ours(first + second + third)).toEqual(theirs(first + second + third));
  });
});

/** False when vocab refuses the pattern; throws when it accepts and differs from the reference. */
function isEqual(source: string, random: Random): boolean {
  const ours = matcher(source);
  if (ours === undefined) return false;
  const theirs = referenceMatches(source);
  expect(theirs, `accepted, but the reference refuses ${JSON.stringify(source)}`).toBeDefined();
  for (let i = 0; i < 15; i++) {
    const text = patternText(random);
    const [mine, expected] = [ours(text), theirs!(text)];
    if (mine.join("\0") !== expected.join("\0"))
      expect(mine, `${JSON.stringify(source)} on ${JSON.stringify(text)}`).toEqual(expected);
  }
  return true;
}

function matcher(regex: string): ((text: string) => string[]) | undefined {
  try {
    const splits = compileSplits([{ type: "split", pattern: { regex }, behavior: "Removed", invert: true }]);
    const splitter = new Splitter(splits);
    return (text) => matches(splitter, Buffer.from(text));
  } catch (error) {
    if (error instanceof VocabError) return undefined;
    throw error;
  }
}

function matches(splitter: Splitter, bytes: Buffer): string[] {
  const pieces = new PieceList();
  splitter.split(bytes, 0, bytes.length, pieces);
  return Array.from({ length: pieces.length / 2 }, (_, i) =>
    bytes.toString("utf8", pieces.offsets[2 * i], pieces.offsets[2 * i + 1]),
  );
}
