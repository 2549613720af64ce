// Training from bytes against Python `tokenizers` on text of your own: the merge lists must be equal, in order.
//
//   npx tsx test/oracles/compare-training.ts COUNT FILE…     VOCAB_PYTHON=…/python (default .venv/bin/python)
//
// FILE: plain UTF-8 text, a document a line. Exit code 1 when a list differs.

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { findCorpusFiles } from "../../src/corpus/files.ts";
import { countCorpus } from "../../src/pipeline/count-corpus.ts";
import { byteBase } from "../../src/training/byte-base.ts";
import { TrainingWords } from "../../src/training/training-words.ts";
import { firstDifferentMerge, trainHere, trainInPython } from "./python-trainer.ts";

const [count, ...files] = process.argv.slice(2);
const read = { unit: "line", textField: "text", onInvalid: "error", maxDocumentBytes: 2 ** 28 } as const;
for (const file of files) {
  const words = new TrainingWords(byteBase());
  const { counts } = await countCorpus(await findCorpusFiles([file]), {
    read,
    workers: 1,
    seed: 0,
    sampleSize: 0,
    onBlock: (block) => words.addBlock(block),
  });
  words.addBlock(counts);
  const ours = await trainHere(words, Number(count));
  const theirs = trainInPython(readFileSync(file), Number(count));
  const at = firstDifferentMerge(ours, theirs.merges);
  const outcome =
    at < 0
      ? `${ours.length} of ${theirs.merges.length} merges equal, in order`
      : `merge ${at}: ${ours[at]?.join(" + ")} here, ${theirs.merges[at]?.join(" + ")} there`;
  console.log(
    `${basename(file)}: ${outcome} (${words.table.size} distinct pre-tokens; tokenizers ${theirs.tokenizers}, Python ${theirs.python})`,
  );
  if (at >= 0) process.exitCode = 1;
}
