import { expect, it } from "vitest";
import type { BpeDefinition } from "../../src/tokenizer/definition.ts";
import { defaultPanel, scriptsOf } from "../../src/verification/default-panel.ts";

function definitionOf(...tokens: string[]): BpeDefinition {
  const model = { tokens, byteLevel: false, byteFallback: false };
  return { model } as unknown as BpeDefinition;
}

it("is English, the languages of the same script, and code", () => {
  const panel = defaultPanel(definitionOf("سلام", "▁خانه"), [0, 1], []);
  const names = panel.map(({ name }) => name);
  expect(names[0]).toBe("en");
  expect(names).toEqual(expect.arrayContaining(["fa", "ur", "ar", "ps"]));
  expect(names.at(-1)).toBe("code");
  expect(new Set(names).size).toBe(names.length);
  expect(panel.at(-1)!.source).toMatch(/^npm:commander@[\d.]+\/lib\/\*\.js$/);
});

it("leaves out what the tokens are for", () => {
  const names = defaultPanel(definitionOf("سلام"), [0], ["fa"]).map(({ name }) => name);
  expect(names).not.toContain("fa");
  expect(names).toContain("ur");
});

it("has texts with documents", () => {
  for (const { documents } of defaultPanel(definitionOf("ሰላም"), [0], ["am"]))
    expect([...(documents as Iterable<Uint8Array>)].length).toBeGreaterThan(50);
});

it("takes so many of the languages of a script that has hundreds", () => {
  expect(defaultPanel(definitionOf("house"), [0], ["en"])).toHaveLength(41);
});

it("knows the scripts of tokens, those of Chinese and Japanese together", () => {
  expect(scriptsOf(definitionOf("سلام", "12", "."), [0, 1, 2])).toEqual(["Arab"]);
  expect(scriptsOf(definitionOf("中文"), [0])).toEqual(["Hani", "Hans", "Hant", "Jpan", "Kore"]);
  expect(scriptsOf(definitionOf("12"), [0])).toEqual([]);
});
