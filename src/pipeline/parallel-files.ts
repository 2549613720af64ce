// Finds the files of parallel text by a pattern: 'texts/{lang}.txt' is a file for each language, whose tag, or FLORES code
// such as pes_Arab, stands in the place of {lang}.

import { normalize } from "node:path";
import fastGlob from "fast-glob";
import { byCodeUnits } from "../corpus/files.ts";
import { VocabError } from "../errors.ts";
import { type Language, languageOfCode, resolveLanguage } from "../text/languages.ts";

const PLACE = "{lang}";

export interface ParallelFile {
  readonly language: Language;
  /** What stands in the place of {lang}. */
  readonly name: string;
  readonly path: string;
}

/**
 * The files that a pattern names, one a language, in the order of their tags.
 * @throws VocabError `pattern-without-lang`, `no-match`, `language-of-file`, `two-files` (usage)
 */
export async function findParallelFiles(pattern: string): Promise<ParallelFile[]> {
  const parts = normalize(pattern).split(PLACE);
  if (parts.length === 1)
    throw new VocabError("pattern-without-lang", `--parallel ${pattern}: ${PLACE} stands nowhere in it`, {
      kind: "usage",
      hint: `write ${PLACE} where the paths differ by language, in quotes: --parallel 'texts/${PLACE}.txt'`,
    });
  const paths = await fastGlob(parts.map((part) => fastGlob.escapePath(part)).join("*"));
  const shape = new RegExp(
    `^${parts.map(escaped).join("\0").replace("\0", "([^/]+)").replaceAll("\0", "\\1")}$`,
  );
  const files = paths.flatMap((path) => {
    const name = shape.exec(path)?.[1];
    return name === undefined ? [] : [{ language: languageOfName(name, path), name, path }];
  });
  if (files.length === 0)
    throw new VocabError("no-match", `no file matches ${pattern}`, {
      kind: "usage",
      hint: `${PLACE} stands for one part of a name, such as fa or pes_Arab; the rest is taken as it is`,
    });
  return toldApart(files).sort((a, b) => byCodeUnits(a.language.tag, b.language.tag));
}

/**
 * The file that a user's tag means: the one of that name, of that tag, of that language in its likely script and region,
 * else the only one of that language.
 * @param option that the tag was given with
 * @throws VocabError `no-parallel-file`, `two-files`, `language-unknown` (usage)
 */
export function fileOfTag(files: readonly ParallelFile[], tag: string, option: string): ParallelFile {
  const named = files.find(({ name }) => name === tag);
  if (named !== undefined) return named;
  const language = languageOfCode(tag) ?? resolveLanguage(tag);
  const rules: ((file: ParallelFile) => boolean)[] = [
    (file) => file.language.tag === language.tag,
    (file) => maximized(file.language.tag) === maximized(language.tag),
    (file) => subtag(file.language.tag) === subtag(language.tag),
  ];
  for (const rule of rules) {
    const found = files.filter(rule);
    if (found.length === 1) return found[0]!;
    if (found.length > 1) throw twoFiles(`${option} ${tag}`, found);
  }
  throw new VocabError(
    "no-parallel-file",
    `${option} ${tag}: no file of ${language.name} (${language.tag})`,
    {
      kind: "usage",
      hint: `there are files of ${shortList(files.map((file) => file.language.tag))}`,
    },
  );
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

function languageOfName(name: string, path: string): Language {
  const [, code, script] = /^([a-z]{2,3})_([A-Z][a-z]{3})$/.exec(name) ?? [];
  const language = languageOfCode(code === undefined ? name : withoutLikelyScript(`${code}-${script}`));
  if (language !== undefined) return language;
  throw new VocabError("language-of-file", `${path}: ${JSON.stringify(name)} is no language tag`, {
    kind: "usage",
    hint: "expected BCP 47, such as fa or az-Arab, or a FLORES code, such as pes_Arab; --parallel may name a folder without other files",
  });
}

// "pes-Arab" → "fa", "arb-Latn" → "ar-Latn": FLORES codes have a script always, tags where it is not the likely one.
function withoutLikelyScript(tag: string): string {
  const locale = new Intl.Locale(tag);
  const bare = new Intl.Locale(locale.baseName.replace(/-[A-Z][a-z]{3}(?=-|$)/, ""));
  return bare.maximize().script === locale.script ? bare.baseName : locale.baseName;
}

// aka_Latn and twi_Latn are both "ak" to CLDR: files that share a tag are called by their own codes, "aka" and "twi".
function toldApart(files: readonly ParallelFile[]): ParallelFile[] {
  const sharing = (file: ParallelFile, among: readonly ParallelFile[]) =>
    among.filter(({ language }) => language.tag === file.language.tag);
  const apart = files.map((file) =>
    sharing(file, files).length === 1 ? file : { ...file, language: { ...file.language, tag: ownTag(file) } },
  );
  const same = apart.map((file) => sharing(file, apart)).find((sharers) => sharers.length > 1);
  if (same !== undefined) throw twoFiles(same[0]!.language.tag, same);
  return apart;
}

function ownTag({ name, language }: ParallelFile): string {
  const [code] = name.split(/[-_]/);
  return [code!.toLowerCase(), ...language.tag.split("-").slice(1)].join("-");
}

function twoFiles(what: string, files: readonly ParallelFile[]): VocabError {
  return new VocabError(
    "two-files",
    `${what}: more than one file: ${shortList(files.map(({ path }) => path))}`,
    {
      kind: "usage",
      hint: `choose by the names in the place of {lang}: ${shortList(files.map(({ name }) => name))}`,
    },
  );
}

function maximized(tag: string): string {
  return new Intl.Locale(tag).maximize().baseName;
}

function subtag(tag: string): string {
  return new Intl.Locale(tag).baseName.split("-")[0]!;
}

function shortList(items: readonly string[]): string {
  const more = items.length > 12 ? `, … (${items.length} in all)` : "";
  return items.slice(0, 12).join(", ") + more;
}
