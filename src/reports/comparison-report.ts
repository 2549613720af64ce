// A comparison as text for the terminal: what was compared, tables of at most 120 columns, what they tell.

import type { ComparisonResult } from "../pipeline/comparison-result.ts";
import { licenceLines } from "./analysis-findings.ts";
import { type ComparisonColumn, comparisonColumns, comparisonRows, giniCell } from "./comparison-columns.ts";
import { comparisonFindings } from "./comparison-findings.ts";
import { comparisonTitle, textLines } from "./comparison-heading.ts";
import { shownName } from "./shown-names.ts";
import { bold, type ReportOptions } from "./style.ts";
import { displayWidth, inPlace, renderTable, shortened } from "./text-table.ts";

const MAX_WIDTH = 120;
const MAX_LANGUAGE = 20;
const MAX_TOKENIZER = 24;
const GAP = 2;

export function comparisonReport(result: ComparisonResult, options: ReportOptions): string {
  const blocks = [
    [bold(comparisonTitle(result), options), ...textLines(result)].join("\n"),
    ...tables(result).map((table) => render(table, options)),
    comparisonFindings(result).map(item).join("\n"),
  ];
  const licences = licenceLines({ results: result.tokenizerSources });
  if (licences.length > 0) blocks.push(`${bold("licences", options)}\n${licences.map(item).join("\n")}`);
  return `${blocks.join("\n\n")}\n`;
}

function item(line: string): string {
  return `- ${line}`;
}

/** Text of some columns, the title first. */
type Column = readonly string[];

/** The columns of one tokenizer, under its name. */
interface Group {
  readonly name: string;
  readonly columns: readonly Column[];
}

interface Table {
  readonly languages: readonly Column[];
  readonly groups: readonly Group[];
}

function tables(result: ComparisonResult): Table[] {
  const rows = comparisonRows(result);
  const last = result.gini === undefined ? [] : ["Gini"];
  const languages = [
    ["language", ...rows.map(({ name }) => shortened(name, MAX_LANGUAGE)), ...last],
    ["tag", ...rows.map(({ tag }) => tag), ...last.map(() => "")],
  ];
  const room = MAX_WIDTH - languages.reduce((sum, column) => sum + widthOf(column) + GAP, 0) + GAP;
  const groups = fitting(comparisonColumns(result), room, (columns) => groupsOf(result, columns));
  return divided(groups, room).map((some) => ({ languages, groups: some }));
}

function groupsOf(result: ComparisonResult, columns: readonly ComparisonColumn[]): Group[] {
  const rows = comparisonRows(result);
  return result.tokenizers.map((id, t) => {
    const last = (column: ComparisonColumn) =>
      result.gini === undefined ? [] : [giniCell(column, result.gini[id])];
    return {
      name: shortened(shownName(result.tokenizerSources[t]!.name), MAX_TOKENIZER),
      columns: columns.map((column) => [
        column.title,
        ...rows.map(({ cells }) => column.cell(cells[t]!)),
        ...last(column),
      ]),
    };
  });
}

// What does not fit is in the CSV, the JSON and the Markdown.
function fitting(
  columns: readonly ComparisonColumn[],
  room: number,
  groupsWith: (columns: readonly ComparisonColumn[]) => Group[],
): Group[] {
  const groups = groupsWith(columns);
  const most = Math.max(...columns.map(({ dispensable }) => dispensable ?? 0));
  if (most === 0 || groups.reduce((sum, group) => sum + groupWidth(group), 0) <= room) return groups;
  return fitting(
    columns.filter(({ dispensable }) => dispensable !== most),
    room,
    groupsWith,
  );
}

// Many tokenizers stand in several tables, as many in each as fit.
function divided(groups: readonly Group[], room: number): Group[][] {
  const parts: Group[][] = [];
  let left = 0;
  for (const group of groups) {
    const width = groupWidth(group);
    if (parts.length === 0 || width > left) {
      parts.push([]);
      left = room;
    }
    parts.at(-1)!.push(group);
    left -= width;
  }
  return parts;
}

function render({ languages, groups }: Table, options: ReportOptions): string {
  const columns = groups.flatMap(({ name, columns: own }) => {
    // A name longer than its columns widens the first.
    const missing = displayWidth(name) - innerWidth(own);
    return own.map((column, i) =>
      i === 0 && missing > 0 ? column.map((text) => text.padStart(widthOf(column) + missing)) : column,
    );
  });
  const all = [...languages, ...columns];
  const titles = all.map(
    ([title], i) => ({ title: title!, align: i < languages.length ? "left" : "right" }) as const,
  );
  const rows = languages[0]!.slice(1).map((_, row) => all.map((column) => column[row + 1]!));
  return `${bold(above(languages, groups), options)}\n${renderTable(titles, rows, options)}`;
}

// The names of the tokenizers, each over its columns.
function above(languages: readonly Column[], groups: readonly Group[]): string {
  const start = languages.reduce((sum, column) => sum + widthOf(column) + GAP, 0) - GAP;
  const names = groups.map((group) => {
    const width = groupWidth(group);
    return " ".repeat(width - displayWidth(group.name)) + inPlace(group.name);
  });
  return " ".repeat(start) + names.join("");
}

/** Of a group with the gap before it. */
function groupWidth({ name, columns }: Group): number {
  return GAP + Math.max(displayWidth(name), innerWidth(columns));
}

function innerWidth(columns: readonly Column[]): number {
  return columns.reduce((sum, column) => sum + widthOf(column) + GAP, 0) - GAP;
}

function widthOf(column: Column): number {
  return Math.max(...column.map(displayWidth));
}
