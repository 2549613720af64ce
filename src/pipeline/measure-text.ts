// Measures the text of one language under all tokenizers of a comparison, counting it once.

import { readFileSync } from "node:fs";
import { corpusDigest, fileOfText } from "../counts/corpus-digest.ts";
import { describeFilter } from "../counts/corpus-filter.ts";
import { blocksOfTable } from "../counts/counts-table.ts";
import { SAMPLE_DOCUMENTS } from "../metrics/interval.ts";
import { icuVersion, type WordRule } from "../text/words.ts";
import type { LoadedTokenizer } from "../tokenizer/load-tokenizer.ts";
import type { CompareOptions } from "./compare-options.ts";
import type { ComparedText } from "./comparison-result.ts";
import type { LanguageText } from "./comparison-texts.ts";
import { type CorpusFigures, CorpusMeasurement } from "./corpus-measurement.ts";
import { hubSources } from "./corpus-source.ts";
import { countCorpus, readDocuments, sampledBytes } from "./count-corpus.ts";
import { readOptions } from "./document-options.ts";
import { emptyCorpus } from "./empty-corpus.ts";
import { filterRules } from "./filter-options.ts";
import { readNumbered } from "./parallel-lines.ts";

export interface MeasuredText {
  readonly text: ComparedText;
  readonly figures: CorpusFigures;
  /** Tokens of each aligned unit under each tokenizer; none where the text is not parallel. */
  readonly unitTokens: readonly Float64Array[];
  /** Threads that counted. */
  readonly workers: number;
}

/** @param onBytes told how many of the stored bytes of this text have been read */
export async function measureText(
  source: LanguageText,
  tokenizers: readonly LoadedTokenizer[],
  options: CompareOptions,
  onBytes: (bytes: number) => void,
): Promise<MeasuredText> {
  const { language } = source;
  const rule =
    options.words ?? (source.kind === "articles" ? source.embedded.text.wordRule : language.wordRule);
  const measurement = new CorpusMeasurement(tokenizers, { rule, locale: language.tag }, options.seed ?? 0);
  if (source.kind === "articles") return measureArticles(source, measurement, rule);
  if (source.kind === "counts") return measureCounts(source, measurement, rule, options);
  return source.kind === "lines" && source.isSmall
    ? measureLines(source, measurement, rule, options)
    : measureFiles(source, measurement, rule, options, onBytes);
}

function measureArticles(
  source: LanguageText & { kind: "articles" },
  measurement: CorpusMeasurement,
  rule: WordRule,
): MeasuredText {
  const { text, stored } = source.embedded;
  const byArticle = source.articles.map((article) =>
    text.documents
      .filter((_, i) => text.articles[i] === article)
      .map((document) => Buffer.from(document, "utf8")),
  );
  const documents = byArticle.flat();
  const { tokens } = measurement.addDocuments(documents);
  const sizes = byArticle.map((paragraphs) => paragraphs.length);
  const counted = { documents: documents.length, invalid: 0, sha256: digestOf(stored) };
  const described = { files: 1, unit: "line" as const, source: text.source };
  const figures = measurement.finish([]);
  return {
    text: describeText(source, figures, rule, counted, described),
    figures,
    unitTokens: tokens.map((values) => sumByUnit(values, sizes)),
    workers: 1,
  };
}

async function measureLines(
  source: LanguageText & { kind: "lines" },
  measurement: CorpusMeasurement,
  rule: WordRule,
  options: CompareOptions,
): Promise<MeasuredText> {
  const { file, unit, sampled } = source;
  const { documents, invalid } = await readNumbered(file, readOptions(options, unit), sampled);
  const filled = documents.filter(({ length }) => length > 0);
  if (filled.length === 0) throw emptyCorpus([file.path]);
  const { tokens } = measurement.addDocuments(filled);
  const counted = { documents: filled.length, invalid, sha256: digestOf(readFileSync(file.path)) };
  const figures = measurement.finish([]);
  return {
    text: describeText(source, figures, rule, counted, { files: 1, unit, source: file.path }),
    figures,
    unitTokens: tokens.map((values) => sumByUnit(values, sizesOf(documents))),
    workers: 1,
  };
}

async function measureCounts(
  source: LanguageText & { kind: "counts" },
  measurement: CorpusMeasurement,
  rule: WordRule,
  { signal }: CompareOptions,
): Promise<MeasuredText> {
  const { corpus, training, heldOutCounts } = source.counted;
  measurement.requireSegments();
  for (const table of [training, heldOutCounts])
    for await (const block of blocksOfTable(table, signal)) measurement.addBlock(block);
  const figures = measurement.finish([]);
  const { files, unit, filter } = corpus;
  const text = describeText(source, figures, rule, corpus, { files, unit, source: undefined });
  return {
    text: { ...text, filter, fromCounts: true, dropped: training.dropped },
    figures,
    unitTokens: [],
    workers: 1,
  };
}

async function measureFiles(
  source: LanguageText & { kind: "lines" | "files" },
  measurement: CorpusMeasurement,
  rule: WordRule,
  options: CompareOptions,
  onBytes: (bytes: number) => void,
): Promise<MeasuredText> {
  const files = source.kind === "lines" ? [source.file] : source.files;
  const filter = source.kind === "files" ? filterRules(options, options.seed ?? 0) : undefined;
  const counted = await countCorpus(files, {
    read: readOptions(options, source.unit, filter),
    workers: options.workers ?? 1,
    seed: options.seed ?? 0,
    sampleSize: source.kind === "lines" ? 0 : SAMPLE_DOCUMENTS,
    onBlock: (block) => measurement.addBlock(block),
    onBytes,
    signal: options.signal,
  });
  if (counted.documents === 0)
    throw emptyCorpus(
      files.map(({ path }) => path),
      counted.filtered,
    );
  const { read } = counted;
  measurement.addBlock(counted.counts);
  if (measurement.needsDocuments) await readDocuments(files, read, (bytes) => measurement.addDocument(bytes));
  const figures = measurement.finish(await sampledBytes(counted.sample, files, read));
  let unitTokens: readonly Float64Array[] = [];
  if (source.kind === "lines") {
    const { documents } = await readNumbered(source.file, read, source.sampled);
    const { tokens } = measurement.figuresOf(documents.filter(({ length }) => length > 0));
    unitTokens = tokens.map((values) => sumByUnit(values, sizesOf(documents)));
  }
  const described = {
    files: files.length,
    unit: source.unit,
    source: source.kind === "lines" ? source.file.path : undefined,
    hub: hubSources(files),
  };
  return {
    text: {
      ...describeText(source, figures, rule, counted, described),
      filter: describeFilter(filter, counted.filtered),
    },
    figures,
    unitTokens,
    workers: counted.workers,
  };
}

function digestOf(stored: Uint8Array): string {
  return corpusDigest([fileOfText(stored)]);
}

// An empty line is no text: it has no tokens, even where a tokenizer puts a space before every text.
function sizesOf(lines: readonly Uint8Array[]): number[] {
  return lines.map(({ length }) => Math.min(1, length));
}

/** [1, 2, 3] of two units of sizes 2 and 1 → [3, 3] */
function sumByUnit(values: Float64Array, sizes: readonly number[]): Float64Array {
  let at = 0;
  return Float64Array.from(sizes, (size) => {
    at += size;
    return values.subarray(at - size, at).reduce((sum, value) => sum + value, 0);
  });
}

// Keys in the order of an analysis.
function describeText(
  { language: { tag, name, script, direction } }: LanguageText,
  { text: { bytes, characters, words } }: CorpusFigures,
  wordRule: WordRule,
  { documents, invalid, sha256 }: Pick<ComparedText, "documents" | "invalid" | "sha256">,
  { files, unit, source, hub }: Pick<ComparedText, "files" | "unit" | "source" | "hub">,
): ComparedText {
  return {
    language: { tag, name, script, direction },
    files,
    documents,
    bytes,
    characters,
    words,
    wordRule,
    unit,
    invalid,
    sha256,
    hub,
    source,
    icu: wordRule === "uax29" ? icuVersion() : undefined,
  };
}
