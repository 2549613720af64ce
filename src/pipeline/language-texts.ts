// Which texts belong to which language: "texts/*.txt" for one, "fa=texts/*.txt" or "texts/{lang}/*.txt" for several.

import { VocabError } from "../errors.ts";
import { type Language, resolveLanguage } from "../text/languages.ts";

/**
 * The languages of a list of tags, each once, in the order given.
 * @throws VocabError `language-unknown` (usage)
 */
export function resolveLanguages(tags: readonly string[]): Language[] {
  const byTag = new Map(
    tags.map((tag) => {
      const language = resolveLanguage(tag);
      return [language.tag, language] as const;
    }),
  );
  if (byTag.size === 0)
    throw new VocabError("no-language", "no language is named", { kind: "usage", hint: "--lang fa" });
  return [...byTag.values()];
}

/**
 * The globs of each language, in the order of the languages.
 * ["fa=a.txt", "b/{lang}.txt"] for fa and ur → [["a.txt", "b/fa.txt"], ["b/ur.txt"]]
 * @param option that the globs were given with, for messages
 * @throws VocabError `whose-text` (usage) for a glob that says nothing about the language where there are several
 */
export function globsByLanguage(
  globs: readonly string[],
  languages: readonly Language[],
  option: string,
): string[][] {
  return languages.map(({ tag }) => globs.flatMap((glob) => globOf(glob, tag, languages, option)));
}

function globOf(glob: string, tag: string, languages: readonly Language[], option: string): string[] {
  const [, prefix, rest] = /^([A-Za-z0-9-]+)=(.+)$/s.exec(glob) ?? [];
  const named = prefix === undefined ? undefined : languages.find((language) => language.tag === prefix);
  if (named !== undefined) return named.tag === tag ? [rest!] : [];
  if (glob.includes("{lang}")) return [glob.replaceAll("{lang}", tag)];
  if (languages.length === 1) return [glob];
  throw new VocabError("whose-text", `${option} ${glob}: which of the languages is it?`, {
    kind: "usage",
    hint: `${option} ${languages[0]!.tag}=${glob}, or {lang} in the path`,
  });
}
