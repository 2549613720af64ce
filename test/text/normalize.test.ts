import { describe, expect, it } from "vitest";
import { type NormalizationForm, normalize } from "../../src/text/normalize.ts";

// Expected values: Python tokenizers 0.23.3, normalizers.NFC().normalize_str(…) and so on.
const CASES: readonly [form: NormalizationForm, text: string, expected: string][] = [
  ["NFC", "", ""],
  ["NFC", "e\u0301", "é"],
  ["NFC", "ᄀ\u1161\u11a8", "각"],
  ["NFC", "\u0958", "\u0915\u093c"],
  ["NFD", "é각", "e\u0301ᄀ\u1161\u11a8"],
  ["NFKC", "ﬁ①Å", "fi1Å"],
  ["NFKD", "Ａé", "Ae\u0301"],
  // U+32FF (Unicode 12.1) and U+1F16C (12) have no decomposition there, U+11938 (13) neither.
  ["NFKC", "㋿a\u0301", "㋿á"],
  ["NFKD", "\u{1F16C}", "\u{1F16C}"],
  ["NFD", "\u{11938}", "\u{11938}"],
  ["NFC", "\u{11935}\u{11930}", "\u{11935}\u{11930}"],
  // U+07FD (Unicode 11, class 220 today) is a starter there: U+0301 does not move across it, nor compose.
  ["NFC", "e\u07fd\u0301", "e\u07fd\u0301"],
  ["NFC", "e\u0301\u07fd\u0323\u0301", "é\u07fd\u0323\u0301"],
];

describe("normalize", () => {
  it.each(CASES)("%s of %j", (form, text, expected) => {
    expect(normalize(text, form)).toBe(expected);
  });

  it("treats a megabyte of marks and of emoji in time", () => {
    expect(normalize("\u0301".repeat(1_000_000), "NFC").length).toBe(1_000_000);
    expect(normalize("👍".repeat(500_000), "NFKC").length).toBe(1_000_000);
  }, 5_000);

  it("keeps lone surrogates", () => {
    expect(normalize("a\ud800e\u0301", "NFC")).toBe("a\ud800é");
  });
});
