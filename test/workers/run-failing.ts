// Run in a process of its own: counts the given files with failing.worker.ts and prints how it ended. A port or timer
// left open, or an unhandled rejection, shows in the way the process ends.

import { findCorpusFiles } from "../../src/corpus/files.ts";
import { planShards } from "../../src/corpus/shards.ts";
import { VocabError } from "../../src/errors.ts";
import { countInPool } from "../../src/workers/count-pool.ts";

const [way = "", ...paths] = process.argv.slice(2);
const files = await findCorpusFiles(paths);
const read = { unit: "line", textField: way, onInvalid: "error", maxDocumentBytes: 1 << 26 } as const;
const job = { files, shards: planShards(files, true), read, sampleSize: 10, seed: 0 };

try {
  const outputs = await countInPool(job, {
    workers: 3,
    onBlock: () => {},
    entry: new URL("./failing.worker.ts", import.meta.url).href,
  });
  console.log(`counted ${outputs.reduce((sum, output) => sum + output.documents, 0)}`);
} catch (error) {
  console.log(error instanceof VocabError ? `${error.code}: ${error.message}` : `other: ${error}`);
}
