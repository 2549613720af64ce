// The public API: the verbs of the pipeline and their types.

export { VocabError } from "./errors.ts";
export { type HubEnvironment, hubEnvironment } from "./io/hub-environment.ts";
export type { AnalysisResult, TokenizerResult } from "./pipeline/analysis-result.ts";
export { type AnalyzeOptions, type AnalyzeProgress, analyze } from "./pipeline/analyze.ts";
export type { Application, ApplicationResult, AppliedTensor } from "./pipeline/application-result.ts";
export { type ApplyOptions, type ApplyProgress, apply } from "./pipeline/apply.ts";
export { compare } from "./pipeline/compare.ts";
export type { CompareOptions, CompareProgress } from "./pipeline/compare-options.ts";
export type {
  Alignment,
  ComparedText,
  ComparisonCell,
  ComparisonResult,
} from "./pipeline/comparison-result.ts";
export { type CountOptions, type CountProgress, type CountResult, count } from "./pipeline/count.ts";
export { decode } from "./pipeline/decode.ts";
export { encode } from "./pipeline/encode.ts";
export { type EvaluateOptions, type EvaluateProgress, evaluate } from "./pipeline/evaluate.ts";
export type { Difference, EvaluatedModel, EvaluationResult } from "./pipeline/evaluation-result.ts";
export { type ExpandOptions, type ExpandProgress, expand } from "./pipeline/expand.ts";
export type { ExpansionResult } from "./pipeline/expansion-result.ts";
export { type Inspection, inspect } from "./pipeline/inspect.ts";
export { findLanguages, type LanguageList } from "./pipeline/languages.ts";
export { mergeCountFolders } from "./pipeline/merge-counts.ts";
export { type SweepOptions, sweep } from "./pipeline/sweep.ts";
export type { SweepResult, SweepStep } from "./pipeline/sweep-result.ts";
export { listTokenizers, type TokenizerList } from "./pipeline/tokenizers.ts";
export { type TrainOptions, train } from "./pipeline/train.ts";
export type { TrainProgress } from "./pipeline/train-options.ts";
export type { CandidateRecord, TrainResult } from "./pipeline/train-result.ts";
export { type VerifyCommandOptions, verify } from "./pipeline/verify.ts";
export { hubTokenizer } from "./tokenizer/hub-tokenizer.ts";
export type { TokenizerId, TokenizerSource } from "./tokenizer/load-tokenizer.ts";
export type { Certificate, Check } from "./verification/certificate.ts";
