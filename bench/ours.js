// One measured run of vocab in a fresh process, for bench/speed.ts: prints one line of JSON. Runs what was built (dist), in
// JavaScript as the program does: a loader of TypeScript would be measured with it.

import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    corpus: { type: "string" },
    tokenizers: { type: "string" },
    words: { type: "string", default: "whitespace" },
    lang: { type: "string", default: "en" },
    workers: { type: "string", default: "1" },
    /** Also sample documents and compute intervals, which no peer does. */
    intervals: { type: "boolean", default: false },
  },
});

function built(path) {
  return import(new URL(`../dist/${path}.js`, import.meta.url).href);
}

await built("cli/engine-flags");
const { loadTokenizer, findTokenizer } = await built("tokenizer/load-tokenizer");
const { CorpusMeasurement } = await built("pipeline/corpus-measurement");
const { countCorpus, sampledBytes } = await built("pipeline/count-corpus");
const { findCorpusFiles } = await built("corpus/files");

function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const beforeLoad = cpuMs();
const loaded = values.tokenizers.split(",").map((id) => loadTokenizer(findTokenizer(id)));
const rule = values.words;
const measurement = new CorpusMeasurement(loaded, { rule, locale: values.lang }, 0);
// As `analyze` does: what parsing left behind belongs to loading.
const { collectGarbage } = await built("pipeline/collect-garbage");
collectGarbage();
const start = cpuMs();
const wallStart = performance.now();
const files = await findCorpusFiles([values.corpus]);
const read = { unit: "line", textField: "text", onInvalid: "error", maxDocumentBytes: 2 ** 28 };
const counted = await countCorpus(files, {
  read,
  workers: Number(values.workers),
  seed: 0,
  sampleSize: values.intervals ? 10_000 : 0,
  onBlock: (block) => measurement.addBlock(block),
});
measurement.addBlock(counted.counts);
const figures = measurement.finish(await sampledBytes(counted.sample, files, read));
console.log(
  JSON.stringify({
    loadCpuMs: start - beforeLoad,
    cpuMs: cpuMs() - start,
    wallMs: performance.now() - wallStart,
    peakRssMb: process.resourceUsage().maxRSS / 1024,
    tokens: figures.tokenizers.map((tokenizer) => tokenizer.figures.tokens),
  }),
);
