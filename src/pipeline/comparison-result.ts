// The result of `vocab compare` (docs/compare.md). Keys stand in the order in which they are written.

import type { FertilityInterval } from "../metrics/interval.ts";
import type { AnalysisCorpus, AnalysisResult, RunRecord, TokenizerResult } from "./analysis-result.ts";

export interface ComparisonResult {
  readonly schema: "vocab.comparison/1";
  /** Tags, in the order of the cells. */
  readonly languages: readonly string[];
  /** IDs as asked for. */
  readonly tokenizers: readonly string[];
  /** Tag of the language that premiums are over; absent where the texts are not parallel. */
  readonly baseline?: string | undefined;
  /** Language by language. */
  readonly cells: readonly ComparisonCell[];
  /** By tokenizer, over the tokens of the languages; absent where the texts are not parallel. */
  readonly gini?: Readonly<Record<string, number>> | undefined;
  readonly alignment?: Alignment | undefined;
  /** What was measured, in the order of the languages; the baseline last where it is not one of them. */
  readonly texts: readonly ComparedText[];
  /** Tokens of the baseline by tokenizer: what premiums divide by. */
  readonly baselineTokens?: Readonly<Record<string, number>> | undefined;
  readonly tokenizerSources: readonly Pick<
    TokenizerResult,
    "tokenizer" | "name" | "source" | "sha256" | "vocabSize"
  >[];
  readonly run: RunRecord;
}

export interface ComparisonCell {
  readonly language: string;
  readonly tokenizer: string;
  readonly tokens: number;
  readonly fertility?: number | undefined;
  readonly bytesPerToken?: number | undefined;
  readonly premium?: number | undefined;
  readonly floor?: number | undefined;
  readonly headroom?: number | undefined;
  /** Tokens that stand for text which is lost; absent where there are none. */
  readonly unknownTokens?: number | undefined;
  /** Of the premium on parallel text, else of the fertility; `method` says which. */
  readonly interval?: FertilityInterval | undefined;
}

export interface Alignment {
  readonly unit: "article" | "line" | "file" | "record";
  /** Units that all the languages have and that were measured, … */
  readonly units: number;
  /** … of how many. */
  readonly of: number;
  /** By tag, the articles that a language lacks; absent where none lacks any. */
  readonly missing?: Readonly<Record<string, readonly number[]>> | undefined;
}

export interface ComparedText extends AnalysisCorpus {
  readonly language: AnalysisResult["language"];
}
