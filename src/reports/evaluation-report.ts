// An evaluation as text for the terminal: bits per byte of each model, and against the first.

import type { Difference, EvaluatedModel, EvaluationResult } from "../pipeline/evaluation-result.ts";
import { plural } from "./analysis-heading.ts";
import { formatBytes, formatCount, formatDuration, formatRatio } from "./format.ts";
import { bold, type ReportOptions } from "./style.ts";
import { renderTable, type TableColumn } from "./text-table.ts";
import { visibleText } from "./visible-text.ts";

const COLUMNS: readonly TableColumn[] = [
  { title: "model", align: "left" },
  { title: "bits/byte", align: "right" },
  { title: "95 %", align: "right" },
  { title: "difference", align: "right" },
  { title: "95 %", align: "right" },
  { title: "tokens", align: "right" },
  { title: "bytes/token", align: "right" },
  { title: "bits/token", align: "right" },
];

export function evaluationReport(result: EvaluationResult, options: ReportOptions): string {
  const { models, differences, findings } = result;
  const rows = models.map((model, m) => modelRow(model, m === 0 ? undefined : differences[m - 1]));
  const blocks = [
    `${bold("Bits per byte", options)} (fewer are better)\n${corpusLine(result)}`,
    renderTable(COLUMNS, rows, options),
    findings.map((finding) => `- ${visible(finding)}`).join("\n"),
    `${settingsLine(models[0]!)}\n${runLine(result)}`,
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function corpusLine({ language, corpus }: EvaluationResult): string {
  const { source, files, documents, bytes, unit } = corpus;
  const origin = source === undefined ? plural(files, "file") : `embedded text ${source}`;
  const named = language === undefined ? "" : `${language.name} · `;
  const unitNote = source !== undefined || unit === "record" ? "" : ` (one a ${unit})`;
  return `${named}${origin}: ${plural(documents, "document")}${unitNote}, ${formatBytes(bytes)}`;
}

function modelRow(model: EvaluatedModel, difference: Difference | undefined): string[] {
  const { bitsPerByte, bitsPerByteInterval, tokens, bytesPerToken, bitsPerToken } = model;
  return [
    visible(model.model),
    formatRatio(bitsPerByte, 4),
    intervalText(bitsPerByteInterval, (bound) => formatRatio(bound, 3)),
    difference === undefined ? "" : signed(difference.bitsPerByte),
    difference === undefined ? "" : intervalText(difference.interval, signed),
    formatCount(tokens),
    formatRatio(bytesPerToken),
    formatRatio(bitsPerToken),
  ];
}

function intervalText(interval: Difference["interval"], show: (bound: number) => string): string {
  return interval === undefined ? "n/a" : `${show(interval.low)} – ${show(interval.high)}`;
}

function signed(value: number): string {
  const text = formatRatio(value, 4);
  return value > 0 ? `+${text}` : text;
}

function settingsLine({ window, stride, startToken, dtype, device }: EvaluatedModel): string {
  return `windows of ${plural(window, "token")}, each further one by ${formatCount(stride)}; ${visible(startToken.token)} (${startToken.rule.toUpperCase()}) before each; ${dtype} on ${device}`;
}

function runLine({ run }: EvaluationResult): string {
  return `torch ${run.torch}, transformers ${run.transformers}, ${run.deviceName}; ${formatDuration(run.durationMs)}`;
}

function visible(text: string): string {
  return visibleText(text).replaceAll("␣", " ");
}
