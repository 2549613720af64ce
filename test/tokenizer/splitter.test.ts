import { describe, expect, it } from "vitest";
import type { SplitBehavior } from "../../src/tokenizer/definition.ts";
import { compileSplits, PieceList, type SplitStep, Splitter } from "../../src/tokenizer/splitter.ts";

describe("the five behaviours, on the reference's own example", () => {
  it.each<[SplitBehavior, string[]]>([
    ["Removed", ["the", "final", "countdown"]],
    ["Isolated", ["the", "-", "final", "-", "-", "countdown"]],
    ["MergedWithPrevious", ["the-", "final-", "-", "countdown"]],
    ["MergedWithNext", ["the", "-final", "-", "-countdown"]],
    ["Contiguous", ["the", "-", "final", "--", "countdown"]],
  ])("%s", (behavior, expected) => {
    expect(pieces("the-final--countdown", [step("-", behavior)])).toEqual(expected);
  });

  it("inverted, what does not match is the delimiter", () => {
    expect(pieces("the-final", [{ ...step("[a-z]+", "Removed"), invert: true }])).toEqual(["the", "final"]);
  });
});

it("runs each split on the pieces that the splits before it left", () => {
  const steps = [step("\\p{N}{1,3}", "Isolated"), step(" ?[a-z]+", "Isolated")];
  expect(pieces("ab 12345 c", steps)).toEqual(["ab", " ", "123", "45", " c"]);
});

function step(regex: string, behavior: SplitBehavior): SplitStep {
  return { type: "split", pattern: { regex }, behavior, invert: false };
}

function pieces(text: string, steps: readonly SplitStep[]): string[] {
  const bytes = Buffer.from(text);
  const out = new PieceList();
  new Splitter(compileSplits(steps)).split(bytes, 0, bytes.length, out);
  return Array.from({ length: out.length / 2 }, (_, i) =>
    bytes.toString("utf8", out.offsets[2 * i], out.offsets[2 * i + 1]),
  );
}
