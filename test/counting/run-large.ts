// Run in a process of its own: counts one file in one thread and prints how much memory that took, as JSON.

import { findCorpusFiles } from "../../src/corpus/files.ts";
import { planShards } from "../../src/corpus/shards.ts";
import { runCountJob } from "../../src/counting/count-job.ts";

const [path = "", unit = "line", onInvalid = "error"] = process.argv.slice(2);
const files = await findCorpusFiles([path]);
const read = {
  unit: unit as "line" | "file",
  textField: "text",
  onInvalid: onInvalid as "error" | "replace" | "skip",
  maxDocumentBytes: 1 << 28,
  // The files repeat themselves as no text does.
  maxExpansion: 1e6,
};
const shards = planShards(files, unit === "line");
let next = 0;
let longBytes = 0;
const before = process.memoryUsage().rss;
const started = performance.now();
const { counts, documents } = await runCountJob(
  { files, shards, read, sampleSize: 10_000, seed: 0 },
  () => (next < shards.length ? next++ : -1),
  (block) => {
    longBytes += block.offsets.at(-1)!;
  },
);
let bytes = longBytes;
for (let i = 0; i < counts.counts.length; i++)
  bytes += counts.counts[i]! * (counts.offsets[i + 1]! - counts.offsets[i]!);
const seconds = (performance.now() - started) / 1000;
const peakMebibytes = process.resourceUsage().maxRSS / 1024;
const mebibytes = peakMebibytes - before / 2 ** 20;
console.log(JSON.stringify({ documents, bytes, longBytes, seconds, mebibytes, peakMebibytes }));
