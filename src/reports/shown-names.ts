// Names of tokenizers come from names of files, which may hold anything.

import type { AnalysisResult } from "../pipeline/analysis-result.ts";
import { visibleText } from "./visible-text.ts";

/** The same analysis, with names of tokenizers that can be printed: no control characters, no line ends. */
export function shownNames(result: AnalysisResult): AnalysisResult {
  const shown = (results: AnalysisResult["results"]) =>
    results.map((entry) => ({ ...entry, name: shownName(entry.name) }));
  const { results, normalized } = result;
  return {
    ...result,
    results: shown(results),
    normalized: normalized && { ...normalized, results: shown(normalized.results) },
  };
}

/** A name that can be printed. */
export function shownName(name: string): string {
  return visibleText(name).replaceAll("␣", " ");
}
