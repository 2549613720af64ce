// The panel of G6 when none is given: the Universal Declaration of Human Rights in the languages that share a script with
// the new tokens, and in English; and as code the sources of commander, which vocab itself runs on.

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parseDeclaration } from "../corpus/embedded-text.ts";
import { has } from "../text/code-point-set.ts";
import { type Declaration, declarationPackage, declarations } from "../text/declarations.ts";
import { codePointSet } from "../text/unicode.ts";
import { modelTokenBytes } from "../tokenizer/model-tokens.ts";
import type { TrainableDefinition } from "../tokenizer/require-bpe.ts";
import type { TextSource } from "./evidence.ts";

/** Scripts with at least this share of the letters of the new tokens are theirs. */
const SCRIPT_SHARE = 0.1;

/** Latin alone has 300 texts of 16 KB. From a longer list every so many-eth is taken. */
const MAX_SISTERS = 40;

/**
 * @param newIds ids of the new tokens
 * @param languages tags of the languages that the tokens are for, which may change
 */
export function defaultPanel(
  definition: TrainableDefinition,
  newIds: readonly number[],
  languages: readonly string[],
): TextSource[] {
  const targets = new Set(languages.map(subtagOf));
  const scripts = new Set(scriptsOf(definition, newIds));
  const sisters = declarations().filter(
    ({ tag, script }, i, all) =>
      scripts.has(script) &&
      subtagOf(tag) !== "en" &&
      !targets.has(subtagOf(tag)) &&
      all.findIndex((other) => other.tag === tag) === i,
  );
  const english = targets.has("en")
    ? []
    : declarations()
        .filter(({ tag }) => tag === "en")
        .slice(0, 1);
  const chosen = spread(
    sisters.sort((a, b) => (a.tag < b.tag ? -1 : 1)),
    MAX_SISTERS,
  );
  return [...[...english, ...chosen].map(declarationText), codeText()];
}

/** ISO 15924 codes of the scripts that the letters of the tokens are in, among those that have a text. */
export function scriptsOf({ model }: TrainableDefinition, ids: readonly number[]): string[] {
  const counts = new Map<number, number>();
  for (const id of ids)
    for (const character of Buffer.from(modelTokenBytes(model, model.tokens.at(id)!)).toString("utf8"))
      counts.set(character.codePointAt(0)!, (counts.get(character.codePointAt(0)!) ?? 0) + 1);
  const letters = [...counts].filter(([point]) => has(codePointSet("L")!, point));
  const total = letters.reduce((sum, [, count]) => sum + count, 0);
  const scripts = [...new Set(declarations().map(({ script }) => script))].sort();
  return scripts.filter((script) => {
    const sets = (COMBINED[script] ?? [script]).map((code) => codePointSet(`Script=${code}`)!);
    const own = letters.filter(([point]) => sets.some((set) => has(set, point)));
    const count = own.reduce((sum, [, times]) => sum + times, 0);
    return total > 0 && count >= SCRIPT_SHARE * total;
  });
}

/** Codes of ISO 15924 that stand for several scripts of Unicode. */
const COMBINED: Readonly<Record<string, readonly string[]>> = {
  Hans: ["Hani"],
  Hant: ["Hani"],
  Jpan: ["Hani", "Hira", "Kana"],
  Kore: ["Hang", "Hani"],
};

function declarationText({ tag, code, file }: Declaration): TextSource {
  return {
    name: tag,
    source: `npm:${declarationPackage()}/declaration/${code}.html`,
    documents: parseDeclaration(readFileSync(file, "utf8")).documents.map((text) =>
      Buffer.from(text, "utf8"),
    ),
  };
}

// Each line that is not empty is a document.
function codeText(): TextSource {
  const folder = dirname(createRequire(import.meta.url).resolve("commander"));
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  const files = readdirSync(join(folder, "lib"))
    .filter((name) => name.endsWith(".js"))
    .sort();
  const lines = files.flatMap((name) => readFileSync(join(folder, "lib", name), "utf8").split("\n"));
  return {
    name: "code",
    source: `npm:commander@${version}/lib/*.js`,
    documents: lines.filter((line) => line !== "").map((line) => Buffer.from(line, "utf8")),
  };
}

function subtagOf(tag: string): string {
  return new Intl.Locale(tag).language;
}

function spread<T>(items: readonly T[], count: number): readonly T[] {
  if (items.length <= count) return items;
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)]!);
}
