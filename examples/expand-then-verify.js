// Writes an expanded tokenizer as a folder, and has it verified as if a stranger had sent it.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expand, verify } from "vocab";

const folder = await mkdtemp(join(tmpdir(), "example-"));
const out = join(folder, "qwen3-ur");

const { base, target, added, texts } = await expand("ur", { base: "qwen3", add: 50, out });
const [before, after] = texts[0].heldOut.fertility;
console.log(`${base.vocabSize} tokens and ${added.tokens} more: ${target.embeddingRows} rows`);
console.log(`held-out text: ${before.toFixed(1)} → ${after.toFixed(1)} tokens per word`);

const { ok, checks } = await verify(out);
console.log(ok ? "every guarantee holds" : "some guarantee does not hold");
for (const { id, detail } of checks.slice(0, 2)) console.log(`${id}: ${detail}`);

await rm(folder, { recursive: true });

// Prints:
// 151669 tokens and 50 more: 151936 rows
// held-out text: 2.9 → 2.2 tokens per word
// every guarantee holds
// G1: all 151669 ids of the base keep their tokens, 26 added tokens their flags; ids run from 0 to 151718 without a gap
// G2: the 151387 merges of the base come first, in their order; 50 follow, and no pair stands twice
