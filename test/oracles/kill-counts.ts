// Kills `vocab count` fifty times at random moments while it reads real text, and compares every count that went on to its
// end with one that was never killed.
//
//   node --import tsx test/oracles/kill-counts.ts fa 'texts/fa/*' FOLDER [kills] [seed]

import { mkdirSync } from "node:fs";
import { killCounts } from "../cli/killed-counts.ts";
import { Random } from "../tokenizer/hostile-text.ts";

const [lang, corpus, folder, kills = "50", seed = "1"] = process.argv.slice(2);
if (lang === undefined || corpus === undefined || folder === undefined)
  throw new Error("usage: kill-counts.ts LANG GLOB FOLDER [kills] [seed]");
mkdirSync(folder, { recursive: true });
const args = ["--lang", lang, "--corpus", corpus, "--workers", "2", "--memory", "64M", "--checkpoint", "1M"];
const result = await killCounts(args, folder, Number(kills), new Random(Number(seed)));
console.log(JSON.stringify(result));
if (result.different > 0) process.exitCode = 1;
