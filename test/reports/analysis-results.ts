// Analyses for the tests of reports, with the parts that a test is about.

import type { AnalysisCorpus, AnalysisResult, TokenizerResult } from "../../src/pipeline/analysis-result.ts";

export function analysis(
  results: readonly TokenizerResult[],
  corpus: Partial<AnalysisCorpus> = {},
): AnalysisResult {
  return {
    schema: "vocab.analysis/1",
    language: { tag: "fa", name: "Persian", script: "Arab", direction: "rtl" },
    corpus: {
      files: 2,
      documents: 90,
      bytes: 16_204,
      characters: 8_980,
      words: 1_822,
      wordRule: "whitespace",
      unit: "line",
      invalid: 0,
      sha256: "c0ffee",
      ...corpus,
    },
    results,
    run: {
      version: "0.0.0",
      date: "2000-01-01T00:00:00.000Z",
      durationMs: 1,
      workers: 1,
      bytesPerSecond: 1,
      machine: { platform: "p", cpu: "c", cores: 1, node: "v", icu: "i" },
      tokenizerLoadMs: 1,
      cpuMs: 1,
    },
  };
}

/** A tokenizer of fertility `fertility` whose interval is `low` to `high`; without an interval where they are absent. */
export function tokenizer(
  name: string,
  [fertility, low, high]: readonly [fertility: number, low?: number, high?: number],
  rest: Partial<TokenizerResult> = {},
): TokenizerResult {
  return {
    tokenizer: name.toLowerCase(),
    name,
    source: `${name}.json`,
    sha256: "beef",
    vocabSize: 1000,
    tokens: 4990,
    fertility,
    bytesPerToken: 3.247,
    charactersPerToken: 1.8,
    continuedWordShare: 0.786,
    singleTokenWordShare: 0.214,
    floor: 1,
    floorRule: "pre-tokens",
    headroom: 1 - 1 / fertility,
    partialCharacterTokenShare: 0.018,
    unknownTokens: 0,
    vocabularyUsed: 385,
    renyiEfficiency: 0.3,
    fertilityInterval:
      low === undefined || high === undefined
        ? undefined
        : { level: 0.95, low, high, method: "bootstrap", documents: 90 },
    ...rest,
  };
}
