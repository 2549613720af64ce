import { expect, test } from "vitest";
import { isolated, spacedHex, visibleText } from "../../src/reports/visible-text.ts";

test.each([
  [" سلام", "␣سلام"],
  ["می\u200cروم", "می⟨U+200C⟩روم"],
  ["a\nb\t", "a⟨U+000A⟩b⟨U+0009⟩"],
  ["\u001b[31m", "⟨U+001B⟩[31m"],
  ["\u2067\u00a0\ufe0f", "⟨U+2067⟩⟨U+00A0⟩⟨U+FE0F⟩"],
  ["\u{e0041}", "⟨U+E0041⟩"],
  ["\u064b", "◌\u064b"],
  ["e\u0301 中", "e\u0301␣中"],
])("%j is shown as %j", (text, shown) => {
  expect(visibleText(text)).toBe(shown);
});

test("isolates and hex", () => {
  expect(isolated("س")).toBe("\u2068س\u2069");
  expect(["", "d8", "d8b3"].map(spacedHex)).toEqual(["", "D8", "D8 B3"]);
});
