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
// 10 9.47 41 % saved, 100 % used
// 50 6.21 61 % saved, 100 % used
// 200 4.46 72 % saved, 78 % used
// floor 1.16, knee 30
// recommended: 150: of more tokens, less than 80 % occur in the held-out text
