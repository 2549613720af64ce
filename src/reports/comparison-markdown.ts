// A comparison as Markdown: nothing in it differs between two runs on the same inputs.

import type { ComparisonResult } from "../pipeline/comparison-result.ts";
import { licenceLines } from "./analysis-findings.ts";
import { comparisonColumns, comparisonRows, giniCell } from "./comparison-columns.ts";
import { comparisonFindings } from "./comparison-findings.ts";
import { comparisonTitle, textLines } from "./comparison-heading.ts";
import { code, escaped, list } from "./markdown.ts";
import { shownName } from "./shown-names.ts";

export function comparisonMarkdown(result: ComparisonResult): string {
  const blocks = [
    `# ${escaped(comparisonTitle(result))}`,
    list(textLines(result).map(escaped)),
    table(result),
    list(comparisonFindings(result).map(escaped)),
  ];
  const licences = licenceLines({ results: result.tokenizerSources });
  if (licences.length > 0) blocks.push("## Licences", list(licences.map(escaped)));
  blocks.push("## Inputs", list(inputs(result)));
  return `${blocks.join("\n\n")}\n`;
}

function table(result: ComparisonResult): string {
  const { tokenizers, tokenizerSources, gini } = result;
  const columns = comparisonColumns(result).filter(({ title }) => title !== "tokens");
  const titles = tokenizerSources.flatMap(({ name }) =>
    columns.map(({ title }) => `${escaped(shownName(name))} ${title}`),
  );
  const rows = comparisonRows(result).map(({ name, tag, cells }) => [
    escaped(name),
    tag,
    ...cells.flatMap((cell) => columns.map((column) => column.cell(cell))),
  ]);
  if (gini !== undefined)
    rows.push([
      "**Gini**",
      "",
      ...tokenizers.flatMap((id) => columns.map((column) => giniCell(column, gini[id]))),
    ]);
  const rule = ["---", "---", ...titles.map(() => "---:")];
  return [["language", "tag", ...titles], rule, ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function inputs({ texts, tokenizerSources }: ComparisonResult): string[] {
  return [
    ...texts.map(({ language: { tag }, source, files, sha256 }) => {
      const where = source === undefined ? `${files} files` : code(source);
      return `${tag}: ${where}${sha256 === undefined ? "" : `, SHA-256 ${code(sha256)}`}`;
    }),
    ...tokenizerSources.map(
      ({ name, source, sha256 }) => `${escaped(shownName(name))}: ${code(source)}, SHA-256 ${code(sha256)}`,
    ),
  ];
}
