// The columns that a comparison has for each tokenizer: one list for the terminal and for Markdown.

import type { ComparisonCell, ComparisonResult } from "../pipeline/comparison-result.ts";
import { formatCount, formatRatio } from "./format.ts";

export interface ComparisonColumn {
  readonly title: string;
  readonly cell: (cell: ComparisonCell) => string;
  /** Holds the Gini coefficient in the last row. */
  readonly hasGini?: true;
  /** Left out first where a table is too wide: the highest. Absent: never. */
  readonly dispensable?: number;
}

const TOKENS: ComparisonColumn = {
  title: "tokens",
  cell: ({ tokens }) => formatCount(tokens),
  dispensable: 3,
};
const FERTILITY: ComparisonColumn = {
  title: "fertility",
  cell: ({ fertility }) => formatRatio(fertility, 3),
};
const PREMIUM: ComparisonColumn = {
  title: "premium",
  cell: ({ premium }) => formatRatio(premium, 3),
  hasGini: true,
};
const INTERVAL: ComparisonColumn = {
  title: "95 % interval",
  cell: ({ interval }) =>
    interval === undefined ? "n/a" : `${formatRatio(interval.low, 2)}–${formatRatio(interval.high, 2)}`,
  dispensable: 2,
};

/** The interval is that of the column before it. */
export function comparisonColumns({ baseline }: ComparisonResult): readonly ComparisonColumn[] {
  return baseline === undefined ? [TOKENS, FERTILITY, INTERVAL] : [TOKENS, FERTILITY, PREMIUM, INTERVAL];
}

export interface ComparisonRow {
  readonly name: string;
  readonly tag: string;
  /** One a tokenizer. */
  readonly cells: readonly ComparisonCell[];
}

/** A row for each language. */
export function comparisonRows({ languages, tokenizers, cells, texts }: ComparisonResult): ComparisonRow[] {
  const nameOf = new Map(texts.map(({ language }) => [language.tag, language.name]));
  return languages.map((tag, i) => ({
    tag,
    name: nameOf.get(tag) ?? tag,
    cells: cells.slice(i * tokenizers.length, (i + 1) * tokenizers.length),
  }));
}

/** "0.274" in the premium's column, nothing in the others. */
export function giniCell(column: ComparisonColumn, gini: number | undefined): string {
  return column.hasGini === true ? formatRatio(gini, 3) : "";
}
