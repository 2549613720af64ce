// What does a language cost under two tokenizers, and how much of it could added tokens save?

import { analyze } from "vocab";

const { corpus, results } = await analyze("ur", { tokenizers: ["qwen3", "gemma3"] });
console.log(`${corpus.words} words`);
for (const { name, fertility, headroom } of results)
  console.log(
    `${name}: ${fertility.toFixed(2)} tokens per word; tokens could save ${(headroom * 100).toFixed(0)} %`,
  );

// Prints:
// 2113 words
// Qwen 3: 2.87 tokens per word; tokens could save 61 %
// Gemma 3: 1.33 tokens per word; tokens could save 25 %
