import { expect, test } from "vitest";
import { analysisFindings, licenceLines } from "../../src/reports/analysis-findings.ts";
import { analysis, tokenizer } from "./analysis-results.ts";

const ranking = (...results: Parameters<typeof analysis>[0]) =>
  analysisFindings(analysis(results)).filter((line) => /^(fertility|not told)/.test(line));

test("intervals that do not overlap rank", () => {
  const all = [
    tokenizer("Q", [2.7, 2.6, 2.8]),
    tokenizer("L", [1.6, 1.55, 1.65]),
    tokenizer("G", [1.5, 1.45, 1.54]),
  ];
  expect(ranking(...all)).toEqual(["fertility (fewer tokens first): G < L < Q"]);
});

test("intervals that overlap do not", () => {
  const all = [
    tokenizer("Q", [2.7, 2.6, 2.8]),
    tokenizer("L", [1.6, 1.5, 1.7]),
    tokenizer("G", [1.55, 1.4, 1.6]),
  ];
  expect(ranking(...all)).toEqual([
    "fertility (fewer tokens first): {G, L} < Q",
    "not told apart by this sample: G, L",
  ]);
  expect(ranking(all[1]!, all[2]!)).toEqual(["not told apart by this sample: G, L"]);
});

test("a chain of overlaps: only those that overlap are named together", () => {
  const all = [
    tokenizer("A", [1, 0.9, 1.1]),
    tokenizer("B", [1.15, 1.05, 1.25]),
    tokenizer("C", [1.3, 1.2, 1.4]),
  ];
  expect(ranking(...all)).toEqual(["not told apart by this sample: A, B; B, C"]);
});

test("without intervals there is no ranking, and the sample says why", () => {
  const few = analysis([tokenizer("A", [1]), tokenizer("B", [9])], { documents: 29, words: 400 });
  expect(analysisFindings(few)).toEqual([
    "29 documents, 400 words: too few documents for intervals and for a ranking (n < 30)",
    "A: added tokens can save at most 0.0 % of the tokens",
    "B: added tokens can save at most 88.9 % of the tokens",
    "floor of A, B: one token for each pre-token",
  ]);
});

test("one tokenizer is not ranked", () => {
  expect(ranking(tokenizer("A", [1, 0.9, 1.1]))).toEqual([]);
});

test("a sample is small while its intervals are wide", () => {
  const sample = (low: number, high: number) =>
    analysisFindings(analysis([tokenizer("A", [2, low, high])])).find((line) => line.includes("documents"));
  expect(sample(1.9, 2.1)).toBe(
    "90 documents, 1,822 words: small; intervals (up to ±5.0 %) are for similar text",
  );
  expect(sample(1.99, 2.01)).toBe("90 documents, 1,822 words: intervals (up to ±0.5 %) are for similar text");
});

test("a negative headroom is explained; each floor names its rule", () => {
  const result = analysis([
    tokenizer("A", [0.8, 0.7, 0.9], { headroom: -0.25 }),
    tokenizer("B", [2, 1.9, 2.1], { floorRule: "pieces" }),
  ]);
  expect(analysisFindings(result)).toEqual([
    "fertility (fewer tokens first): A < B",
    expect.stringContaining("small"),
    "A: headroom -25.0 %: its own tokens already reach over such borders, which added tokens never do",
    "B: added tokens can save at most 50.0 % of the tokens",
    "floor of A: one token for each pre-token",
    "floor of B: one token for each piece between spaces (no pre-tokenizer)",
  ]);
});

test("text that a tokenizer does not know is said of it, even little; what all know is not", () => {
  const result = analysis([
    tokenizer("A", [2], { unknownTokens: 599 }),
    tokenizer("B", [2], { byteFallbackTokens: 2 }),
    tokenizer("C", [2], { byteFallbackTokens: 0 }),
    tokenizer("D", [2], { unknownTokens: 3, byteFallbackTokens: 155 }),
  ]);
  expect(analysisFindings(result).filter((line) => / are /.test(line) && !line.includes("interval"))).toEqual(
    [
      "A: 12.0 % of the tokens (599) are unknown: their text cannot be read back",
      "B: less than 0.1 % of the tokens (2) are single bytes of characters that its vocabulary lacks",
      "D: 0.1 % of the tokens (3) are unknown: their text cannot be read back",
      "D: 3.1 % of the tokens (155) are single bytes of characters that its vocabulary lacks",
    ],
  );
});

test("without words nothing is said of fertility", () => {
  const absent = { fertility: undefined, floor: undefined, headroom: undefined };
  const result = analysis([tokenizer("A", [1], absent), tokenizer("B", [1], absent)], { words: undefined });
  expect(analysisFindings(result)).toEqual(["no words were counted: no fertility, floor or headroom"]);
});

test("licences of known tokenizers only", () => {
  const result = analysis([tokenizer("gemma3", [1]), tokenizer("mine", [1]), tokenizer("qwen3", [1])]);
  expect(licenceLines(result).map((line) => line.split(":", 2).join(":"))).toEqual([
    "Qwen 3: Apache-2.0",
    "Gemma 3: Gemma Terms of Use",
  ]);
});
