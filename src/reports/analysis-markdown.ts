// An analysis as Markdown: `analysis.md` beside `analysis.json`. Nothing in it differs between two runs on the same inputs.

import type { AnalysisResult } from "../pipeline/analysis-result.ts";
import { analysisColumns } from "./analysis-columns.ts";
import { analysisFindings, licenceLines } from "./analysis-findings.ts";
import { corpusLine, languageLine } from "./analysis-heading.ts";
import { filterLine, normalizedLine } from "./filter-line.ts";
import { code, escaped, list } from "./markdown.ts";
import { shownNames } from "./shown-names.ts";

export function analysisMarkdown(measured: AnalysisResult): string {
  const result = shownNames(measured);
  const blocks = [
    `# ${escaped(languageLine(result))}`,
    escaped(corpusLine(result)),
    ...(result.corpus.filter === undefined ? [] : [escaped(filterLine(result.corpus.filter))]),
    table(result),
    list(analysisFindings(result).map(escaped)),
  ];
  const { normalized } = result;
  if (normalized !== undefined)
    blocks.splice(
      -1,
      0,
      escaped(normalizedLine(normalized)),
      table({ ...result, results: normalized.results }),
    );
  const licences = licenceLines(result);
  if (licences.length > 0) blocks.push("## Licences", list(licences.map(escaped)));
  blocks.push("## Inputs", list(inputs(result)));
  return `${blocks.join("\n\n")}\n`;
}

function table(result: AnalysisResult): string {
  const columns = analysisColumns(result);
  const rows = result.results.map((tokenizer) => [
    escaped(tokenizer.name),
    ...columns.map(({ cell }) => cell(tokenizer)),
  ]);
  const header = ["tokenizer", ...columns.map(({ title }) => title)];
  const rule = ["---", ...columns.map(() => "---:")];
  return [header, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function inputs({ corpus, results }: AnalysisResult): string[] {
  return [
    ...(corpus.sha256 === undefined ? [] : [`corpus: SHA-256 ${code(corpus.sha256)}`]),
    ...results.map(
      ({ name, source, sha256 }) => `${escaped(name)}: ${code(source)}, SHA-256 ${code(sha256)}`,
    ),
  ];
}
