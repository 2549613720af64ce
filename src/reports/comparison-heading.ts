// What was compared, in words: languages, tokenizers, the baseline and the text.

import type { Alignment, ComparedText, ComparisonResult } from "../pipeline/comparison-result.ts";
import { filesText, plural } from "./analysis-heading.ts";
import { formatBytes, formatCount } from "./format.ts";

/** Languages whose own texts are told one by one, at most. */
const MAX_TEXTS = 12;

/** "4 languages × 3 tokenizers · premium over English (en)" */
export function comparisonTitle(result: ComparisonResult): string {
  const { languages, tokenizers } = result;
  const over = baselineName(result);
  const size = `${plural(languages.length, "language")} × ${plural(tokenizers.length, "tokenizer")}`;
  return `${size} · ${over === undefined ? "not parallel: no premium, no Gini" : `premium over ${over}`}`;
}

/** "English (en)"; undefined where texts are not parallel. */
export function baselineName({ baseline, texts }: ComparisonResult): string | undefined {
  const text = texts.find(({ language }) => language.tag === baseline);
  return text === undefined ? undefined : `${text.language.name} (${text.language.tag})`;
}

/** What was measured, one line or one a language. */
export function textLines({ alignment, texts }: ComparisonResult): string[] {
  if (alignment === undefined) return ownTexts(texts);
  const size = formatBytes(texts.reduce((sum, { bytes }) => sum + bytes, 0));
  if (alignment.unit === "article") {
    const [source] = (texts[0]?.source ?? "").split("/declaration/");
    const line = `embedded text ${source}, the Universal Declaration of Human Rights: ${articles(alignment)}, ${size}`;
    return [line, ...missingLines(alignment)];
  }
  const units = plural(alignment.units, `aligned ${alignment.unit}`);
  return [`parallel text: ${units} in each of ${plural(texts.length, "file")}, ${size}`];
}

function articles({ units, of }: Alignment): string {
  return units === of
    ? `all ${of} articles`
    : `the ${units} of ${of} articles that all of these languages have`;
}

function missingLines({ missing = {} }: Alignment): string[] {
  const lacking = Object.entries(missing).map(([tag, numbers]) => `${tag} lacks ${numbers.join(", ")}`);
  return lacking.length === 0 ? [] : [`articles missing from the text or incomplete: ${lacking.join("; ")}`];
}

function ownTexts(texts: readonly ComparedText[]): string[] {
  const lines = texts
    .slice(0, MAX_TEXTS)
    .map(({ language: { name, tag }, files, documents, bytes, words }) => {
      const counted = words === undefined ? "words not counted" : plural(words, "word");
      return `${name} (${tag}): ${filesText(files)}, ${plural(documents, "document")}, ${formatBytes(bytes)}, ${counted}`;
    });
  const more = texts.length - MAX_TEXTS;
  return more > 0 ? [...lines, `and ${formatCount(more)} more`] : lines;
}
