// What the numbers of an analysis tell, in sentences, and only what they support.

import type { AnalysisResult, TokenizerResult } from "../pipeline/analysis-result.ts";
import { KNOWN_TOKENIZERS } from "../tokenizer/known-tokenizers.ts";
import { plural } from "./analysis-heading.ts";
import { formatCount, formatShare } from "./format.ts";

/** Half the width of an interval, relative to the fertility, above which a sample is called small. */
const SMALL_SAMPLE = 0.01;

/** One finding a line. */
export function analysisFindings(result: AnalysisResult): string[] {
  return [...rankingLines(result), ...sampleLines(result), ...lossLines(result), ...headroomLines(result)];
}

/** Licence and conditions of the tokenizers that are known by name. */
export function licenceLines({
  results,
}: {
  readonly results: readonly Pick<TokenizerResult, "tokenizer">[];
}): string[] {
  return KNOWN_TOKENIZERS.filter(({ id }) => results.some(({ tokenizer }) => tokenizer === id)).map(
    ({ name, licence }) => `${name}: ${licence.name}: ${licence.conditions}`,
  );
}

interface Ranked {
  readonly name: string;
  readonly low: number;
  readonly high: number;
}

// Two are told apart where their intervals do not overlap.
function rankingLines({ results }: AnalysisResult): string[] {
  const ranked = results.flatMap(({ name, fertilityInterval: interval }): Ranked[] =>
    interval === undefined ? [] : [{ name, low: interval.low, high: interval.high }],
  );
  if (results.length < 2 || ranked.length < results.length) return [];
  const groups = separableGroups(ranked);
  const lines: string[] = [];
  if (groups.length > 1) lines.push(`fertility (fewer tokens first): ${groups.map(groupName).join(" < ")}`);
  const together = overlaps(ranked).map((names) => names.join(", "));
  if (together.length > 0) lines.push(`not told apart by this sample: ${together.join("; ")}`);
  return lines;
}

function groupName(group: readonly Ranked[]): string {
  return group.length === 1 ? group[0]!.name : `{${group.map(({ name }) => name).join(", ")}}`;
}

/** In ascending order; each group lies entirely below the next. */
function separableGroups(ranked: readonly Ranked[]): Ranked[][] {
  const groups: Ranked[][] = [];
  let top = Number.NEGATIVE_INFINITY;
  for (const item of [...ranked].sort((a, b) => a.low - b.low)) {
    if (item.low > top) groups.push([item]);
    else groups.at(-1)!.push(item);
    top = Math.max(top, item.high);
  }
  return groups;
}

/** The largest sets whose intervals all have a point in common: for intervals, the sets around the upper ends. */
function overlaps(ranked: readonly Ranked[]): string[][] {
  const byLow = [...ranked].sort((a, b) => a.low - b.low);
  const sets = [...ranked]
    .sort((a, b) => a.high - b.high)
    .map(({ high: point }) => byLow.filter(({ low, high }) => low <= point && point <= high));
  const isInside = (set: readonly Ranked[], other: readonly Ranked[]) =>
    set.length < other.length && set.every((item) => other.includes(item));
  return sets
    .filter((set) => set.length > 1 && !sets.some((other) => isInside(set, other)))
    .map((set) => set.map(({ name }) => name));
}

function sampleLines({ corpus, results }: AnalysisResult): string[] {
  if (corpus.words === undefined) return ["no words were counted: no fertility, floor or headroom"];
  const size = `${plural(corpus.documents, "document")}, ${plural(corpus.words, "word")}`;
  const spreads = results.flatMap(({ fertility, fertilityInterval: interval }) =>
    fertility === undefined || interval === undefined ? [] : [(interval.high - interval.low) / 2 / fertility],
  );
  const lines: string[] = [];
  if (corpus.fromCounts === true)
    lines.push(`${size}; counts have no documents: no intervals, and so no ranking`);
  else if (spreads.length === 0)
    lines.push(`${size}: too few documents for intervals and for a ranking (n < 30)`);
  else {
    const spread = Math.max(...spreads);
    const small = spread > SMALL_SAMPLE ? "small; " : "";
    lines.push(`${size}: ${small}intervals (up to ±${formatShare(spread)}) are for similar text`);
  }
  if (corpus.source !== undefined)
    lines.push("the embedded text is one legal declaration; measure text of your own with --corpus");
  return lines;
}

// Text that a tokenizer does not know as characters: lost, or spelt in bytes.
function lossLines({ results }: AnalysisResult): string[] {
  const lines: string[] = [];
  for (const { name, tokens, unknownTokens, byteFallbackTokens = 0 } of results) {
    if (unknownTokens > 0)
      lines.push(`${name}: ${partOf(unknownTokens, tokens)} unknown: their text cannot be read back`);
    if (byteFallbackTokens > 0)
      lines.push(
        `${name}: ${partOf(byteFallbackTokens, tokens)} single bytes of characters that its vocabulary lacks`,
      );
  }
  return lines;
}

/** (7, 4990) → "0.1 % of the tokens (7) are"; a part that is not 0 is not said to be. */
function partOf(count: number, tokens: number): string {
  const share = count / tokens < 0.0005 ? "less than 0.1 %" : formatShare(count / tokens);
  return `${share} of the tokens (${formatCount(count)}) are`;
}

function headroomLines({ results }: AnalysisResult): string[] {
  const known = results.filter(({ headroom }) => headroom !== undefined);
  const lines = known.map(({ name, headroom }) => `${name}: ${headroomText(headroom!)}`);
  return lines.length === 0 ? [] : [...lines, ...floorLines(known)];
}

function headroomText(headroom: number): string {
  if (headroom >= 0) return `added tokens can save at most ${formatShare(headroom)} of the tokens`;
  return `headroom ${formatShare(headroom)}: its own tokens already reach over such borders, which added tokens never do`;
}

function floorLines(results: readonly TokenizerResult[]): string[] {
  const byRule = (rule: TokenizerResult["floorRule"]) =>
    results.filter(({ floorRule }) => floorRule === rule).map(({ name }) => name);
  const [preTokens, pieces] = [byRule("pre-tokens"), byRule("pieces")];
  const lines: string[] = [];
  if (preTokens.length > 0) lines.push(`floor of ${preTokens.join(", ")}: one token for each pre-token`);
  if (pieces.length > 0)
    lines.push(`floor of ${pieces.join(", ")}: one token for each piece between spaces (no pre-tokenizer)`);
  return lines;
}
