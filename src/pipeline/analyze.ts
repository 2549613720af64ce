// The verb `analyze`: exact fertility and its companions for one language under one or more tokenizers.

import type { DocumentUnit } from "../counting/count-shard.ts";
import { SAMPLE_DOCUMENTS } from "../metrics/interval.ts";
import { type Language, resolveLanguage } from "../text/languages.ts";
import { icuVersion, type TextWordRule, type WordRule } from "../text/words.ts";
import {
  type LoadedTokenizer,
  loadTokenizer,
  type TokenizerId,
  type TokenizerSource,
} from "../tokenizer/load-tokenizer.ts";
import type { AnalysisCorpus, AnalysisResult, TokenizerResult } from "./analysis-result.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { corpusDigest, fileOfText } from "./corpus-digest.ts";
import { type CorpusFigures, CorpusMeasurement } from "./corpus-measurement.ts";
import { type CorpusSource, chooseCorpus } from "./corpus-source.ts";
import { emptyCorpus } from "./count.ts";
import { countCorpus, readDocuments, sampledBytes } from "./count-corpus.ts";
import { type CountedLanguage, countsOf, requireCorpusOrCounts } from "./counts-folder.ts";
import { type DocumentOptions, readOptions } from "./document-options.ts";
import {
  describeFilter,
  type FilterOptions,
  filterRules,
  type OrthographyOptions,
  requireFiles,
} from "./filter-options.ts";
import { findTokenizers } from "./find-tokenizers.ts";
import { RespeltMeasurement } from "./respelt-measurement.ts";
import { startRun } from "./run-record.ts";

export interface AnalyzeOptions extends DocumentOptions, FilterOptions, OrthographyOptions {
  /** Known names or paths. Default qwen3, llama3, gemma3. */
  readonly tokenizers?: readonly TokenizerId[] | undefined;
  /** Globs of text files. Default: the files under corpora/<lang>/, else the embedded text. */
  readonly corpus?: readonly string[] | undefined;
  /** Folders of counts, in place of a corpus: without intervals, and not for tokenizers that read whole documents. */
  readonly counts?: readonly string[] | undefined;
  /** Default by script. */
  readonly words?: TextWordRule | "none" | undefined;
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
  const source = await chooseText(language, options);
  const rule = options.words ?? (source.kind === "embedded" ? source.text.wordRule : language.wordRule);
  const load = () =>
    run.loading(() => {
      const tokenizers = sources.map((item) => loadAndCollect(item, source.kind === "files"));
      const words = { rule, locale: language.tag };
      return options.orthography === undefined
        ? new CorpusMeasurement(tokenizers, words, options.seed ?? 0)
        : new RespeltMeasurement(tokenizers, words, options.seed ?? 0, options.orthography);
    });
  const { measurement, figures, corpus, workers } = await measure(source, load, options);
  return {
    schema: "vocab.analysis/1",
    language: describeLanguage(language),
    corpus: orderedCorpus(corpus, rule),
    results: describeResults(measurement, figures),
    normalized: measurement instanceof RespeltMeasurement ? describeRespelt(measurement) : undefined,
    run: run.end(figures.text.bytes, workers),
  };
}

type AnalyzedText = CorpusSource | { readonly kind: "counts"; readonly counted: CountedLanguage };

async function chooseText(language: Language, options: AnalyzeOptions): Promise<AnalyzedText> {
  const { corpus = [], counts, unit, folder = "." } = options;
  const rules = filterRules(filterOf(options), options.seed ?? 0);
  if (counts === undefined) {
    const source = await chooseCorpus(language, { corpus, unit, folder });
    if (source.kind === "embedded") requireFiles(rules, "the embedded text is measured as it is");
    return source;
  }
  requireFiles(rules, "counts are what was counted");
  const [counted] = await countsOf(counts, [language]);
  return { kind: "counts", counted: counted! };
}

async function measure(
  source: AnalyzedText,
  load: () => CorpusMeasurement,
  options: AnalyzeOptions,
): Promise<Measured> {
  switch (source.kind) {
    case "counts":
      return measureCounts(source.counted, load());
    case "embedded":
      return measureEmbedded(source, load, options);
    case "files":
      return measureFiles(source, load, options);
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
  readonly measurement: CorpusMeasurement;
  readonly figures: CorpusFigures;
  readonly corpus: Omit<AnalysisCorpus, "wordRule" | "icu">;
  /** Threads that counted. */
  readonly workers: number;
}

async function measureFiles(
  source: CorpusSource & { kind: "files" },
  load: () => CorpusMeasurement,
  options: AnalyzeOptions,
): Promise<Measured> {
  const filter = filterRules(filterOf(options), options.seed ?? 0);
  const totalBytes = source.files.reduce((sum, file) => sum + file.size, 0);
  const measurement = load();
  const counted = await countCorpus(source.files, {
    read: readOptions(options, source.unit, filter),
    workers: options.workers ?? 1,
    seed: options.seed ?? 0,
    sampleSize: SAMPLE_DOCUMENTS,
    onBlock: (block) => measurement.addBlock(block),
    onBytes: (bytes) => options.onProgress?.({ phase: "counting", bytes, totalBytes }),
    signal: options.signal,
  });
  // The tables of the workers are gone, their garbage is not.
  collectGarbage();
  options.onProgress?.({ phase: "measuring", bytes: totalBytes, totalBytes });
  if (counted.documents === 0)
    throw emptyCorpus(
      source.files.map((file) => file.path),
      counted.filtered,
    );
  measurement.addBlock(counted.counts);
  const { read } = counted;
  if (measurement.needsDocuments)
    await readDocuments(source.files, read, (bytes) => measurement.addDocument(bytes));
  const figures = measurement.finish(await sampledBytes(counted.sample, source.files, read));
  return {
    measurement,
    figures,
    corpus: {
      ...describeCorpus(figures, counted, { files: source.files.length, unit: source.unit }),
      filter: describeFilter(filter, counted.filtered),
    },
    workers: counted.workers,
  };
}

function measureEmbedded(
  { text, stored }: CorpusSource & { kind: "embedded" },
  load: () => CorpusMeasurement,
  options: AnalyzeOptions,
): Measured {
  const measurement = load();
  const documents = text.documents.map((document) => Buffer.from(document, "utf8"));
  const counted = measurement.countDocuments(documents, options.seed ?? 0);
  const figures = measurement.finish(counted.sample);
  const described = { documents: documents.length, invalid: 0, sha256: corpusDigest([fileOfText(stored)]) };
  return {
    measurement,
    figures,
    corpus: { ...describeCorpus(figures, described, { files: 1, unit: "line" }), source: text.source },
    workers: 1,
  };
}

function measureCounts(
  { training, heldOutCounts, corpus }: CountedLanguage,
  measurement: CorpusMeasurement,
): Measured {
  measurement.requireSegments();
  measurement.addBlock(training);
  measurement.addBlock(heldOutCounts);
  const figures = measurement.finish([]);
  return {
    measurement,
    figures,
    corpus: { ...describeCorpus(figures, corpus, corpus), filter: corpus.filter, fromCounts: true },
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

function describeCorpus(
  { text }: CorpusFigures,
  counted: { readonly documents: number; readonly invalid: number; readonly sha256: string },
  { files, unit }: { readonly files: number; readonly unit: DocumentUnit },
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
  };
}

// The letters of another orthography are measured beside the text, not in place of it.
function filterOf({ dedup, sample, script, normalize }: AnalyzeOptions): FilterOptions {
  return { dedup, sample, script, normalize };
}

function describeResults({ tokenizers }: CorpusMeasurement, figures: CorpusFigures): TokenizerResult[] {
  return tokenizers.map((loaded, t) => describeResult(loaded, figures.tokenizers[t]!));
}

function describeRespelt(measurement: RespeltMeasurement): AnalysisResult["normalized"] {
  const { orthography, changedCharacters, respelt } = measurement;
  return { orthography, changedCharacters, results: describeResults(measurement, respelt!) };
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
