// The verb `languages`: the languages that the program knows by name or has a text of.

import { VocabError } from "../errors.ts";
import { nativeName, scriptName } from "../text/display-names.ts";
import { type LanguageInfo, listLanguages } from "../text/languages.ts";

export interface LanguageListing extends LanguageInfo {
  /** The language's name in itself ("فارسی"); absent where ICU has none. */
  readonly nativeName?: string | undefined;
  /** "Arabic" for Arab. */
  readonly scriptName?: string | undefined;
}

export interface LanguageList {
  readonly schema: "vocab.languages/1";
  readonly languages: readonly LanguageListing[];
}

/**
 * @param filter part of a tag, of a name or of a script's name, in any case
 * @throws VocabError `no-language` (usage) when nothing fits
 */
export function findLanguages(filter?: string): LanguageList {
  const wanted = filter?.trim().toLowerCase() ?? "";
  const languages = listLanguages()
    .map(withNames)
    .filter((language) => wanted === "" || searchable(language).some((text) => text.includes(wanted)));
  if (languages.length === 0) {
    throw new VocabError("no-language", `no language matches ${JSON.stringify(filter)}`, {
      kind: "usage",
      hint: "`vocab languages` lists all",
    });
  }
  return { schema: "vocab.languages/1", languages };
}

function withNames({ embedded, ...language }: LanguageInfo): LanguageListing {
  return {
    ...language,
    nativeName: nativeName(language.tag),
    scriptName: scriptName(language.script),
    ...(embedded === undefined ? {} : { embedded }),
  };
}

function searchable({ tag, name, nativeName, script, scriptName }: LanguageListing): string[] {
  return [tag, name, nativeName ?? "", script, scriptName ?? ""].map((text) => text.toLowerCase());
}
