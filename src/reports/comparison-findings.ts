// What the numbers of a comparison tell, in sentences, and only what they support.

import type { ComparisonCell, ComparisonResult } from "../pipeline/comparison-result.ts";
import { baselineName } from "./comparison-heading.ts";
import { formatRatio, formatShare } from "./format.ts";
import { shownName } from "./shown-names.ts";
import { inPlace } from "./text-table.ts";

/** Languages that are named where they are not told apart, at most. */
const MAX_NAMES = 4;

/** One finding a line. */
export function comparisonFindings(result: ComparisonResult): string[] {
  if (result.baseline === undefined)
    return [
      ...lossLines(result),
      "the texts are not parallel, and words differ: compare tokenizers within a language, not languages",
    ];
  return [
    ...result.tokenizers.map((_, t) => tokenizerLine(result, t)),
    ...lossLines(result),
    ...generalLines(result),
  ];
}

interface Ranked {
  readonly name: string;
  readonly premium: number;
  readonly low: number;
  readonly high: number;
}

// "Qwen 3: most tokens: Amharic (3.67, 3.53–3.78); fewest: English (1.00); Gini 0.27"
function tokenizerLine(result: ComparisonResult, t: number): string {
  const { tokenizers, languages, cells, gini, tokenizerSources } = result;
  const cellsOf = languages.map((_, i) => cells[i * tokenizers.length + t]!);
  const ranked = cellsOf.flatMap((cell) => rankedOf(cell, result));
  const parts = ranked.length < cellsOf.length || ranked.length < 2 ? [] : ends(ranked);
  const coefficient = gini?.[tokenizers[t]!];
  if (coefficient !== undefined && languages.length > 1) parts.push(`Gini ${formatRatio(coefficient, 3)}`);
  if (parts.length === 0 && ranked.length === 1)
    parts.push(`${shown(ranked[0]!)} over ${baselineName(result)}`);
  return `${inPlace(shownName(tokenizerSources[t]!.name))}: ${parts.join("; ") || "no ranking"}`;
}

function rankedOf({ language, premium, interval }: ComparisonCell, result: ComparisonResult): Ranked[] {
  if (premium === undefined || interval === undefined) return [];
  return [{ name: languageName(language, result), premium, low: interval.low, high: interval.high }];
}

function languageName(tag: string, { texts }: ComparisonResult): string {
  return texts.find(({ language }) => language.tag === tag)?.language.name ?? tag;
}

// The two ends of the ranking, each with all whose intervals overlap that of the last.
function ends(ranked: readonly Ranked[]): string[] {
  const sorted = [...ranked].sort((a, b) => b.premium - a.premium);
  const [first, last] = [sorted[0]!, sorted.at(-1)!];
  const most = sorted.filter(({ high }) => high >= first.low);
  const fewest = sorted.filter(({ low }) => low <= last.high).reverse();
  if (most.length === sorted.length) return ["the languages are not told apart by this text"];
  return [`most tokens: ${group(most)}`, `fewest: ${group(fewest)}`];
}

function group(members: readonly Ranked[]): string {
  const [only] = members;
  if (members.length === 1) return shown(only!);
  const named = members.slice(0, MAX_NAMES).map(({ name, premium }) => `${name} ${formatRatio(premium, 2)}`);
  const more = members.length > MAX_NAMES ? ` and ${members.length - MAX_NAMES} more` : "";
  return `${named.join(", ")}${more} (not told apart)`;
}

// "Amharic 3.67 (3.53–3.78)"; the baseline's own interval has no width.
function shown({ name, premium, low, high }: Ranked): string {
  const range = low === high ? "" : ` (${formatRatio(low, 2)}–${formatRatio(high, 2)})`;
  return `${name} ${formatRatio(premium, 2)}${range}`;
}

// Text that becomes one unknown token costs little and is lost: figures of it look better than they are.
function lossLines(result: ComparisonResult): string[] {
  return result.tokenizerSources.flatMap(({ name }, t) => {
    const lossy = result.languages.flatMap((language, i) => {
      const { tokens, unknownTokens = 0 } = result.cells[i * result.tokenizers.length + t]!;
      return unknownTokens === 0
        ? []
        : [{ name: languageName(language, result), share: unknownTokens / tokens }];
    });
    if (lossy.length === 0) return [];
    const sorted = lossy.sort((a, b) => b.share - a.share);
    const named = sorted.slice(0, MAX_NAMES).map(({ name, share }) => `${name} ${partOf(share)}`);
    const more = sorted.length > MAX_NAMES ? ` and ${sorted.length - MAX_NAMES} more` : "";
    return [
      `${inPlace(shownName(name))}: unknown tokens (${named.join(", ")}${more}): their text is lost, and the figures look better than they are`,
    ];
  });
}

function partOf(share: number): string {
  return share < 0.0005 ? "below 0.1 %" : formatShare(share);
}

function generalLines(result: ComparisonResult): string[] {
  const { baseline, languages, cells, alignment } = result;
  const lines: string[] = [];
  if (cells.some(({ interval }) => interval === undefined))
    lines.push(
      `${alignment!.units} aligned ${alignment!.unit}s: too few for intervals and for a ranking (n < 30)`,
    );
  else
    lines.push(`intervals are of the premium, by resampling aligned ${alignment!.unit}s: for similar text`);
  if (languages.length > 1)
    lines.push(`Gini of the tokens over these ${languages.length} languages: 0 where all need as many`);
  if (!languages.includes(baseline!))
    lines.push(`${baselineName(result)} was measured as well; name it to list it`);
  if (alignment!.unit === "article")
    lines.push("the embedded text is one legal declaration; measure text of your own with --parallel");
  return lines;
}
