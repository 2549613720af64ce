// The public API: the verbs of the pipeline and their types.

export { VocabError } from "./errors.ts";
export type { AnalysisResult, TokenizerResult } from "./pipeline/analysis-result.ts";
export { type AnalyzeOptions, type AnalyzeProgress, analyze } from "./pipeline/analyze.ts";
export { decode } from "./pipeline/decode.ts";
export { encode } from "./pipeline/encode.ts";
export { type Inspection, inspect } from "./pipeline/inspect.ts";
export { findLanguages, type LanguageList } from "./pipeline/languages.ts";
export { listTokenizers, type TokenizerList } from "./pipeline/tokenizers.ts";
export { type VerifyCommandOptions, verify } from "./pipeline/verify.ts";
export type { Certificate, Check } from "./verification/certificate.ts";
