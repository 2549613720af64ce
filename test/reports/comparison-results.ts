// Comparisons for the tests of reports, with the parts that a test is about.

import type { ComparisonCell, ComparisonResult } from "../../src/pipeline/comparison-result.ts";
import { resolveLanguage } from "../../src/text/languages.ts";
import { analysis } from "./analysis-results.ts";

/** Premium, and its interval where there is one. */
export type Premium = readonly [premium: number, low?: number, high?: number];

/** A comparison over English: rows of premiums, one for each tokenizer. */
export function comparison(
  tokenizers: readonly string[],
  rows: Readonly<Record<string, readonly Premium[]>>,
  parts: Partial<ComparisonResult> = {},
): ComparisonResult {
  const { corpus, run } = analysis([]);
  const languages = Object.keys(rows);
  return {
    schema: "vocab.comparison/1",
    languages,
    tokenizers,
    baseline: "en",
    cells: languages.flatMap((tag) => rows[tag]!.map((premium, t) => cell(tag, tokenizers[t]!, premium))),
    gini: Object.fromEntries(tokenizers.map((id) => [id, 0.25])),
    alignment: { unit: "line", units: 1012, of: 1012 },
    texts: [...new Set([...languages, "en"])].map((tag) => {
      const { name, script, direction } = resolveLanguage(tag);
      return { ...corpus, files: 1, source: `${tag}.txt`, language: { tag, name, script, direction } };
    }),
    baselineTokens: Object.fromEntries(tokenizers.map((id) => [id, 1000])),
    tokenizerSources: tokenizers.map((id) => ({
      tokenizer: id,
      name: id,
      source: `${id}.json`,
      sha256: "beef",
      vocabSize: 1000,
    })),
    run,
    ...parts,
  };
}

function cell(language: string, tokenizer: string, [premium, low, high]: Premium): ComparisonCell {
  const interval =
    low === undefined || high === undefined
      ? undefined
      : { level: 0.95, low, high, method: "bootstrap, of pairs", documents: 1012 };
  return {
    language,
    tokenizer,
    tokens: 1000 * premium,
    fertility: 1.5 * premium,
    bytesPerToken: 4 / premium,
    premium,
    floor: 1,
    headroom: 1 - 1 / (1.5 * premium),
    interval,
  };
}
