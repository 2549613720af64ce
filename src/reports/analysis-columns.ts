// The columns of an analysis: one list for the terminal and for Markdown.

import type { AnalysisResult, TokenizerResult } from "../pipeline/analysis-result.ts";
import { formatCount, formatRatio, formatShare } from "./format.ts";

export interface AnalysisColumn {
  readonly title: string;
  /** The title in two lines, for tables that must be narrow. */
  readonly short: readonly [above: string, below: string];
  readonly cell: (result: TokenizerResult) => string;
  /** Left out first where a table is too wide: the highest. Absent: never. */
  readonly dispensable?: number;
}

/** The columns after the name, in the order of the result's fields. `unknown` only where some text was unknown. */
export function analysisColumns({ results }: AnalysisResult): readonly AnalysisColumn[] {
  return results.some(({ unknownTokens }) => unknownTokens > 0)
    ? COLUMNS
    : COLUMNS.filter((column) => column !== UNKNOWN);
}

const UNKNOWN: AnalysisColumn = {
  title: "unknown tokens",
  short: ["unknown", "tokens"],
  cell: ({ unknownTokens }) => formatCount(unknownTokens),
};

const COLUMNS: readonly AnalysisColumn[] = [
  { title: "tokens", short: ["", "tokens"], cell: ({ tokens }) => formatCount(tokens) },
  { title: "fertility", short: ["", "fertility"], cell: ({ fertility }) => formatRatio(fertility, 3) },
  {
    title: "95 % interval",
    short: ["95 %", "interval"],
    cell: ({ fertilityInterval: interval }) =>
      interval === undefined ? "n/a" : `${formatRatio(interval.low, 2)}–${formatRatio(interval.high, 2)}`,
  },
  { title: "floor", short: ["", "floor"], cell: ({ floor }) => formatRatio(floor, 3) },
  { title: "headroom", short: ["", "headroom"], cell: ({ headroom }) => formatShare(headroom) },
  {
    title: "bytes/token",
    short: ["bytes/", "token"],
    cell: ({ bytesPerToken }) => formatRatio(bytesPerToken, 2),
    dispensable: 2,
  },
  {
    title: "chars/token",
    short: ["chars/", "token"],
    cell: ({ charactersPerToken }) => formatRatio(charactersPerToken, 2),
    dispensable: 3,
  },
  {
    title: "continued words",
    short: ["continued", "words"],
    cell: ({ continuedWordShare }) => formatShare(continuedWordShare),
  },
  {
    title: "one-token words",
    short: ["one-token", "words"],
    cell: ({ singleTokenWordShare }) => formatShare(singleTokenWordShare),
    dispensable: 4,
  },
  {
    title: "partial-character tokens",
    short: ["partial", "chars"],
    cell: ({ partialCharacterTokenShare }) => formatShare(partialCharacterTokenShare),
  },
  UNKNOWN,
  {
    title: "vocabulary used",
    short: ["vocab", "used"],
    cell: ({ vocabularyUsed }) => formatCount(vocabularyUsed),
    dispensable: 1,
  },
];
