import { describe, expect, it } from "vitest";
import { normalize } from "../../src/text/normalize.ts";
import { originalEnd, originalStart } from "../../src/tokenizer/aligned-text.ts";
import type { NormalizerStep } from "../../src/tokenizer/definition.ts";
import { applyNormalizer, normalizeText } from "../../src/tokenizer/normalizers.ts";
import { hostileLine, Random } from "./hostile-text.ts";

describe("applyNormalizer", () => {
  // "é" as e + U+0301 (3 bytes) becomes one character of 2 bytes, both over bytes 1 to 4 of the original.
  it("keeps the bytes of the original under every byte", () => {
    const text = applyNormalizer({ bytes: Buffer.from("ae\u0301b") }, { type: "unicode", form: "NFC" }, true);
    expect(Buffer.from(text.bytes).toString()).toBe("aéb");
    expect([0, 1, 2, 3].map((at) => originalStart(text, at))).toEqual([0, 1, 1, 4]);
    expect([1, 2, 3, 4].map((at) => originalEnd(text, at))).toEqual([1, 4, 4, 5]);
  });

  it.each<[string, NormalizerStep, string, string]>([
    ["Replace", { type: "replace", pattern: "aa", content: "b" }, "aaaé", "baé"],
    ["Prepend", { type: "prepend", text: "▁" }, "a", "▁a"],
    ["Prepend to nothing", { type: "prepend", text: "▁" }, "", ""],
    ["Strip", { type: "strip", left: true, right: false }, "\u3000\x85 é ", "é "],
    ["Strip of spaces alone", { type: "strip", left: true, right: true }, "   ", ""],
    ["NFKC of halfwidth katakana", { type: "unicode", form: "NFKC" }, "xｶﾞ", "xガ"],
  ])("%s", (_name, step, text, expected) => {
    expect(normalizeText(text, [step])).toBe(expected);
  });

  it("gives the same text group by group as at once, in every form", () => {
    const random = new Random(9);
    for (const line of random.times(1500, () => hostileLine(random)))
      for (const form of ["NFC", "NFD", "NFKC", "NFKD"] as const)
        expect(normalizeText(line, [{ type: "unicode", form }])).toBe(normalize(line, form));
  });
});
