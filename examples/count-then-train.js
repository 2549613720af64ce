// Counts a corpus once, then measures a tokenizer and trains new tokens for it, both without reading the corpus again.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { analyze, count, train } from "vocab";

const folder = await mkdtemp(join(tmpdir(), "example-"));
const lines = ["کتاب‌ها روی میز است.", "کتاب را روی میز می‌گذارم.", "میز کنار پنجره است.", "پنجره باز است."];
await writeFile(join(folder, "text.txt"), lines.join("\n"));

const counts = [join(folder, "counts")];
const { segments } = await count("fa", { corpus: [join(folder, "*.txt")], out: counts[0], holdOut: 0 });
console.log(`${segments.training.distinct} different segments of ${segments.training.occurrences}`);

const { results } = await analyze("fa", { counts, tokenizers: ["qwen3"] });
const { candidates, languages, stopDetail } = await train("fa", { counts, base: "qwen3", add: 12 });
console.log(`${results[0].tokens} tokens; ${languages[0].tokensAfter} with the new ones (${stopDetail})`);
for (const { id, text, constituents, count: times } of candidates)
  console.log(`${id} ${JSON.stringify(text)} in place of ${constituents.length} tokens, ${times} times`);

await rm(folder, { recursive: true });

// Prints:
// 12 different segments of 16
// 48 tokens; 37 with the new ones (stopped after 5: no pair occurs twice but those refused (1 would leave a token unused))
// 151669 "یز" in place of 2 tokens, 3 times
// 151670 "نجر" in place of 2 tokens, 2 times
// 151671 " میز" in place of 3 tokens, 2 times
// 151672 "کتاب" in place of 2 tokens, 2 times
// 151673 " روی" in place of 2 tokens, 2 times
