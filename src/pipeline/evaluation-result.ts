// What `evaluate` returns, schema `vocab.evaluation/1` (docs/evaluate.md). Keys stand in the order in which they are written.

import type { RatioInterval } from "../metrics/bits-interval.ts";
import type { AnalysisCorpus, AnalysisResult, RunRecord } from "./analysis-result.ts";

export interface EvaluationResult {
  readonly schema: "vocab.evaluation/1";
  /** Where one was named. */
  readonly language?: AnalysisResult["language"] | undefined;
  readonly corpus: EvaluatedCorpus;
  /** In the order asked. */
  readonly models: readonly EvaluatedModel[];
  /** Each model but the first against the first. */
  readonly differences: readonly Difference[];
  /** What should be known, as sentences. */
  readonly findings: readonly string[];
  readonly run: EvaluationRun;
}

export interface EvaluatedCorpus
  extends Pick<
    AnalysisCorpus,
    "documents" | "bytes" | "unit" | "invalid" | "sha256" | "filter" | "source" | "hub"
  > {
  readonly files: number;
}

export interface EvaluatedModel {
  /** The folder as typed. */
  readonly model: string;
  readonly type: string;
  readonly architecture: string;
  readonly parameters: number;
  /** Of the embedding matrix. */
  readonly rows: number;
  readonly tokenizer: { readonly file: string; readonly sha256: string; readonly vocabSize: number };
  /** Of all documents: all of them are scored. */
  readonly tokens: number;
  readonly bytesPerToken?: number | undefined;
  /** Of these the tokens that stand for text that the tokenizer does not know. */
  readonly unknownTokens: number;
  /** Sum of -log2 p over all tokens. */
  readonly bits: number;
  readonly bitsPerByte: number;
  readonly bitsPerByteInterval?: RatioInterval | undefined;
  readonly bitsPerToken?: number | undefined;
  /** What stands before the tokens of every window, unscored; by which rule it was chosen. */
  readonly startToken: { readonly id: number; readonly token: string; readonly rule: StartRule };
  /** Tokens, the start token included. */
  readonly window: number;
  readonly stride: number;
  readonly dtype: string;
  readonly device: string;
}

export type StartRule = "bos" | "eos" | "given";

export interface Difference {
  readonly model: string;
  readonly baseline: string;
  /** Bits per byte of the model less those of the baseline. */
  readonly bitsPerByte: number;
  /** Bits of the model / bits of the baseline. */
  readonly ratio?: number | undefined;
  /** Of `bitsPerByte`, documents drawn in pairs. */
  readonly interval?: RatioInterval | undefined;
}

export interface EvaluationRun extends RunRecord {
  readonly python: string;
  readonly torch: string;
  readonly transformers: string;
  readonly deviceName: string;
  /** Of torch, on a CPU. */
  readonly threads?: number | undefined;
  /** Loading and scoring, by model. */
  readonly modelMs: readonly number[];
}
