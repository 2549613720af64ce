// The text of an analysis, and what a word of it is.

import type { FilterRules } from "../counting/filter-rules.ts";
import { countsOf } from "../counts/counts-folder.ts";
import type { CountedLanguage } from "../counts/counts-table.ts";
import { VocabError } from "../errors.ts";
import type { Language } from "../text/languages.ts";
import type { WordRule } from "../text/words.ts";
import { type CorpusChoice, type CorpusSource, chooseCorpus } from "./corpus-source.ts";
import { type FilterOptions, filterRules, type OrthographyOptions, refuseFilter } from "./filter-options.ts";

export type AnalyzedText = CorpusSource | { readonly kind: "counts"; readonly counted: CountedLanguage };

/** @param counts folders that take the place of a corpus */
export async function chooseText(
  language: Language,
  counts: readonly string[] | undefined,
  choice: CorpusChoice,
): Promise<AnalyzedText> {
  if (counts === undefined) return chooseCorpus(language, choice);
  const [counted] = await countsOf(counts, [language]);
  return { kind: "counts", counted: counted! };
}

/**
 * The rule that was asked for, else that of the text: `gold` where all of it is treebanks, else by script.
 * @throws VocabError `gold-without-conllu`
 */
export function chooseWordRule(
  asked: WordRule | undefined,
  text: AnalyzedText,
  language: Language,
): WordRule {
  if (asked === "gold") treebanksOf(text);
  if (asked !== undefined) return asked;
  if (withoutGold(text) === undefined) return "gold";
  return text.kind === "embedded" ? text.text.wordRule : language.wordRule;
}

/**
 * The text as files of CoNLL-U, which have the words that `gold` counts.
 * @throws VocabError `gold-without-conllu` (usage) where some of it is none
 */
export function treebanksOf(text: AnalyzedText): CorpusSource & { kind: "files" } {
  const other = withoutGold(text);
  if (text.kind === "files" && other === undefined) return text;
  throw new VocabError("gold-without-conllu", `--words gold needs .conllu files: ${other} is not one`, {
    kind: "usage",
    hint: "use --words whitespace or uax29, or name .conllu files only",
  });
}

/** What is left out before the text is measured. The letters of another orthography are measured beside it, not in its place. */
export function filterOf(
  options: FilterOptions & { readonly seed?: number | undefined },
): FilterRules | undefined {
  const { dedup, sample, script, normalize, seed = 0 } = options;
  return filterRules({ dedup, sample, script, normalize }, seed);
}

/** @throws VocabError `cannot-filter` (usage) for text that is taken as it is */
export function refuseFilters(
  source: AnalyzedText,
  rule: WordRule,
  options: FilterOptions & OrthographyOptions,
): void {
  // Gold words are borders in the text as it stands.
  if (rule === "gold")
    refuseFilter(filterRules(options, 0), "treebanks are measured as they are", "--words whitespace");
  if (source.kind === "embedded") refuseFilter(filterOf(options), "the embedded text is measured as it is");
  if (source.kind === "counts") refuseFilter(filterOf(options), "counts are what was counted");
}

// Something of the text that is no treebank, by name.
function withoutGold(text: AnalyzedText): string | undefined {
  switch (text.kind) {
    case "files":
      return text.files.find(({ format }) => format !== "conllu")?.path;
    case "embedded":
      return `the embedded text ${text.text.source}`;
    case "counts":
      return "a folder of counts";
  }
}
