// Runs `analyze` on files and its slow twin on the documents that they hold, and demands the same figures.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect } from "vitest";
import { findCorpusFiles } from "../../src/corpus/files.ts";
import type { ReadOptions } from "../../src/counting/count-shard.ts";
import type { SampledDocument } from "../../src/counting/document-sample.ts";
import { SAMPLE_DOCUMENTS } from "../../src/metrics/interval.ts";
import type { AnalysisResult, TokenizerResult } from "../../src/pipeline/analysis-result.ts";
import { type AnalyzeOptions, analyze } from "../../src/pipeline/analyze.ts";
import { countCorpus, sampledBytes } from "../../src/pipeline/count-corpus.ts";
import { findTokenizer, loadTokenizer } from "../../src/tokenizer/load-tokenizer.ts";
import type { Tokenizer } from "../../src/tokenizer/tokenizer.ts";
import { analyzeSlowly, intervalSlowly, type SlowWordRule, textSlowly } from "../reference/analysis.ts";
import { documentsSlowly } from "../reference/segments.ts";
import type { Treebank, TreebankSentence } from "./random-treebanks.ts";

const folder = mkdtempSync(join(tmpdir(), "vocab-analyze-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

/** Writes a file that this test file's end removes; `ending` such as ".txt", ".jsonl.gz". */
export function tempFile(contents: string | Uint8Array, ending: string): string {
  const path = join(folder, `${files++}${ending}`);
  writeFileSync(path, ending.endsWith(".gz") ? gzipSync(contents) : contents);
  return path;
}

export function jsonLines(documents: readonly string[]): string {
  return documents.map((text) => `${JSON.stringify({ text })}\n`).join("");
}

/** The documents of a file that `tempFile` wrote, read slowly. */
function documentsOf(path: string, unit: string): string[] {
  const text = readFileSync(path, "utf8");
  if (!path.endsWith(".jsonl")) return documentsSlowly(text, unit === "line");
  const records = text.split("\n").filter((line) => line !== "");
  return records
    .map((line) => (JSON.parse(line) as { text: string }).text)
    .filter((document) => document !== "");
}

export interface ComparedRun {
  readonly result: AnalysisResult;
  readonly documents: readonly string[];
}

/**
 * `analyze` with these options must give what the twin gives for each tokenizer, intervals included.
 * @param options `corpus` names plain .txt or .jsonl files
 */
export async function expectTwin(
  options: AnalyzeOptions & { readonly corpus: readonly string[]; readonly tokenizers: readonly string[] },
  lang = "en",
): Promise<ComparedRun> {
  const result = await analyze(lang, options);
  const rule: SlowWordRule = { rule: result.corpus.wordRule, locale: result.language.tag };
  const documents = options.corpus.flatMap((path) => documentsOf(path, result.corpus.unit));
  const { words, ...text } = textSlowly(documents, rule);
  expect(result.corpus).toMatchObject({ ...text, files: options.corpus.length });
  expect(result.corpus.words).toBe(words);
  const sample = rule.rule === "none" ? [] : await sampleOf(options, result.corpus.unit);
  expectFigures(result, { documents, rule }, { documents: sample, rule }, options.seed);
  return { result, documents };
}

/** Documents, and what a word of them is. */
interface DividedText {
  readonly documents: readonly string[];
  readonly rule: SlowWordRule;
}

function expectFigures(result: AnalysisResult, text: DividedText, sample: DividedText, seed = 0): void {
  for (const own of result.results) {
    const tokenizer = tokenizerOf(own.tokenizer);
    const expected = analyzeSlowly(text.documents, tokenizer, text.rule);
    const interval = intervalSlowly(sample.documents, tokenizer, sample.rule, expected.fertility, seed);
    const place = `${own.tokenizer}, ${result.corpus.unit}, words ${text.rule.rule}`;
    expect(rounded(figuresOf(own)), place).toEqual(
      rounded({ ...expected, vocabSize: tokenizer.definition.vocabSize }),
    );
    expect(rounded(intervalOf(own)), place).toEqual(rounded({ ...interval }));
  }
}

/** `analyze` on treebanks must give what the twin gives for the words that they were made with. */
export async function expectGoldTwin(
  treebanks: readonly Treebank[],
  options: AnalyzeOptions & { readonly tokenizers: readonly string[] },
): Promise<AnalysisResult> {
  const corpus = treebanks.map(({ lines }) => tempFile(lines, ".conllu"));
  const result = await analyze("en", { ...options, corpus });
  const divided = (sentences: readonly TreebankSentence[]): DividedText => ({
    documents: sentences.map(({ text }) => text),
    rule: { rule: "gold", locale: "en", gold: sentences.map(({ words }) => words) },
  });
  const text = divided(treebanks.flatMap(({ sentences }) => sentences));
  expect(result.corpus).toMatchObject({
    ...textSlowly(text.documents, text.rule),
    wordRule: "gold",
    unit: "record",
    files: corpus.length,
  });
  const sample = (await sampledPlaces(corpus, result.corpus.unit, options.seed)).map(
    ({ file, offset }) => treebanks[file]!.sentences.find((sentence) => sentence.offset === offset)!,
  );
  expectFigures(result, text, divided(sample), options.seed);
  return result;
}

function figuresOf(own: TokenizerResult): Record<string, unknown> {
  const { tokenizer, name, source, sha256, fertilityInterval, ...figures } = own;
  return figures;
}

function intervalOf({ fertilityInterval: interval }: TokenizerResult): Record<string, unknown> {
  return interval === undefined
    ? {}
    : { low: interval.low, high: interval.high, documents: interval.documents };
}

/** Sums of doubles may differ in the last digits by the order of summing: results are written with twelve. */
function rounded(figures: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(figures)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, typeof value === "number" ? Number(value.toPrecision(11)) : value]),
  );
}

// Which documents are sampled, and their order, is the counting's own choice, tested by itself.
async function sampleOf(options: AnalyzeOptions, unit: ReadOptions["unit"]): Promise<string[]> {
  const sample = await sampledPlaces(options.corpus!, unit, options.seed);
  const bytes = await sampledBytes(sample, await findCorpusFiles(options.corpus!), readAs(unit));
  return bytes.map((document) => Buffer.from(document).toString("utf8"));
}

async function sampledPlaces(
  corpus: readonly string[],
  unit: ReadOptions["unit"],
  seed = 0,
): Promise<readonly SampledDocument[]> {
  const { sample } = await countCorpus(await findCorpusFiles(corpus), {
    read: readAs(unit),
    workers: 1,
    seed,
    sampleSize: SAMPLE_DOCUMENTS,
    onBlock: () => {},
  });
  return sample;
}

function readAs(unit: ReadOptions["unit"]): ReadOptions {
  return { unit, textField: "text", onInvalid: "error", maxDocumentBytes: 1 << 28 };
}

const tokenizers = new Map<string, Tokenizer>();

/** A tokenizer by its ID, loaded once for the whole test file. */
export function tokenizerOf(id: string): Tokenizer {
  let tokenizer = tokenizers.get(id);
  if (tokenizer === undefined) {
    tokenizer = loadTokenizer(findTokenizer(id)).tokenizer;
    tokenizers.set(id, tokenizer);
  }
  return tokenizer;
}
