// Saves a comparison where people will look: JSON for programs, CSV for spreadsheets, Markdown for eyes.

import { canonicalJson } from "../io/canonical-json.ts";
import { writeFilesAtomically } from "../io/write-files.ts";
import type { ComparisonResult } from "../pipeline/comparison-result.ts";
import { comparisonCsv } from "./comparison-csv.ts";
import { comparisonMarkdown } from "./comparison-markdown.ts";

export async function saveComparison(result: ComparisonResult, folder: string): Promise<void> {
  await writeFilesAtomically(folder, {
    "comparison.json": canonicalJson(result),
    "comparison.csv": comparisonCsv(result),
    "comparison.md": comparisonMarkdown(result),
  });
}
