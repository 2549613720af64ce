import { expect, it } from "vitest";
import { checkInterference } from "../../src/verification/interference.ts";
import type { TextComparison } from "../../src/verification/text-comparison.ts";

function text(name: string, changed: number): TextComparison {
  const examples = changed > 0 ? [{ text: "cab", before: ["c", "ab"], after: ["cab"] }] : [];
  return {
    name,
    source: name,
    documents: 50,
    bytes: 900,
    tokensBefore: 200,
    tokensAfter: 190,
    changed,
    examples,
  };
}

it("holds when only texts without a budget change, and reports these", () => {
  const check = checkInterference([text("en", 0), text("ur", 25)]);
  expect(check.ok).toBe(true);
  expect(check.detail).toBe("1 of 2 texts unchanged; changed: ur 50 % of documents, −5 % tokens");
  expect(check.figures["texts"]).toMatchObject([
    { name: "en", changed: 0, budget: 0 },
    { name: "ur", changed: 25, tokenDifference: -0.05, examples: [{ text: "cab", before: ["c", "ab"] }] },
  ]);
});

it("fails when English or code changes, with an example", () => {
  expect(checkInterference([text("en", 1)])).toMatchObject({
    ok: false,
    detail: 'en: 1 of 50 documents changed, −5 % tokens, budget 0 %: "cab" was c|ab, is cab',
  });
  expect(checkInterference([text("code", 1)]).ok).toBe(false);
});

it("keeps the budget that is given", () => {
  expect(checkInterference([text("en", 1)], { en: 0.02 }).ok).toBe(true);
  expect(checkInterference([text("en", 2)], { en: 0.02 }).ok).toBe(false);
  expect(checkInterference([text("ur", 25)], { ur: 0.4 }).ok).toBe(false);
});
