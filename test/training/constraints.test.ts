import { describe, expect, it } from "vitest";
import { resolveLanguage } from "../../src/text/languages.ts";
import type { AddedToken } from "../../src/tokenizer/definition.ts";
import { AllowedText } from "../../src/training/allowed-text.ts";
import { byteBase } from "../../src/training/byte-base.ts";
import { prefixOf } from "../../src/training/candidates.ts";
import { constraintsFor } from "../../src/training/language-constraints.ts";
import { learnTokens } from "../../src/training/learn.ts";
import type { TokenConstraints } from "../../src/training/token-constraints.ts";
import { TrainingWords } from "../../src/training/training-words.ts";
import { byteLevelBase, countLines, pieceBase, wordsOf } from "./training-text.ts";

const ARABIC: TokenConstraints = { scripts: ["Arab"] };

describe("allowed text", () => {
  const verdict = (text: string | Uint8Array, constraints: TokenConstraints = ARABIC) =>
    new AllowedText(constraints, false).verdict(typeof text === "string" ? Buffer.from(text) : text);

  it("is of one script, with marks, joiners and one space in front", () => {
    for (const text of ["سلام", " سلام", "می\u200cخواهم", "كِتَاب", "ـه", "\u064e\u0651", "،", "؟؟"])
      expect([text, verdict(text)]).toEqual([text, "token"]);
    expect(verdict(" ")).toBe("part");
    expect(verdict("\u200c")).toBe("part");
    expect(verdict("سلام دنیا")).toBe("space inside");
    for (const text of ["abc", "سلامa", "سلام.", "سلام،", "(", "۱۲", "1", "a۱"])
      expect([text, verdict(text)]).toEqual([text, "characters"]);
  });

  it("has digits and punctuation when asked", () => {
    expect(verdict("۱")).toBe("token");
    expect(verdict("۱۲", { ...ARABIC, digits: true })).toBe("token");
    expect(verdict("سلام.", { ...ARABIC, punctuation: true })).toBe("token");
    expect(verdict(".", { ...ARABIC, punctuation: true })).toBe("part");
  });

  it("does not mix scripts", () => {
    const both = { scripts: ["Arab", "Latn"] };
    expect(verdict("سلام", both)).toBe("token");
    expect(verdict("salam", both)).toBe("token");
    expect(verdict("سلامsalam", both)).toBe("mixed scripts");
    expect(verdict("日本のテスト", { scripts: ["Jpan"] })).toBe("token");
  });

  it("knows the ends of characters that may stand in a token", () => {
    const [lead, tail] = Buffer.from("س");
    expect(verdict(Uint8Array.of(lead!))).toBe("stone");
    expect(verdict(Uint8Array.of(tail!, lead!))).toBe("stone");
    expect(verdict(Buffer.from("ሀ").subarray(0, 2))).toBe("characters");
    expect(verdict(Buffer.from("ሀ").subarray(1))).toBe("characters");
  });
});

const tokensOf = async (text: string, constraints: TokenConstraints, base = byteBase(), add = 20) => {
  const learned = await learnTokens(wordsOf(base, text), { add, constraints });
  return { learned, texts: learned.candidates.map(({ text }) => text) };
};

describe("learning under constraints", () => {
  it("learns nothing from other scripts", async () => {
    const { texts } = await tokensOf("سلام abc 12 سلا سل لام ام س ل ا م\n".repeat(3), ARABIC);
    expect(texts.length).toBeGreaterThan(5);
    expect(texts.join("")).not.toMatch(/[a-z0-9]/);
  });

  it("takes a stepping stone only together with what it leads to", async () => {
    const text = Array.from("ሀሁሂሃሄሀሁሂሀሁ", (letter) => `${letter}\n${letter}\n`).join("");
    const { learned } = await tokensOf(text, { scripts: ["Ethi"] });
    expect(learned.stones).toBe(1);
    expect(learned.candidates[0]).toMatchObject({ kind: "stone", bytes: "e188" });
    expect(learned.candidates.slice(1).map(({ text: token }) => token)).toEqual(["ሀ", "ሁ", "ሂ", "ሃ", "ሄ"]);
    expect(prefixOf(learned, 1).candidates).toEqual([]);
    expect(prefixOf(learned, 2).candidates.length).toBe(2);
    const one = await tokensOf(text, { scripts: ["Ethi"] }, byteBase(), 1);
    expect(one.learned.candidates).toEqual([]);
    const none = await tokensOf(text, { scripts: ["Ethi"], stones: "never" });
    expect(none.learned.candidates).toEqual([]);
  });

  it("leaves no token without a use", async () => {
    const { learned } = await tokensOf("xyz\n".repeat(9), { scripts: ["Latn"] });
    expect(learned.candidates.map(({ token }) => token)).toEqual(["xy"]);
    expect(learned.refused).toEqual({ "would leave a token unused": 1 });
  });
});

describe("limits and lists", () => {
  it("keeps to the longest token and the least count", async () => {
    const text = `${"abcd\n".repeat(5) + "abce\n".repeat(4)}abx\n`;
    const { learned } = await tokensOf(text, { maxBytes: 3, minCount: 9 });
    expect(learned.candidates.map(({ token }) => token)).toEqual(["ab", "abc"]);
    expect(learned.stopDetail).toMatch(/^stopped after 2: no pair occurs 9 times/);
  });

  it("includes words first and excludes others", async () => {
    const text = `${" ab ac".repeat(50) + " rare".repeat(2)} rar are`;
    const included = await tokensOf(text, { include: ["rare", "no such", "xyz"] }, byteBase(), 8);
    expect(included.texts).toContain(" rare");
    expect(included.learned.notIncluded).toEqual([
      { word: "no such", reason: "the pre-tokenizer cuts it" },
      { word: "xyz", reason: "it does not occur in the text" },
    ]);
    const { texts } = await tokensOf(text, { exclude: ["ab"] });
    expect(texts).not.toContain(" ab");
    expect(texts).toContain(" ac");
  });

  it("covers characters that the base spells in bytes, and builds on them", async () => {
    const base = pieceBase("abc", []);
    const text = "ሀሁ ሀ ሀሁ ሀ ሀሁ ሁ ab ab é é é";
    const { learned } = await tokensOf(text, { scripts: ["Ethi"], coverCharacters: true }, base);
    expect(learned.candidates.slice(0, 2).map(({ kind, token }) => [kind, token])).toEqual([
      ["character", "ሀ"],
      ["character", "ሁ"],
    ]);
    expect(learned.candidates[0]!.constituents).toEqual([1 + 0xe1, 1 + 0x88, 1 + 0x80]);
    expect(learned.candidates.map(({ token }) => token)).toContain("▁ሀሁ");
    expect(learned.candidates.map(({ token }) => token).join("")).not.toMatch(/é|<0x/);
    const uncovered = await tokensOf(text, { scripts: ["Ethi"] }, base);
    expect(uncovered.learned.candidates).toEqual([]);
  });

  it("refuses merges that fire in protected text above the budget", async () => {
    const text = "abcd ".repeat(20) + "abef ".repeat(10);
    const learn = (protectBudget: number) => {
      const words = wordsOf(byteBase(), text);
      words.protectBlock(countLines("xab"));
      return learnTokens(words, { add: 20, constraints: { protectBudget, stones: "free" } });
    };
    const strict = await learn(0);
    expect(strict.refused["protected text"]).toBe(1);
    expect(strict.candidates.every(({ token }) => token !== "ab")).toBe(true);
    expect(strict.protectedMerges).toBe(0);
    const loose = await learn(1);
    expect(loose.candidates.map(({ token }) => token)).toContain("ab");
    expect(loose.protectedMerges).toBe(1);
  });
});

describe("text that is no text", () => {
  const added = (content: string, id: number): AddedToken => ({
    id,
    content,
    singleWord: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  });

  it("learns neither from added tokens nor across them", async () => {
    const base = byteLevelBase([], [], { addedTokens: [added("<|x|>", 256)], vocabSize: 257 });
    const words = wordsOf(base, "q<|x|>r\n".repeat(30));
    const learned = await learnTokens(words, { add: 20, constraints: { stones: "free" } });
    expect(learned.firstId).toBe(257);
    expect(learned.candidates.map(({ token }) => token)).toEqual([]);
  });

  it("learns nothing from a literal space symbol", async () => {
    const learned = await learnTokens(wordsOf(pieceBase("abc", []), "▁ab▁ab\n".repeat(9)), {
      add: 20,
      constraints: { stones: "free" },
    });
    expect(learned.candidates).toEqual([]);
    const latin = constraintsFor(resolveLanguage("so"), byteBase());
    const words = wordsOf(byteBase(), "Ġab Ġac ".repeat(9));
    const candidates = (await learnTokens(words, { add: 50, constraints: latin })).candidates;
    expect(candidates.map(({ text }) => text).join("")).not.toContain("Ġ");
    expect(constraintsFor(resolveLanguage("mt"), byteBase()).withoutCharacters).toBe("");
  });

  it("leaves pre-tokens alone that a look-up makes one token", async () => {
    const base = byteLevelBase([], ["abc"], { model: { ignoreMerges: true } });
    const learned = await learnTokens(wordsOf(base, "abc\n".repeat(9) + "abcd\n".repeat(3)), {
      add: 1,
      constraints: { stones: "free" },
    });
    expect(learned.candidates[0]!.count).toBe(3);
    expect(learned.languages).toEqual([{ tokensBefore: 9 + 12, tokensAfter: 9 + 9 }]);
  });
});

describe("several languages", () => {
  const words = (first: string, second: string) => {
    const both = new TrainingWords(byteBase(), 2);
    both.addBlock(countLines(first), 0);
    both.addBlock(countLines(second), 1);
    return both;
  };
  const options = { add: 2, constraints: { stones: "free" } } as const;

  it("share the budget by size", async () => {
    const learned = await learnTokens(words("abc\n".repeat(100), "xyz\n".repeat(5)), options);
    expect(learned.candidates.map(({ token }) => token)).toEqual(["ab", "abc"]);
    expect(learned.languages).toEqual([
      { tokensBefore: 300, tokensAfter: 100 },
      { tokensBefore: 15, tokensAfter: 15 },
    ]);
  });

  it("gain in turn by parity, the worst off first", async () => {
    const learned = await learnTokens(words("abc\n".repeat(100), "uvwxyz\n".repeat(5)), {
      ...options,
      add: 4,
      balance: "parity",
    });
    expect(learned.candidates.map(({ token }) => token)).toEqual(["uv", "wx", "yz", "ab"]);
  });
});

describe("determinism", () => {
  it("does not depend on the order or the cutting of blocks", async () => {
    const lines = Array.from({ length: 60 }, (_, i) => `ab${i % 7} cd${i % 5} abcd${i % 3}`);
    const learn = async (parts: readonly (readonly string[])[]) => {
      const words = new TrainingWords(byteBase());
      for (const part of parts) words.addBlock(countLines(part.join("\n")));
      return learnTokens(words, { add: 30, constraints: { stones: "free" } });
    };
    const whole = await learn([lines]);
    expect(await learn([lines.slice(40), lines.slice(0, 13), lines.slice(13, 40)])).toEqual(whole);
    expect(await learn([[...lines].reverse()])).toEqual(whole);
  });
});
