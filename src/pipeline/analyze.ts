// The verb `analyze`: exact fertility and its companions for one language under one or more tokenizers.

import type { ReadOptions } from "../counting/count-shard.ts";
import type { BlockSink } from "../counting/long-segments.ts";
import { corpusDigest, fileOfText } from "../counts/corpus-digest.ts";
import { describeFilter } from "../counts/corpus-filter.ts";
import { requireCorpusOrCounts } from "../counts/counts-folder.ts";
import { blocksOfTable, type CountedLanguage } from "../counts/counts-table.ts";
import { SAMPLE_DOCUMENTS } from "../metrics/interval.ts";
import type { WordOptions } from "../metrics/segment-words.ts";
import { type Language, resolveLanguage } from "../text/languages.ts";
import { icuVersion, type WordRule } from "../text/words.ts";
import {
  type LoadedTokenizer,
  loadTokenizer,
  type TokenizerId,
  type TokenizerSource,
} from "../tokenizer/load-tokenizer.ts";
import type { AnalysisCorpus, AnalysisResult, TokenizerResult } from "./analysis-result.ts";
import {
  type AnalyzedText,
  chooseText,
  chooseWordRule,
  filterOf,
  refuseFilters,
  treebanksOf,
} from "./analyzed-text.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { type CorpusFigures, CorpusMeasurement } from "./corpus-measurement.ts";
import { type CorpusSource, hubSources } from "./corpus-source.ts";
import { type CountedCorpus, countCorpus, readDocuments, sampledBytes } from "./count-corpus.ts";
import { type DocumentOptions, readOptions } from "./document-options.ts";
import { emptyCorpus } from "./empty-corpus.ts";
import type { FilterOptions, OrthographyOptions } from "./filter-options.ts";
import { findTokenizers } from "./find-tokenizers.ts";
import { measureGold } from "./gold-measurement.ts";
import { RespeltMeasurement } from "./respelt-measurement.ts";
import { startRun } from "./run-record.ts";

export interface AnalyzeOptions extends DocumentOptions, FilterOptions, OrthographyOptions {
  /** Known names or paths. Default qwen3, llama3, gemma3. */
  readonly tokenizers?: readonly TokenizerId[] | undefined;
  /** Globs of text files. Default: the files under corpora/<lang>/, else the embedded text. */
  readonly corpus?: readonly string[] | undefined;
  /** Folders of counts, in place of a corpus: without intervals, and not for tokenizers that read whole documents. */
  readonly counts?: readonly string[] | undefined;
  /** Default by script; `gold` where all files are treebanks. */
  readonly words?: WordRule | undefined;
  /** Counting threads. Default 1. */
  readonly workers?: number | undefined;
  /** Seed of the sample of documents and of the bootstrap. Default 0. */
  readonly seed?: number | undefined;
  /** Folder in which corpora/<lang>/ is looked for. Default ".". */
  readonly folder?: string | undefined;
  readonly onProgress?: ((progress: AnalyzeProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface AnalyzeProgress {
  readonly phase: "counting" | "measuring";
  /** Stored bytes read, and in all. */
  readonly bytes: number;
  readonly totalBytes: number;
}

/**
 * @param lang BCP 47 tag
 * @throws VocabError whose `kind` says whether the request or the contents of a file is wrong
 */
export async function analyze(lang: string, options: AnalyzeOptions = {}): Promise<AnalysisResult> {
  const run = startRun();
  const language = resolveLanguage(lang);
  const sources = findTokenizers(options.tokenizers);
  requireCorpusOrCounts(options.corpus, options.counts);
  const { corpus: globs = [], counts, unit, folder = ".", hub } = options;
  const source = await chooseText(language, counts, { corpus: globs, unit, folder, hub });
  const rule = chooseWordRule(options.words, source, language);
  refuseFilters(source, rule, options);
  const tokenizers = run.loading(() => sources.map((item) => loadAndCollect(item, source.kind === "files")));
  const locale = language.tag;
  const measured =
    rule === "gold"
      ? await measureTreebanks(treebanksOf(source), tokenizers, options)
      : await measure(
          source,
          run.loading(() => measurementOf(tokenizers, { rule, locale }, options)),
          options,
        );
  const { figures, corpus, workers, normalized } = measured;
  return {
    schema: "vocab.analysis/1",
    language: describeLanguage(language),
    corpus: orderedCorpus(corpus, rule),
    results: describeResults(tokenizers, figures),
    normalized,
    run: run.end(figures.text.bytes, workers),
  };
}

function measurementOf(
  tokenizers: readonly LoadedTokenizer[],
  words: WordOptions,
  { seed = 0, orthography }: AnalyzeOptions,
): CorpusMeasurement {
  return orthography === undefined
    ? new CorpusMeasurement(tokenizers, words, seed)
    : new RespeltMeasurement(tokenizers, words, seed, orthography);
}

async function measure(
  source: AnalyzedText,
  measurement: CorpusMeasurement,
  options: AnalyzeOptions,
): Promise<Measured> {
  switch (source.kind) {
    case "counts":
      return withRespelt(measurement, await measureCounts(source.counted, measurement, options.signal));
    case "embedded":
      return withRespelt(measurement, measureEmbedded(source, measurement, options));
    case "files":
      return withRespelt(measurement, await measureFiles(source, measurement, options));
  }
}

// The tokenizers are loaded before the workers start, and what parsing leaves behind is freed at once: both at the same
// time took 100 MB more, and no less time where the workers have all cores.
function loadAndCollect(source: TokenizerSource, collects: boolean): LoadedTokenizer {
  const loaded = loadTokenizer(source);
  if (collects) collectGarbage();
  return loaded;
}

interface Measured {
  readonly figures: CorpusFigures;
  readonly corpus: Omit<AnalysisCorpus, "wordRule" | "icu">;
  /** Threads that counted. */
  readonly workers: number;
  readonly normalized?: AnalysisResult["normalized"];
}

async function measureFiles(
  source: CorpusSource & { kind: "files" },
  measurement: CorpusMeasurement,
  options: AnalyzeOptions,
): Promise<Measured> {
  const { counted, read, described } = await countFiles(source, options, (block) =>
    measurement.addBlock(block),
  );
  measurement.addBlock(counted.counts);
  if (measurement.needsDocuments)
    await readDocuments(source.files, read, (bytes) => measurement.addDocument(bytes));
  const figures = measurement.finish(await sampledBytes(counted.sample, source.files, read));
  return {
    figures,
    corpus: describeCorpus(figures, counted, described),
    workers: counted.workers,
  };
}

async function measureTreebanks(
  source: CorpusSource & { kind: "files" },
  tokenizers: readonly LoadedTokenizer[],
  options: AnalyzeOptions,
): Promise<Measured> {
  const { counted, read, described } = await countFiles(source, options, () => {});
  const { sample, workers } = counted;
  const { seed = 0, signal } = options;
  const figures = await measureGold(tokenizers, source.files, { read, sample, seed, signal });
  return { figures, corpus: describeCorpus(figures, counted, described), workers };
}

async function countFiles(
  { files, unit }: CorpusSource & { kind: "files" },
  options: AnalyzeOptions,
  onBlock: BlockSink,
): Promise<{ counted: CountedCorpus; read: ReadOptions; described: Described }> {
  const filter = filterOf(options);
  const totalBytes = files.reduce((sum, file) => sum + file.size, 0);
  const counted = await countCorpus(files, {
    read: readOptions(options, unit, filter),
    workers: options.workers ?? 1,
    seed: options.seed ?? 0,
    sampleSize: SAMPLE_DOCUMENTS,
    onBlock,
    onBytes: (bytes) => options.onProgress?.({ phase: "counting", bytes, totalBytes }),
    signal: options.signal,
  });
  const paths = files.map((file) => file.path);
  if (counted.documents === 0) throw emptyCorpus(paths, counted.filtered);
  // The tables of the workers are gone, their garbage is not.
  collectGarbage();
  options.onProgress?.({ phase: "measuring", bytes: totalBytes, totalBytes });
  const [left, hub] = [describeFilter(filter, counted.filtered), hubSources(files)];
  const described = { files: files.length, unit, filter: left, hub };
  return { counted, read: counted.read, described };
}

function measureEmbedded(
  { text, stored }: CorpusSource & { kind: "embedded" },
  measurement: CorpusMeasurement,
  options: AnalyzeOptions,
): Measured {
  const documents = text.documents.map((document) => Buffer.from(document, "utf8"));
  const counted = measurement.countDocuments(documents, options.seed ?? 0);
  const figures = measurement.finish(counted.sample);
  const described = { documents: documents.length, invalid: 0, sha256: corpusDigest([fileOfText(stored)]) };
  return {
    figures,
    corpus: { ...describeCorpus(figures, described, { files: 1, unit: "line" }), source: text.source },
    workers: 1,
  };
}

async function measureCounts(
  { training, heldOutCounts, corpus }: CountedLanguage,
  measurement: CorpusMeasurement,
  signal: AbortSignal | undefined,
): Promise<Measured> {
  measurement.requireSegments();
  for (const table of [training, heldOutCounts])
    for await (const block of blocksOfTable(table, signal)) measurement.addBlock(block);
  const figures = measurement.finish([]);
  return {
    figures,
    corpus: { ...describeCorpus(figures, corpus, corpus), fromCounts: true, dropped: training.dropped },
    workers: 1,
  };
}

// Keys in the order of the contract.
function orderedCorpus(
  { files, documents, bytes, characters, words, ...rest }: Measured["corpus"],
  wordRule: WordRule,
): AnalysisCorpus {
  return {
    files,
    documents,
    bytes,
    characters,
    words,
    wordRule,
    ...rest,
    icu: wordRule === "uax29" ? icuVersion() : undefined,
  };
}

function describeLanguage({ tag, name, script, direction }: Language): AnalysisResult["language"] {
  return { tag, name, script, direction };
}

type Described = Pick<AnalysisCorpus, "files" | "unit" | "filter" | "hub">;

function describeCorpus(
  { text }: CorpusFigures,
  counted: Pick<AnalysisCorpus, "documents" | "invalid" | "sha256">,
  { files, unit, filter, hub }: Described,
): Omit<AnalysisCorpus, "wordRule" | "icu"> {
  const { documents, invalid, sha256 } = counted;
  return {
    files,
    documents,
    bytes: text.bytes,
    characters: text.characters,
    words: text.words,
    unit,
    invalid,
    sha256,
    hub,
    filter,
  };
}

function describeResults(tokenizers: readonly LoadedTokenizer[], figures: CorpusFigures): TokenizerResult[] {
  return tokenizers.map((loaded, t) => describeResult(loaded, figures.tokenizers[t]!));
}

function withRespelt(measurement: CorpusMeasurement, measured: Measured): Measured {
  if (!(measurement instanceof RespeltMeasurement)) return measured;
  const { tokenizers, orthography, changedCharacters, removedCharacters, respelt } = measurement;
  const results = describeResults(tokenizers, respelt!);
  return { ...measured, normalized: { orthography, changedCharacters, removedCharacters, results } };
}

function describeResult(
  loaded: LoadedTokenizer,
  { figures, interval }: CorpusFigures["tokenizers"][number],
): TokenizerResult {
  const { id, name, source, sha256, tokenizer } = loaded;
  return {
    tokenizer: id,
    name,
    source,
    sha256,
    vocabSize: tokenizer.definition.vocabSize,
    ...figures,
    fertilityInterval: interval,
  };
}
