// Saves an analysis where people will look: analysis.json for machines, analysis.md for eyes.

import { canonicalJson } from "../io/canonical-json.ts";
import { writeFilesAtomically } from "../io/write-files.ts";
import type { AnalysisResult } from "../pipeline/analysis-result.ts";
import { analysisMarkdown } from "./analysis-markdown.ts";

export async function saveAnalysis(result: AnalysisResult, folder: string): Promise<void> {
  await writeFilesAtomically(folder, {
    "analysis.json": canonicalJson(result),
    "analysis.md": analysisMarkdown(result),
  });
}
