// An applied expansion as text for the terminal: which matrices have more rows, what it costs, which files there are.

import type { ApplicationResult, AppliedTensor } from "../pipeline/application-result.ts";
import { plural } from "./analysis-heading.ts";
import { formatBytes, formatCount, formatDuration } from "./format.ts";
import { bold, type ReportOptions } from "./style.ts";
import { renderTable, type TableColumn } from "./text-table.ts";
import { visibleText } from "./visible-text.ts";

const COLUMNS: readonly TableColumn[] = [
  { title: "tensor", align: "left" },
  { title: "is", align: "left" },
  { title: "format", align: "left" },
  { title: "shape before", align: "right" },
  { title: "after", align: "right" },
  { title: "added", align: "right" },
];

const MAX_FILES = 8;

export function applicationReport(result: ApplicationResult, options: ReportOptions): string {
  const { model, plan, tensors } = result;
  const name = visible(model.architectures[0] ?? model.type ?? "model");
  const blocks = [
    `${bold(`${name} + ${formatCount(plan.newTokens)} tokens`, options)}\n${notes(result).join("\n")}`,
    renderTable(COLUMNS, tensors.map(tensorRow), options),
    result.findings.map((finding) => `- ${visible(finding)}`).join("\n"),
    closing(result),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function notes({
  plan,
  rows,
  tied,
  parameters,
  bytes,
  config,
  comparedTokenizer,
}: ApplicationResult): string[] {
  const zero = rows.zero === 0 ? "" : `, ${plural(rows.zero, "row")} of zeros that no token has`;
  const share = ((100 * parameters.added) / Math.max(1, parameters.before)).toFixed(1);
  return [
    `- base ${visible(plan.base)}${comparedTokenizer === undefined ? "" : ` (${visible(comparedTokenizer)} is the same file)`}; new rows by ${plan.vectors === undefined ? visible(plan.method) : `learned vectors (${visible(plan.vectors)})`}`,
    `- rows ${formatCount(rows.before)} → ${formatCount(rows.after)}: ${formatCount(rows.planned)} for new tokens${zero}; the head is ${tied ? "tied" : "a matrix of its own"}`,
    `- ${formatCount(parameters.added)} parameters added to ${formatCount(parameters.before)} (${share} %)`,
    `- weights ${formatBytes(bytes.before)} → ${formatBytes(bytes.after)} (${formatBytes(bytes.after - bytes.before)} more)`,
    ...config.map(
      ({ path, before, after }) => `- config.json: ${path} ${before ?? "(not stated)"} → ${after}`,
    ),
  ];
}

function tensorRow({ name, role, dtype, shapeBefore, shapeAfter, bytesAdded }: AppliedTensor): string[] {
  return [visible(name), role, dtype, shapeText(shapeBefore), shapeText(shapeAfter), formatBytes(bytesAdded)];
}

function shapeText(shape: readonly number[]): string {
  return shape.map((size) => formatCount(size)).join(" × ");
}

function closing({ files, out, dryRun, run, bytes }: ApplicationResult): string {
  const rate = bytes.after / Math.max(1, run.durationMs) / 1000;
  return [
    `${dryRun ? "would write" : "wrote"} anew: ${names(files.changed)}`,
    `from the expansion: ${names(files.placed)}`,
    `copied: ${names(files.copied)}`,
    ...(files.leftOut.length === 0 ? [] : [`left out, being of the old vocabulary: ${names(files.leftOut)}`]),
    dryRun
      ? "nothing was written (--dry-run)"
      : `written: ${visible(out)} in ${formatDuration(run.durationMs)} (${rate.toFixed(0)} MB/s)`,
  ].join("\n");
}

function names(files: readonly string[]): string {
  if (files.length === 0) return "nothing";
  if (files.length <= MAX_FILES) return files.map(visible).join(", ");
  return `${files.slice(0, MAX_FILES).map(visible).join(", ")} and ${plural(files.length - MAX_FILES, "more file")}`;
}

function visible(text: string): string {
  return visibleText(text).replaceAll("␣", " ");
}
