// Chooses the texts of a comparison: the embedded declarations by article, parallel files by line, or texts of their own.

import { type CorpusFile, findCorpusFiles, holdsRecords } from "../corpus/files.ts";
import type { DocumentUnit, ReadOptions } from "../counting/count-shard.ts";
import { countsOf, readCounts, requireCorpusOrCounts } from "../counts/counts-folder.ts";
import type { CountedLanguage } from "../counts/counts-table.ts";
import { VocabError } from "../errors.ts";
import type { Language } from "../text/languages.ts";
import type { CompareOptions } from "./compare-options.ts";
import type { Alignment } from "./comparison-result.ts";
import { type CorpusSource, chooseCorpus } from "./corpus-source.ts";
import { readOptions } from "./document-options.ts";
import { filterRules, refuseFilter } from "./filter-options.ts";
import { globsByLanguage, resolveLanguages } from "./language-texts.ts";
import { fileOfTag, findParallelFiles } from "./parallel-files.ts";
import { type AlignedSize, requireAligned, sampledNumbers, sizeOfAligned } from "./parallel-lines.ts";
import {
  ARTICLES,
  type EmbeddedArticles,
  embeddedArticles,
  missingArticles,
  sharedArticles,
} from "./shared-articles.ts";

/** The text of one language. */
export type LanguageText = { readonly language: Language } & (
  | { readonly kind: "articles"; readonly embedded: EmbeddedArticles; readonly articles: readonly number[] }
  | {
      readonly kind: "lines";
      readonly file: CorpusFile;
      readonly unit: DocumentUnit;
      /** Numbers of the documents that intervals are computed from. */
      readonly sampled: Int32Array;
      /** Intervals are computed from all, and all fit into memory: the text is read at once. */
      readonly isSmall: boolean;
    }
  | { readonly kind: "files"; readonly files: readonly CorpusFile[]; readonly unit: DocumentUnit }
  | { readonly kind: "counts"; readonly counted: CountedLanguage }
);

export interface ComparisonTexts {
  /** In the order asked for, else of the tags. */
  readonly texts: readonly LanguageText[];
  /** One of `texts`, or one besides; undefined where texts are not parallel. */
  readonly baseline: LanguageText | undefined;
  readonly alignment: Alignment | undefined;
}

/** What is read at once, at most, of the stored and of the decompressed text. */
const SMALL_BYTES = 1 << 25;

const DEFAULT_BASELINE = "en";

/** @throws VocabError */
export async function chooseTexts(options: CompareOptions): Promise<ComparisonTexts> {
  const { parallel, corpus = [], counts, languages = [] } = options;
  if (parallel !== undefined && corpus.length > 0)
    throw usage(
      "parallel-and-corpus",
      "--parallel and --corpus are two ways to name the text",
      "give one of them",
    );
  requireCorpusOrCounts(corpus, counts);
  if (counts !== undefined) return countedTexts(counts, options);
  if (corpus.length === 0)
    refuseFilter(filterRules(options, 0), "text that is parallel stays whole, or it would not be");
  if (parallel !== undefined) return parallelTexts(parallel, options);
  if (languages.length === 0)
    throw usage(
      "no-language",
      "no language is named",
      "--langs fa,en,am, or --parallel 'texts/{lang}.txt' for all that there are files of",
    );
  return corpus.length > 0 ? ownTexts(corpus, options) : embeddedTexts(options);
}

function embeddedTexts({ languages = [], baseline = DEFAULT_BASELINE }: CompareOptions): ComparisonTexts {
  const asked = resolveLanguages(languages).map(embeddedArticles);
  const [over] = resolveLanguages([baseline]);
  const known = asked.find(({ language }) => language.tag === over!.tag);
  const base = known ?? embeddedArticles(over!);
  const all = known === undefined ? [...asked, base] : asked;
  const articles = sharedArticles(all);
  const texts = all.map(
    (embedded): LanguageText => ({ kind: "articles", language: embedded.language, embedded, articles }),
  );
  const lacking = all.filter((embedded) => missingArticles(embedded).length > 0);
  const missing = lacking.map((embedded) => [embedded.language.tag, missingArticles(embedded)] as const);
  return {
    texts: texts.slice(0, asked.length),
    baseline: texts[all.indexOf(base)]!,
    alignment: {
      unit: "article",
      units: articles.length,
      of: ARTICLES,
      missing: missing.length === 0 ? undefined : Object.fromEntries(missing),
    },
  };
}

async function parallelTexts(pattern: string, options: CompareOptions): Promise<ComparisonTexts> {
  const { languages, baseline = DEFAULT_BASELINE } = options;
  const found = await findParallelFiles(pattern);
  const asked =
    languages === undefined ? found : [...new Set(languages.map((tag) => fileOfTag(found, tag, "--langs")))];
  const over = fileOfTag(found, baseline, "--baseline");
  const all = asked.includes(over) ? asked : [...asked, over];
  const files = await Promise.all(all.map(async ({ path }) => (await findCorpusFiles([path]))[0]!));
  const read = alignedReading(files[0]!, options);
  const sizes: AlignedSize[] = [];
  for (const file of files) {
    options.signal?.throwIfAborted();
    sizes.push(await sizeOfAligned(file, read));
  }
  requireAligned(files, sizes, read.unit);
  const units = sizes[0]!.documents;
  const sampled = sampledNumbers(units, options.seed ?? 0);
  const texts = all.map(({ language }, i): LanguageText => {
    const file = files[i]!;
    const isSmall = sampled.length === units && Math.max(file.size, sizes[i]!.bytes) <= SMALL_BYTES;
    return { kind: "lines", language, file, unit: read.unit, sampled, isSmall };
  });
  return {
    texts: texts.slice(0, asked.length),
    baseline: texts[all.indexOf(over)]!,
    alignment: { unit: read.unit, units, of: units },
  };
}

// The pattern gives all files one ending, and so one format.
function alignedReading(file: CorpusFile, options: CompareOptions): ReadOptions {
  if (options.onInvalid === "skip")
    throw usage(
      "skip-in-parallel",
      "--on-invalid skip: a document left out of one language would not be left out of the others",
      "--on-invalid replace",
    );
  const unit = options.unit ?? (holdsRecords(file) ? "record" : "line");
  if (unit === "record" && !holdsRecords(file))
    throw usage(
      "wrong-unit",
      `--unit record: ${file.path} is not a .jsonl file or another with records`,
      "use --unit line or --unit file",
    );
  return readOptions(options, unit);
}

// Without `languages`, all that there are counts of, by tag.
async function countedTexts(counts: readonly string[], options: CompareOptions): Promise<ComparisonTexts> {
  if (options.parallel !== undefined)
    throw usage(
      "parallel-and-corpus",
      "--parallel and --counts are two ways to name the text",
      "give one of them",
    );
  refuseBaseline(options);
  refuseFilter(filterRules(options, 0), "counts are what was counted");
  const tags = options.languages ?? [...(await readCounts(counts)).keys()].sort();
  const languages = resolveLanguages(tags);
  const counted = await countsOf(counts, languages);
  const texts = languages.map(
    (language, i): LanguageText => ({ kind: "counts", language, counted: counted[i]! }),
  );
  return { texts, baseline: undefined, alignment: undefined };
}

function refuseBaseline({ baseline }: CompareOptions): void {
  if (baseline === undefined) return;
  throw usage(
    "baseline-without-parallel",
    "--baseline: texts that are not parallel have no premium",
    "leave it out, or give parallel text with --parallel 'texts/{lang}.txt'",
  );
}

async function ownTexts(corpus: readonly string[], options: CompareOptions): Promise<ComparisonTexts> {
  refuseBaseline(options);
  const languages = resolveLanguages(options.languages ?? []);
  const globs = globsByLanguage(corpus, languages, "--corpus");
  const texts: LanguageText[] = [];
  for (const [i, language] of languages.entries()) {
    if (globs[i]!.length === 0)
      throw usage(
        "no-corpus",
        `--corpus names no text of ${language.name} (${language.tag})`,
        `${language.tag}=GLOB`,
      );
    const source = await chooseCorpus(language, {
      corpus: globs[i]!,
      unit: options.unit,
      folder: ".",
      hub: options.hub,
    });
    texts.push({ language, ...(source as CorpusSource & { kind: "files" }) });
  }
  return { texts, baseline: undefined, alignment: undefined };
}

function usage(code: string, message: string, hint: string): VocabError {
  return new VocabError(code, message, { kind: "usage", hint });
}
