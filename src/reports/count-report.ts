// Counts as text for the terminal: what was counted, and where it is.

import { join } from "node:path";
import { type DroppedTail, MANIFEST_FILE } from "../counts/counts-manifest.ts";
import type { CountResult } from "../pipeline/count.ts";
import { filesText, plural } from "./analysis-heading.ts";
import { filterLine } from "./filter-line.ts";
import { formatBytes, formatCount, formatShare } from "./format.ts";
import { bold, type ReportOptions } from "./style.ts";
import { languageTitle } from "./text-lines.ts";

/** @param folder that it was saved in */
export function countReport(result: CountResult, folder: string, options: ReportOptions): string {
  const { language, corpus, skipped, heldOut, segments, findings } = result;
  const unit = corpus.unit === "record" ? "" : ` (one a ${corpus.unit})`;
  const invalid = corpus.invalid > 0 ? `, ${formatCount(corpus.invalid)} invalid` : "";
  const { training } = segments;
  const parts = [...training.parts, ...segments.heldOut.parts];
  const lines = [
    bold(languageTitle(language), options),
    `${filesText(corpus.files)}: ${plural(corpus.documents, "document")}${unit}, ${formatBytes(corpus.bytes)}${invalid}`,
    ...(corpus.filter === undefined ? [] : [filterLine(corpus.filter)]),
    `${formatCount(training.distinct)} different segments of ${formatCount(training.occurrences)} to learn from`,
    ...(training.dropped === undefined ? [] : [droppedLine(training.dropped)]),
    ...(skipped ?? []).map(({ path, reason }) => `skipped: ${path} (${reason})`),
    heldOut.every === 0
      ? "nothing held out"
      : `held out: ${plural(heldOut.documents, "document")} (1 in ${heldOut.every}), ${formatBytes(heldOut.bytes)}`,
    ...findings.map((finding) => `- ${finding}`),
    `saved: ${[...parts.map(({ file, bytes }) => `${join(folder, file)} (${formatBytes(bytes)})`), join(folder, MANIFEST_FILE)].join(", ")}`,
  ];
  return `${lines.join("\n")}\n`;
}

/** "left out as rarer than 5: 312,004 segments (71.2 %), 401,220 occurrences (2.1 %)" */
function droppedLine({
  minCount,
  distinct,
  occurrences,
  distinctShare,
  occurrencesShare,
}: DroppedTail): string {
  return (
    `left out as rarer than ${formatCount(minCount)}: ${plural(distinct, "segment")} (${formatShare(distinctShare)}), ` +
    `${plural(occurrences, "occurrence")} (${formatShare(occurrencesShare)})`
  );
}
