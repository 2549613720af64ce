// How many tokens should be added? A sweep, one line a step, and its recommendation.

import { sweep } from "vocab";

const { steps, languages, knee, recommended } = await sweep("am", { base: "llama3", max: 200 });
for (const { count, fertility, saved, usedShare = 1 } of steps.filter((_, i) => i % 4 === 0))
  console.log(
    count,
    fertility.toFixed(2),
    `${(saved * 100).toFixed(0)} % saved, ${(usedShare * 100).toFixed(0)} % used`,
  );
console.log(`floor ${languages[0].floor.toFixed(2)}, knee ${knee}`);
console.log(`recommended: ${recommended.count}: ${recommended.reason}`);

// Prints:
// 0 16.12 0 % saved, 100 % used
// 5 12.03 25 % saved, 100 % used
// 20 7.92 51 % saved, 100 % used
// 100 5.17 68 % saved, 93 % used
// floor 1.16, knee 30
// recommended: 150: of more tokens, less than 80 % occur in the held-out text
