// Counts as text for the terminal: what was counted, and where it is.

import { join } from "node:path";
import type { CountResult } from "../pipeline/count.ts";
import { MANIFEST_FILE } from "../pipeline/counts-manifest.ts";
import { plural } from "./analysis-heading.ts";
import { filterLine } from "./filter-line.ts";
import { formatBytes, formatCount } from "./format.ts";
import { bold, type ReportOptions } from "./style.ts";
import { languageTitle } from "./text-lines.ts";

/** @param folder that it was saved in */
export function countReport(result: CountResult, folder: string, options: ReportOptions): string {
  const { language, corpus, heldOut, segments, findings } = result;
  const unit = corpus.unit === "record" ? "" : ` (one a ${corpus.unit})`;
  const invalid = corpus.invalid > 0 ? `, ${formatCount(corpus.invalid)} invalid` : "";
  const { training } = segments;
  const lines = [
    bold(languageTitle(language), options),
    `${plural(corpus.files, "file")}: ${plural(corpus.documents, "document")}${unit}, ${formatBytes(corpus.bytes)}${invalid}`,
    ...(corpus.filter === undefined ? [] : [filterLine(corpus.filter)]),
    `${formatCount(training.distinct)} different segments of ${formatCount(training.occurrences)} to learn from`,
    heldOut.every === 0
      ? "nothing held out"
      : `held out: ${plural(heldOut.documents, "document")} (1 in ${heldOut.every}), ${formatBytes(heldOut.bytes)}`,
    ...findings.map((finding) => `- ${finding}`),
    `saved: ${join(folder, segments.file)} (${formatBytes(segments.bytes)}), ${join(folder, MANIFEST_FILE)}`,
  ];
  return `${lines.join("\n")}\n`;
}
