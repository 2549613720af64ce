// An analysis as text for the terminal: what was measured, a table of at most 120 columns, what it tells.

import type { AnalysisResult, TokenizerResult } from "../pipeline/analysis-result.ts";
import { type AnalysisColumn, analysisColumns } from "./analysis-columns.ts";
import { analysisFindings, licenceLines } from "./analysis-findings.ts";
import { corpusLine, languageLine } from "./analysis-heading.ts";
import { filterLine, normalizedLine } from "./filter-line.ts";
import { shownNames } from "./shown-names.ts";
import { bold, type ReportOptions } from "./style.ts";
import { displayWidth, renderTable, shortened } from "./text-table.ts";

const MAX_WIDTH = 120;
const MAX_NAME = 24;
const GAP = 2;

export function analysisReport(measured: AnalysisResult, options: ReportOptions): string {
  const result = shownNames(measured);
  const blocks = [
    [bold(languageLine(result), options), corpusLine(result), ...filterLines(result)].join("\n"),
    table(result, options),
    ...normalizedBlocks(result, options),
    analysisFindings(result).map(item).join("\n"),
  ];
  const licences = licenceLines(result);
  if (licences.length > 0) blocks.push(`${bold("licences", options)}\n${licences.map(item).join("\n")}`);
  return `${blocks.join("\n\n")}\n`;
}

function filterLines({ corpus: { filter } }: AnalysisResult): string[] {
  return filter === undefined ? [] : [filterLine(filter)];
}

function normalizedBlocks(result: AnalysisResult, options: ReportOptions): string[] {
  const { normalized } = result;
  if (normalized === undefined) return [];
  return [`${normalizedLine(normalized)}\n${table({ ...result, results: normalized.results }, options)}`];
}

function item(line: string): string {
  return `- ${line}`;
}

interface ShownColumn {
  readonly column: AnalysisColumn;
  readonly cells: readonly string[];
  readonly width: number;
}

function table({ results, ...rest }: AnalysisResult, options: ReportOptions): string {
  const names = results.map(({ name }) => shortened(name, MAX_NAME));
  const nameWidth = Math.max(...["tokenizer", ...names].map(displayWidth));
  const columns = fitting(
    analysisColumns({ results, ...rest }).map((column) => measured(column, results)),
    nameWidth,
  );
  const above = columns.map(({ column: { short }, width }) => short[0].padStart(width)).join(" ".repeat(GAP));
  const below = renderTable(
    [
      { title: "tokenizer", align: "left" },
      ...columns.map(({ column: { short }, width }) => ({
        title: short[1].padStart(width),
        align: "right" as const,
      })),
    ],
    results.map((_, i) => [names[i]!, ...columns.map(({ cells }) => cells[i]!)]),
    options,
  );
  return `${bold(" ".repeat(nameWidth + GAP) + above, options)}\n${below}`;
}

function measured(column: AnalysisColumn, results: readonly TokenizerResult[]): ShownColumn {
  const cells = results.map(column.cell);
  return { column, cells, width: Math.max(...[...column.short, ...cells].map(displayWidth)) };
}

// What does not fit is in the JSON and the Markdown.
function fitting(columns: readonly ShownColumn[], nameWidth: number): readonly ShownColumn[] {
  const total = columns.reduce((sum, { width }) => sum + GAP + width, nameWidth);
  const most = Math.max(...columns.map(({ column }) => column.dispensable ?? 0));
  if (total <= MAX_WIDTH || most === 0) return columns;
  return fitting(
    columns.filter(({ column }) => column.dispensable !== most),
    nameWidth,
  );
}
