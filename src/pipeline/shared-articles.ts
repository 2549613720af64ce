// Aligns the embedded texts by article: lines differ between translations, the thirty articles of the declaration do not.

import { readFileSync } from "node:fs";
import { type EmbeddedText, embeddedText } from "../corpus/embedded-text.ts";
import { VocabError } from "../errors.ts";
import type { Language } from "../text/languages.ts";

/** Articles of the Universal Declaration of Human Rights. */
export const ARTICLES = 30;

export interface EmbeddedArticles {
  readonly language: Language;
  readonly text: EmbeddedText;
  /** The HTML file, for its hash. */
  readonly stored: Buffer;
  /** The articles that are there and whole, ascending. */
  readonly articles: readonly number[];
}

/**
 * The embedded text of a language by article.
 * @throws VocabError `no-embedded-text` (usage)
 */
export function embeddedArticles(language: Language): EmbeddedArticles {
  const text = embeddedTextOf(language);
  return { language, text, stored: readFileSync(text.file), articles: wholeArticles(text) };
}

function embeddedTextOf(language: Language): EmbeddedText {
  try {
    return embeddedText(language);
  } catch (cause) {
    if (!(cause instanceof VocabError) || cause.code !== "no-embedded-text") throw cause;
    throw new VocabError(cause.code, cause.message, {
      kind: "usage",
      hint: `leave ${language.tag} out, or give text: --parallel 'texts/{lang}.txt', or --corpus 'texts/{lang}/*.txt' if it is not parallel`,
    });
  }
}

/**
 * The articles that all the texts have.
 * @throws VocabError `no-shared-article`
 */
export function sharedArticles(texts: readonly EmbeddedArticles[]): number[] {
  const shared = numbersTo(ARTICLES).filter((article) =>
    texts.every(({ articles }) => articles.includes(article)),
  );
  if (shared.length > 0) return shared;
  const poorest = texts.reduce((least, text) =>
    text.articles.length < least.articles.length ? text : least,
  );
  const { tag, name } = poorest.language;
  throw new VocabError(
    "no-shared-article",
    `the embedded texts have no article in common: ${tag} (${name}) has ${poorest.articles.length} of ${ARTICLES}`,
    { hint: `leave ${tag} out, or give parallel text with --parallel` },
  );
}

/** The articles that a text lacks. */
export function missingArticles({ articles }: EmbeddedArticles): number[] {
  return numbersTo(ARTICLES).filter((article) => !articles.includes(article));
}

/**
 * What no translation can be held to is left out: title and preamble, of which 27 of the 517 texts have no more than a
 * title, and articles of which a paragraph is missing, where the package writes "&1" or "@" (44 texts lack some article).
 */
function wholeArticles({ documents, articles }: EmbeddedText): number[] {
  return numbersTo(ARTICLES).filter((article) => {
    const [heading, ...paragraphs] = documents.filter((_, i) => articles[i] === article);
    return heading !== undefined && paragraphs.length > 0 && paragraphs.every((text) => /\p{L}/u.test(text));
  });
}

function numbersTo(last: number): number[] {
  return Array.from({ length: last }, (_, i) => i + 1);
}
