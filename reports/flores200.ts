// Makes the tables of this folder: every tokenizer of a manifest over every language of FLORES-200, which is parallel text.
// The figures are kept here, not the text (CC BY-SA 4.0).
//
//   npx tsx reports/flores200.ts MANIFEST 'FLORES/{lang}.txt.gz' [--only ID,…]
//
// MANIFEST: the tokenizers.json that test/oracles/fetch-tokenizers.py writes.

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { VocabError } from "../src/errors.ts";
import { compare } from "../src/pipeline/compare.ts";
import type { ComparisonCell, ComparisonResult } from "../src/pipeline/comparison-result.ts";
import { findTokenizer, loadTokenizer, type TokenizerSource } from "../src/tokenizer/load-tokenizer.ts";

interface ManifestFile {
  readonly id: string;
  readonly file: string;
  readonly package?: string;
  readonly version?: string;
}

/** Tokenizers of one run: each takes 100 to 300 MB while it is loaded. */
const BATCH = 4;
const OUT = import.meta.dirname;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: "string" } },
});
const [manifest, parallel] = positionals as [string, string];
const only = values.only?.split(",");
const sources = readSources();
const results: ComparisonResult[] = [];
for (let at = 0; at < sources.length; at += BATCH) {
  const tokenizers = sources.slice(at, at + BATCH);
  console.error(`${at}/${sources.length} ${tokenizers.map(({ id }) => id).join(", ")}`);
  results.push(await compare({ parallel, tokenizers }));
}
writeFileSync(join(OUT, "flores200-tokens.csv"), tokensTable());
writeFileSync(join(OUT, "flores200-premium.csv"), premiumTable());
writeFileSync(join(OUT, "flores200.md"), summary());

// What vocab refuses is named and left out.
function readSources(): TokenizerSource[] {
  const { files } = JSON.parse(readFileSync(manifest, "utf8")) as { files: readonly ManifestFile[] };
  return files.flatMap(({ id, file, package: name, version }) => {
    if (only !== undefined && !only.includes(id)) return [];
    const path = join(dirname(manifest), file);
    const source: TokenizerSource = {
      ...findTokenizer(path),
      id,
      name: id,
      source: name === undefined ? file : `${name} ${version}`,
    };
    try {
      loadTokenizer(source);
      return [source];
    } catch (error) {
      if (!(error instanceof VocabError)) throw error;
      console.error(`left out: ${error.message.replace(path, id)}`);
      return [];
    }
  });
}

function ids(): string[] {
  return results.flatMap(({ tokenizers }) => tokenizers);
}

function cellsByLanguage(): Map<string, ComparisonCell[]> {
  const cells = new Map(results[0]!.languages.map((tag) => [tag, [] as ComparisonCell[]]));
  for (const result of results) for (const cell of result.cells) cells.get(cell.language)!.push(cell);
  return cells;
}

function tokensTable(): string {
  const texts = new Map(results[0]!.texts.map((text) => [text.language.tag, text]));
  const rows = [...cellsByLanguage()].map(([tag, cells]) => {
    const { language, bytes, words } = texts.get(tag)!;
    return [
      tag,
      quoted(language.name),
      language.script,
      bytes,
      words ?? "",
      ...cells.map(({ tokens }) => tokens),
    ];
  });
  return table([["language", "name", "script", "bytes", "words", ...ids()], ...rows]);
}

function premiumTable(): string {
  const rows = [...cellsByLanguage()].map(([tag, cells]) => [
    tag,
    ...cells.map(({ premium }) => premium?.toFixed(3) ?? ""),
  ]);
  const gini = results.flatMap(({ tokenizers, gini: byId }) => tokenizers.map((id) => byId![id]!.toFixed(4)));
  return table([["language", ...ids()], ...rows, ["Gini", ...gini]]);
}

function table(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => `${row.join(",")}\n`).join("");
}

function quoted(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function summary(): string {
  const lines = results.flatMap((result) =>
    result.tokenizerSources.map(({ tokenizer, source, sha256, vocabSize }) => {
      const premiums = result.cells
        .filter((cell) => cell.tokenizer === tokenizer)
        .map(({ language, premium }) => ({ language, premium: premium! }))
        .sort((a, b) => a.premium - b.premium);
      const worst = premiums.slice(-3).reverse();
      const above = premiums.filter(({ premium }) => premium > 3).length;
      return {
        gini: result.gini![tokenizer]!,
        line: `| ${[
          tokenizer,
          vocabSize.toLocaleString("en"),
          result.gini![tokenizer]!.toFixed(3),
          result.baselineTokens![tokenizer]!.toLocaleString("en"),
          premiums[Math.floor(premiums.length / 2)]!.premium.toFixed(2),
          above,
          worst.map(({ language, premium }) => `${language} ${premium.toFixed(1)}`).join(", "),
          source,
          `\`${sha256.slice(0, 12)}\``,
        ].join(" | ")} |`,
      };
    }),
  );
  const { version } = results[0]!.run;
  const { units } = results[0]!.alignment!;
  return `# ${ids().length} tokenizers, ${results[0]!.languages.length} languages

Tokens for the same ${units} sentences (FLORES-200 devtest, NLLB Team 2022, CC BY-SA 4.0), by vocab ${version}. The premium is
the tokens of a language over those of English under the same tokenizer; the Gini coefficient is over the tokens of all
languages, 0 where they cost the same. Sorted by it. \`unknown\` tokens cost little and lose the text: a low premium of an
encoder for English (BERT, XLNet) is no merit.

| tokenizer | vocabulary | Gini | English tokens | median premium | languages above 3 | most expensive | from | SHA-256 |
| --- | ---: | ---: | ---: | ---: | ---: | --- | --- | --- |
${lines
  .sort((a, b) => a.gini - b.gini)
  .map(({ line }) => line)
  .join("\n")}

All cells: [tokens](flores200-tokens.csv) with bytes and words, [premiums](flores200-premium.csv). Made by
\`npx tsx reports/flores200.ts MANIFEST 'FLORES/{lang}.txt.gz'\`.
`;
}
