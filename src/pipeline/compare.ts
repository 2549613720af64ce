// The verb `compare`: languages by tokenizers on the same or on their own texts; on parallel text the premium over a
// baseline language and the Gini coefficient.

import { setImmediate } from "node:timers/promises";
import { gini } from "../metrics/gini.ts";
import { premiumIntervals } from "../metrics/premium-interval.ts";
import { type LoadedTokenizer, loadTokenizer, type TokenizerSource } from "../tokenizer/load-tokenizer.ts";
import { collectGarbage } from "./collect-garbage.ts";
import type { CompareOptions } from "./compare-options.ts";
import { type ComparisonSort, parseSort, sortedLanguages } from "./comparison-order.ts";
import type { ComparisonCell, ComparisonResult } from "./comparison-result.ts";
import { type ComparisonTexts, chooseTexts, type LanguageText } from "./comparison-texts.ts";
import { findTokenizers } from "./find-tokenizers.ts";
import { type MeasuredText, measureText } from "./measure-text.ts";
import { type Run, startRun } from "./run-record.ts";

/** @throws VocabError whose `kind` says whether the request or the contents of a file is wrong */
export async function compare(options: CompareOptions = {}): Promise<ComparisonResult> {
  const run = startRun();
  const sources = findTokenizers(options.tokenizers);
  const sort =
    options.sort === undefined
      ? undefined
      : parseSort(
          options.sort,
          sources.map(({ id }) => id),
        );
  const chosen = await chooseTexts(options);
  const tokenizers = run.loading(() => sources.map(loadAndCollect));
  const measured = await measureAll(chosen, tokenizers, options);
  return describe(chosen, measured, sort, options.seed ?? 0, run);
}

// Once for the whole comparison.
function loadAndCollect(source: TokenizerSource): LoadedTokenizer {
  const loaded = loadTokenizer(source);
  collectGarbage();
  return loaded;
}

interface Measured {
  readonly tokenizers: readonly LoadedTokenizer[];
  readonly byText: ReadonlyMap<LanguageText, MeasuredText>;
}

async function measureAll(
  { texts, baseline }: ComparisonTexts,
  tokenizers: readonly LoadedTokenizer[],
  options: CompareOptions,
): Promise<Measured> {
  const all = baseline === undefined ? texts : [...new Set([...texts, baseline])];
  const totalBytes = all.reduce((sum, text) => sum + storedBytes(text), 0);
  const byText = new Map<LanguageText, MeasuredText>();
  let read = 0;
  for (const [done, text] of all.entries()) {
    // Lets signals through.
    await setImmediate();
    options.signal?.throwIfAborted();
    const tell = (bytes: number) => {
      const language = text.language.name;
      options.onProgress?.({
        phase: "comparing",
        language,
        done,
        of: all.length,
        bytes: read + bytes,
        totalBytes,
      });
    };
    tell(0);
    byText.set(text, await measureText(text, tokenizers, options, tell));
    read += storedBytes(text);
  }
  return { tokenizers, byText };
}

function storedBytes(text: LanguageText): number {
  switch (text.kind) {
    case "articles":
      return text.embedded.stored.length;
    case "lines":
      return text.file.size;
    case "files":
      return text.files.reduce((sum, file) => sum + file.size, 0);
    case "counts":
      return text.counted.corpus.bytes;
  }
}

function describe(
  { texts, baseline, alignment }: ComparisonTexts,
  { tokenizers, byText }: Measured,
  sort: ComparisonSort | undefined,
  seed: number,
  run: Run,
): ComparisonResult {
  const ids = tokenizers.map(({ id }) => id);
  const over = baseline === undefined ? undefined : byText.get(baseline)!;
  const cells = texts.map((text) => cellsOf(byText.get(text)!, ids, over));
  const rows =
    over === undefined
      ? cells
      : withIntervals(
          cells,
          texts.map((text) => byText.get(text)!),
          over,
          alignment!.unit,
          seed,
        );
  const sorted = sort === undefined ? rows : sortedLanguages(rows, sort);
  const all = [...byText.values()];
  return {
    schema: "vocab.comparison/1",
    languages: sorted.map((cells) => cells[0]!.language),
    tokenizers: ids,
    baseline: baseline?.language.tag,
    cells: sorted.flat(),
    gini: over && giniByTokenizer(sorted, ids),
    alignment,
    texts: describeTexts(sorted, all),
    baselineTokens: over && Object.fromEntries(ids.map((id, t) => [id, tokensOf(over, t)])),
    tokenizerSources: tokenizers.map(({ id, name, source, sha256, tokenizer }) => ({
      tokenizer: id,
      name,
      source,
      sha256,
      vocabSize: tokenizer.definition.vocabSize,
    })),
    run: run.end(
      all.reduce((sum, { figures }) => sum + figures.text.bytes, 0),
      Math.max(...all.map(({ workers }) => workers)),
    ),
  };
}

function cellsOf(
  { text, figures }: MeasuredText,
  ids: readonly string[],
  baseline: MeasuredText | undefined,
): ComparisonCell[] {
  return ids.map((tokenizer, t) => {
    const { figures: values, interval } = figures.tokenizers[t]!;
    const over = baseline === undefined ? 0 : tokensOf(baseline, t);
    return {
      language: text.language.tag,
      tokenizer,
      tokens: values.tokens,
      fertility: values.fertility,
      bytesPerToken: values.bytesPerToken,
      premium: over === 0 ? undefined : values.tokens / over,
      floor: values.floor,
      headroom: values.headroom,
      unknownTokens: values.unknownTokens === 0 ? undefined : values.unknownTokens,
      interval,
    };
  });
}

function withIntervals(
  rows: readonly (readonly ComparisonCell[])[],
  measured: readonly MeasuredText[],
  baseline: MeasuredText,
  unit: string,
  seed: number,
): ComparisonCell[][] {
  const figures = rows.flatMap((cells, i) =>
    cells.map(({ premium }, t) => ({
      tokens: measured[i]!.unitTokens[t]!,
      baseline: baseline.unitTokens[t]!,
      premium,
    })),
  );
  const intervals = premiumIntervals(figures, unit, seed);
  return rows.map((cells, i) =>
    cells.map((cell, t) => ({ ...cell, interval: intervals[i * cells.length + t] })),
  );
}

function tokensOf({ figures }: MeasuredText, tokenizer: number): number {
  return figures.tokenizers[tokenizer]!.figures.tokens;
}

function giniByTokenizer(
  rows: readonly (readonly ComparisonCell[])[],
  ids: readonly string[],
): Readonly<Record<string, number>> {
  const entries = ids.map((id, t) => [id, gini(rows.map((cells) => cells[t]!.tokens))] as const);
  return Object.fromEntries(
    entries.filter((entry): entry is readonly [string, number] => entry[1] !== undefined),
  );
}

// In the order of the rows, then what is in none: the baseline that was not asked for.
function describeTexts(
  rows: readonly (readonly ComparisonCell[])[],
  measured: readonly MeasuredText[],
): ComparisonResult["texts"] {
  const texts = measured.map(({ text }) => text);
  const place = (tag: string) => {
    const row = rows.findIndex((cells) => cells[0]!.language === tag);
    return row < 0 ? rows.length : row;
  };
  return texts.sort((a, b) => place(a.language.tag) - place(b.language.tag));
}
