// One measured training run of vocab in a fresh process, for bench/train.ts: prints one line of JSON. Runs what was built
// (dist), in JavaScript as the program does: a loader of TypeScript would be measured with it. The merges go to a file, one
// a line, as ids or as a JSON pair of spellings.

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    corpus: { type: "string" },
    /** A tokenizer to continue, or "none". */
    base: { type: "string", default: "none" },
    add: { type: "string" },
    out: { type: "string" },
    /** Language tag whose constraints apply; "none": whatever occurs, as the peers do. */
    lang: { type: "string", default: "none" },
    "min-count": { type: "string", default: "2" },
    /** Train a second time from the counts, and report that too. */
    again: { type: "boolean", default: false },
  },
});

function built(path) {
  return import(new URL(`../dist/${path}.js`, import.meta.url).href);
}

await built("cli/engine-flags");
const { loadTokenizer, findTokenizer } = await built("tokenizer/load-tokenizer");
const { countCorpus } = await built("pipeline/count-corpus");
const { findCorpusFiles } = await built("corpus/files");
const { byteBase } = await built("training/byte-base");
const { TrainingWords } = await built("training/training-words");
const { learnTokens } = await built("training/learn");
const { constraintsFor } = await built("training/language-constraints");
const { resolveLanguage } = await built("text/languages");

function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const started = cpuMs();
const base = values.base === "none" ? byteBase() : loadTokenizer(findTokenizer(values.base)).tokenizer;
const loaded = cpuMs();
const constraints =
  values.lang === "none"
    ? { stones: "free", minCount: Number(values["min-count"]) }
    : constraintsFor(resolveLanguage(values.lang), base);
const files = await findCorpusFiles([values.corpus]);
const read = { unit: "line", textField: "text", onInvalid: "error", maxDocumentBytes: 2 ** 28 };
let words = new TrainingWords(base);
const { counts } = await countCorpus(files, {
  read,
  workers: 1,
  seed: 0,
  sampleSize: 0,
  onBlock: (block) => words.addBlock(block),
});
const counted = cpuMs();
words.addBlock(counts);
const divided = cpuMs();
const learned = await learnTokens(words, { add: Number(values.add), constraints });
const end = cpuMs();
let againMs;
if (values.again) {
  const before = cpuMs();
  words = new TrainingWords(base);
  words.addBlock(counts);
  await learnTokens(words, { add: Number(values.add), constraints });
  againMs = cpuMs() - before;
}
if (values.out !== undefined) {
  const { model } = base.definition;
  const spell = (id) =>
    id < learned.firstId ? model.tokens[id] : learned.candidates[id - learned.firstId].token;
  writeFileSync(
    values.out,
    learned.merges.map(([left, right]) => `${JSON.stringify([spell(left), spell(right)])}\n`).join(""),
  );
}
console.log(
  JSON.stringify({
    startCpuMs: started,
    loadCpuMs: loaded - started,
    countCpuMs: counted - loaded,
    divideCpuMs: divided - counted,
    learnCpuMs: end - divided,
    /** From the text (and the base's file) to the merge list. */
    cpuMs: end - started,
    againMs,
    peakRssMb: process.resourceUsage().maxRSS / 1024,
    words: words.table.size,
    candidates: learned.candidates.length,
    stopped: learned.stopDetail,
    stones: learned.stones,
    revived: learned.revived.length,
    refused: learned.refused,
    languages: learned.languages,
    last: learned.candidates.at(-1)?.count,
  }),
);
