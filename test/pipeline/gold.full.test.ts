// Gold words of random treebanks: real and random tokenizers against the slow twin, and one worker against five.

import { expect, it } from "vitest";
import { canonicalJson } from "../../src/io/canonical-json.ts";
import { analyze } from "../../src/pipeline/analyze.ts";
import { Random } from "../tokenizer/hostile-text.ts";
import { acceptedTokenizer } from "./accepted-tokenizer.ts";
import { randomTreebank } from "./random-treebanks.ts";
import { tokenizerGroup } from "./segmentable-tokenizers.ts";
import { expectGoldTwin, tempFile } from "./twin.ts";

const REAL = ["qwen3", "llama3", "gemma3"];

it("real tokenizers: analyze is its slow twin", async () => {
  const random = new Random(91);
  const treebanks = random.times(3, () => randomTreebank(random, 250, ["<|im_end|>", "<eos>", "<|eot_id|>"]));
  await expectGoldTwin(treebanks, { tokenizers: REAL, seed: 5 });
});

it("12 groups of random tokenizers: analyze is its slow twin", async () => {
  for (let seed = 0; seed < 12; seed++) {
    const random = new Random(seed + 9000);
    const group = tokenizerGroup(random).map(acceptedTokenizer);
    const likes = group.flatMap((one) => one.likes);
    const tokenizers = group.map(({ json }) => tempFile(json, ".json"));
    await expectGoldTwin([randomTreebank(random, 120, likes)], { tokenizers, seed });
  }
});

it("the same bytes outside `run` for 1, 2 and 5 workers", async () => {
  const random = new Random(92);
  const corpus = random.times(6, () =>
    tempFile(randomTreebank(random, 800).lines, random.pick([".conllu", ".conllu.gz"])),
  );
  const outputs: string[] = [];
  for (const workers of [1, 2, 5]) {
    const { run, ...result } = await analyze("fa", { corpus, tokenizers: REAL, workers });
    expect([run.workers, result.corpus.wordRule]).toEqual([workers, "gold"]);
    outputs.push(canonicalJson(result));
  }
  expect(outputs[1]).toBe(outputs[0]);
  expect(outputs[2]).toBe(outputs[0]);
});
