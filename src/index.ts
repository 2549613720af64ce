// The public API: the verbs of the pipeline and their types.

export { VocabError } from "./errors.ts";
export type { AnalysisResult, TokenizerResult } from "./pipeline/analysis-result.ts";
export { type AnalyzeOptions, type AnalyzeProgress, analyze } from "./pipeline/analyze.ts";
