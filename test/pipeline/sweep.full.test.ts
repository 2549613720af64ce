// The figures of a sweep are those of tokenizers that have the tokens: for real bases, measured by `analyze`.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { embeddedText } from "../../src/corpus/embedded-text.ts";
import { analyze } from "../../src/pipeline/analyze.ts";
import { sweep } from "../../src/pipeline/sweep.ts";
import { train } from "../../src/pipeline/train.ts";
import { resolveLanguage } from "../../src/text/languages.ts";
import { findTokenizer } from "../../src/tokenizer/load-tokenizer.ts";
import { type LearnedTokens, prefixOf } from "../../src/training/candidates.ts";
import { testFiles } from "./training-files.ts";

const { folder, write } = testFiles();

function textsOf(lang: string): { corpus: string; heldOut: string } {
  const { documents } = embeddedText(resolveLanguage(lang));
  const part = (isHeldOut: boolean) => documents.filter((_, i) => (i % 3 === 0) === isHeldOut).join("\n");
  // A chat template's words and the space symbol are in the text as well: what is learned must leave them alone.
  const more = "<|im_start|>متن<|im_end|> <bos>▁متن 12";
  return {
    corpus: write(`${lang}.txt`, part(false)),
    heldOut: write(`${lang}-held-out.txt`, `${part(true)}\n${more}`),
  };
}

interface TokenizerFile {
  readonly added_tokens: readonly { readonly id: number; readonly content: string }[];
  readonly model: { readonly vocab: Record<string, number>; readonly merges: [string, string][] };
}

// As an expansion writes it: added tokens and new ones in the vocabulary, new merges last.
function expanded(base: string, { firstId, candidates, merges }: LearnedTokens): string {
  const file = JSON.parse(readFileSync(findTokenizer(base).file, "utf8")) as TokenizerFile;
  const { vocab } = file.model;
  for (const { id, content } of file.added_tokens) vocab[content] ??= id;
  candidates.forEach(({ token }, k) => {
    vocab[token] = firstId + k;
  });
  const spelling = new Map(Object.entries(vocab).map(([token, id]) => [id, token]));
  for (const [left, right] of merges) file.model.merges.push([spelling.get(left)!, spelling.get(right)!]);
  const path = join(folder, `${base}-${candidates.length}.json`);
  writeFileSync(path, JSON.stringify(file));
  return path;
}

describe.each([
  ["qwen3", "fa"],
  ["llama3", "am"],
  ["gemma3", "ti"],
])("%s for %s", (base, lang) => {
  it("tokens of each step", async () => {
    const { corpus, heldOut } = textsOf(lang);
    const options = { base, corpus: [corpus], heldOut: [heldOut] };
    const { steps, languages } = await sweep(lang, { ...options, max: 150 });
    const { base: of, candidates, merges } = await train(lang, { ...options, add: 150 });
    expect(candidates).toHaveLength(150);
    for (const step of [steps[0]!, steps[4]!, steps.at(-3)!, steps.at(-1)!]) {
      const tokenizer = expanded(base, prefixOf({ firstId: of.firstId, candidates, merges }, step.count));
      const { results } = await analyze(lang, { tokenizers: [tokenizer], corpus: [heldOut] });
      const { tokens, fertility, bytesPerToken, floor } = results[0]!;
      expect([step.tokens, step.fertility, step.bytesPerToken]).toEqual([tokens, fertility, bytesPerToken]);
      expect(languages[0]!.floor).toBe(floor);
    }
    expect(steps.at(-1)!.tokens).toBeLessThan(steps[0]!.tokens * 0.9);
  });
});
