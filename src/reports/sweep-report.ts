// A sweep as text for the terminal: a row for each number of tokens, the knee, and what is recommended.

import type { SweepResult, SweptLanguage } from "../pipeline/sweep-result.ts";
import { formatCount, formatRatio, formatShare } from "./format.ts";
import { bold, type ReportOptions } from "./style.ts";
import { languageTitle, textLine } from "./text-lines.ts";
import { renderTable, type TableColumn } from "./text-table.ts";

export function sweepReport(result: SweepResult, options: ReportOptions): string {
  const { base, languages, findings } = result;
  const blocks = [
    languages.map((text) => `${bold(languageTitle(text.language), options)}\n${textLine(text)}`).join("\n"),
    `${base.name}: ${formatCount(base.vocabSize)} ids; ${result.stopDetail}; figures are of the held-out text`,
    sweepTable(result, (columns, rows) => renderTable(columns, rows, options)),
    [...sweepLines(result), ...findings].map((line) => `- ${line}`).join("\n"),
    bold(recommendationLine(result), options),
  ];
  return `${blocks.join("\n\n")}\n`;
}

/** The rows, as `render` writes them. */
export function sweepTable(
  result: SweepResult,
  render: (columns: readonly TableColumn[], rows: readonly string[][]) => string,
): string {
  const model = result.models.find(({ name }) => name === result.model);
  const several = result.languages.length > 1 ? result.languages : [];
  const right = (title: string): TableColumn => ({ title, align: "right" });
  const columns = [
    ...["added", "tokens", "saved", "fertility", "bytes/token", "used", "median uses"].map(right),
    ...several.map(({ language }) => right(`saved, ${language.tag}`)),
    ...(model === undefined ? [] : [right(`cost, ${model.name}`)]),
  ];
  const rows = result.steps.map((step, i) => [
    formatCount(step.count),
    formatCount(step.tokens),
    formatShare(step.saved),
    formatRatio(step.fertility, 3),
    formatRatio(step.bytesPerToken),
    formatShare(step.usedShare),
    formatRatio(step.medianUses, Number.isInteger(step.medianUses ?? 0) ? 0 : 1),
    ...several.map((_, l) => formatShare(step.languages?.[l]?.saved)),
    ...(model === undefined ? [] : [formatShare(model.costs[i])]),
  ]);
  return render(columns, rows);
}

/** What goes with the table, as sentences. */
export function sweepLines({ knee, languages, steps, models }: SweepResult): string[] {
  const lines = languages.flatMap((text) => floorLine(text, languages.length > 1));
  const atKnee = steps.find(({ count }) => count === knee);
  if (atKnee !== undefined && atKnee.count > 0)
    lines.push(`knee: ${formatCount(atKnee.count)} tokens, which save ${formatShare(atKnee.saved)}`);
  if (models.length > 0)
    lines.push(
      `cost: held-out tokens × parameters, rows for new tokens included; least ${leastCosts(models)}`,
    );
  return lines;
}

// "at 30,000 for gemma-3-270m; at 64,000 for gemma-3-1b, gemma-3-4b"
function leastCosts(models: SweepResult["models"]): string {
  const names = new Map<number, string[]>();
  for (const { name, best } of models) names.set(best, [...(names.get(best) ?? []), name]);
  return [...names].map(([best, of]) => `at ${formatCount(best)} for ${of.join(", ")}`).join("; ");
}

/** "recommended: 7,000 tokens (saves 43.1 %): …" */
export function recommendationLine({ recommended: { count, saved, reason } }: SweepResult): string {
  return count === 0
    ? `recommended: 0: ${reason}`
    : `recommended: ${formatCount(count)} tokens (saves ${formatShare(saved)}): ${reason}`;
}

function floorLine({ language, floor, floorRule }: SweptLanguage, isOneOfSeveral: boolean): string[] {
  if (floor === undefined) return [];
  const unit = floorRule === "pieces" ? "piece between spaces" : "pre-token";
  const whose = isOneOfSeveral ? ` of ${language.name}` : "";
  return [
    `floor${whose}: fertility ${formatRatio(floor, 3)}, one token for each ${unit}: no number of added tokens goes below`,
  ];
}
