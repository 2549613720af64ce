import { expect, test } from "vitest";
import { listTokenizers } from "../../src/pipeline/tokenizers.ts";
import { tokenizerDetailsReport } from "../../src/reports/tokenizer-details.ts";
import { tokenizersReport } from "../../src/reports/tokenizers-report.ts";
import { KNOWN_TOKENIZERS, TOKENIZER_ALIASES } from "../../src/tokenizer/known-tokenizers.ts";

const WITHOUT_COLOUR = { color: false };

test("the table has a line for each tokenizer and fits into 120 columns", () => {
  const lines = tokenizersReport(listTokenizers(), WITHOUT_COLOUR).split("\n");
  for (const { id } of [...KNOWN_TOKENIZERS, ...TOKENIZER_ALIASES])
    expect(lines.filter((line) => line.startsWith(`${id} `))).toHaveLength(1);
  expect(lines.filter((line) => line.length > 120)).toEqual([]);
  expect(lines.find((line) => line.startsWith("qwen3 "))).toMatch(/151,669 .* installed +yes$/);
  expect(lines.find((line) => line.startsWith("phi-4 "))).toMatch(/n\/a .* hub +no$/);
});

test("the details of one, by the name of a model that shares it", () => {
  const report = tokenizerDetailsReport(listTokenizers("TinyLlama"), WITHOUT_COLOUR);
  expect(report.startsWith("Llama 2 (llama2)\n")).toBe(true);
  expect(report).toContain("\n  licence: Llama 2 Community License, https://ai.meta.com/llama/license/\n");
  expect(report).toContain(
    "\n  hub: meta-llama/Llama-2-7b-hf (asks for an account and an accepted licence)\n",
  );
  expect(report).toMatch(/\n {2}shared by: TinyLlama \(tinyllama; by name only, TinyLlama\/.*Chat-v1\.0\)/);
  expect(report).toContain(
    "\n  openness: open-weight: weights, architecture published; training code, training data, logs and checkpoints not published\n",
  );
});

test("what is not known has no line; sizes with the same rows stand together", () => {
  const nemotron = tokenizerDetailsReport(listTokenizers("nemotron-4"), WITHOUT_COLOUR);
  expect(nemotron).not.toContain("vocabulary:");
  expect(nemotron).not.toContain("not published");
  const gemma = tokenizerDetailsReport(listTokenizers("gemma3"), WITHOUT_COLOUR);
  expect(gemma).toContain("\n  embedding rows: 262,144 (270M, 1B), 262,208 (4B, 12B, 27B)\n");
});

test("the details of all", () => {
  const report = tokenizerDetailsReport(listTokenizers(), WITHOUT_COLOUR);
  for (const { id, name } of KNOWN_TOKENIZERS) expect(report).toContain(`${name} (${id})\n  family: `);
});

test("an unknown name is an error that suggests one", () => {
  expect(() => listTokenizers("quen3")).toThrow(
    expect.objectContaining({ code: "unknown-tokenizer", kind: "usage", hint: "did you mean qwen3?" }),
  );
});
