// Saves a sweep where people will look: sweep.json for machines, sweep.md for eyes.

import { canonicalJson } from "../io/canonical-json.ts";
import { writeFilesAtomically } from "../io/write-files.ts";
import type { SweepResult } from "../pipeline/sweep-result.ts";
import { recommendationLine, sweepLines, sweepTable } from "./sweep-report.ts";
import { languageTitle, textLine } from "./text-lines.ts";

export async function saveSweep(result: SweepResult, folder: string): Promise<void> {
  await writeFilesAtomically(folder, {
    "sweep.json": canonicalJson(result),
    "sweep.md": sweepMarkdown(result),
  });
}

function sweepMarkdown(result: SweepResult): string {
  const { base, languages, stopDetail, findings } = result;
  const table = sweepTable(result, (columns, rows) =>
    [columns.map(({ title }) => title), columns.map(() => "---:"), ...rows]
      .map((cells) => `| ${cells.join(" | ")} |`)
      .join("\n"),
  );
  const blocks = [
    `# Tokens to add to ${base.name.replace(/[\\`*_[\]<>|#]/g, "\\$&")}`,
    ...languages.map((text) => `${languageTitle(text.language)}: ${textLine(text)}.`),
    `Training: ${stopDetail}. Figures are of the held-out text.`,
    table,
    [...sweepLines(result), ...findings].map((line) => `- ${line}`).join("\n"),
    `**${recommendationLine(result)}**`,
  ];
  return `${blocks.join("\n\n")}\n`;
}
