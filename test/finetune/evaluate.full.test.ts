// The evaluation script with torch, against its slow twin (one token at a time, in float64), on tiny random models. Torch is
// large: VOCAB_TORCH names a Python that has it, and transformers; without it these tests are skipped.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { evaluate } from "../../src/pipeline/evaluate.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const python = process.env["VOCAB_TORCH"];
const root = temporaryFolder();
const corpus = join(root, "text.txt");
const documents = join(root, "documents.jsonl");

// One to ten windows long; with a token that is matched in the text, and one whole window without a rest.
const TEXTS = [
  "سلام دنیا، این یک متن آزمایشی است که از پنجره بلندتر است.",
  "a",
  "Hello world",
  "x<|start|>y",
  "a".repeat(31),
  "a".repeat(32),
  "ab".repeat(120),
  ...Array.from({ length: 12 }, (_, i) => `line ${i} ${"é".repeat(2 * i)}`),
];

const script = (name: string, ...args: readonly string[]) =>
  execFileSync(python!, [join(import.meta.dirname, name), ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });

// Python starts slowly where it has to share its cores; time decides nothing here.
describe.skipIf(python === undefined)("with torch", { timeout: 3_600_000 }, () => {
  beforeAll(() => {
    script("tiny_models.py", root);
    writeFileSync(corpus, TEXTS.join("\n"));
    writeFileSync(documents, TEXTS.map((text) => `${JSON.stringify(text)}\n`).join(""));
  });

  test.each([
    ["llama", [undefined, 1, 300]],
    ["gemma3", [undefined]],
    ["gpt2", [undefined]],
  ] as const)("%s: bits as the slow twin's, whatever the batches (%j tokens)", async (name, batches) => {
    const model = join(root, name);
    const options = { corpus: [corpus], python: python!, window: 32, stride: 10, device: "cpu" } as const;
    const slow: number[] = JSON.parse(script("slow_bits.py", model, documents, "32", "10"));
    const expected = slow.reduce((sum, bits) => sum + bits, 0);
    for (const batchTokens of batches) {
      const { models, corpus: text } = await evaluate([model], { ...options, batchTokens, threads: 1 });
      expect(models[0]!.bits / expected).toBeCloseTo(1, 6);
      // A token a byte, but for the one that is matched in the text.
      expect(models[0]!.tokens).toBe(text.bytes - "<|start|>".length + 1);
      expect(text.documents).toBe(TEXTS.length);
      expect(models[0]!).toMatchObject({
        window: 32,
        stride: 10,
        dtype: "float32",
        startToken: { rule: "bos" },
      });
    }
  });

  test("rows learned by distill_embeddings.py", () => {
    // It prints what failed.
    execFileSync(python!, [join(import.meta.dirname, "test_distill_embeddings.py")], { stdio: "inherit" });
  });
});
