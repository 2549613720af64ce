// A comparison as CSV (RFC 4180 quoting, lines end with LF): one row a cell, what could not be computed is empty.

import { resultNumber } from "../io/canonical-json.ts";
import type { ComparisonCell, ComparisonResult } from "../pipeline/comparison-result.ts";

type Value = string | number | undefined;

const COLUMNS: readonly (readonly [name: string, value: (cell: ComparisonCell) => Value])[] = [
  ["language", ({ language }) => language],
  ["tokenizer", ({ tokenizer }) => tokenizer],
  ["tokens", ({ tokens }) => tokens],
  ["fertility", ({ fertility }) => fertility],
  ["bytesPerToken", ({ bytesPerToken }) => bytesPerToken],
  ["premium", ({ premium }) => premium],
  ["floor", ({ floor }) => floor],
  ["headroom", ({ headroom }) => headroom],
  ["intervalLow", ({ interval }) => interval?.low],
  ["intervalHigh", ({ interval }) => interval?.high],
  ["intervalLevel", ({ interval }) => interval?.level],
  ["intervalMethod", ({ interval }) => interval?.method],
];

/** With a header. */
export function comparisonCsv({ cells }: ComparisonResult): string {
  const header = COLUMNS.map(([name]) => name);
  const rows = cells.map((cell) => COLUMNS.map(([, value]) => csvField(value(cell))));
  return [header, ...rows].map((fields) => `${fields.join(",")}\n`).join("");
}

function csvField(value: Value): string {
  if (value === undefined) return "";
  if (typeof value === "number") return String(resultNumber(value));
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
