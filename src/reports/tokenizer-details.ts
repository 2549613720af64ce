// What is known of a tokenizer, line by line: licence and conditions, embedding rows, openness, how to get it.

import type { TokenizerList, TokenizerListing } from "../pipeline/tokenizers.ts";
import type { Published, TokenizerAlias } from "../tokenizer/families/known-tokenizer.ts";
import { waysToObtain } from "../tokenizer/obtaining.ts";
import { formatCount } from "./format.ts";
import { bold, type ReportOptions } from "./style.ts";

const PARTS: readonly (readonly [keyof Published, string])[] = [
  ["weights", "weights"],
  ["architecture", "architecture"],
  ["trainingCode", "training code"],
  ["trainingData", "training data"],
  ["process", "logs and checkpoints"],
];

export function tokenizerDetailsReport(
  { tokenizers, aliases }: TokenizerList,
  options: ReportOptions,
): string {
  const texts = tokenizers.map((tokenizer) =>
    details(
      tokenizer,
      aliases.filter(({ sameAs }) => sameAs === tokenizer.id),
      options,
    ),
  );
  return `${texts.join("\n\n")}\n`;
}

function details(
  tokenizer: TokenizerListing,
  aliases: readonly TokenizerAlias[],
  options: ReportOptions,
): string {
  const { id, name, family, maker, vocabSize, licence, hubId, gated, alsoIn, note } = tokenizer;
  const lines: readonly (readonly [string, string | undefined])[] = [
    ["family", `${family}, by ${maker}`],
    ["vocabulary", vocabSize === undefined ? undefined : `${formatCount(vocabSize)} ids`],
    ["embedding rows", embeddingRows(tokenizer)],
    ["licence", licence.name + (licence.url === undefined ? "" : `, ${licence.url}`)],
    ["conditions", licence.conditions],
    ["openness", openness(tokenizer)],
    ["hub", hubId === undefined ? undefined : hubId + gatedText(gated)],
    ["from", tokenizer.installed ?? `not installed: ${waysToObtain(tokenizer).join("; or ")}`],
    ["also in", alsoIn],
    ["read", tokenizer.verified === "real-file" ? "a real file, which agrees" : "no real file"],
    ["note", note],
    ...aliases.map((alias) => ["shared by", sharedBy(alias)] as const),
  ];
  const shown = lines.filter(([, text]) => text !== undefined).map(([title, text]) => `  ${title}: ${text}`);
  return [bold(`${name} (${id})`, options), ...shown].join("\n");
}

// Sizes with the same number of rows stand together: "262,144 (270M, 1B), 262,208 (4B, 12B, 27B)".
function embeddingRows({ embeddingRows }: TokenizerListing): string | undefined {
  const sizes = new Map<number, string[]>();
  for (const [size, rows] of Object.entries(embeddingRows))
    sizes.set(rows, [...(sizes.get(rows) ?? []), size]);
  if (sizes.size === 0) return undefined;
  return [...sizes].map(([rows, names]) => `${formatCount(rows)} (${names.join(", ")})`).join(", ");
}

function openness({ openness, published }: TokenizerListing): string {
  const named = (wanted: boolean) =>
    PARTS.filter(([part]) => published[part] === wanted).map(([, title]) => title);
  const parts = [
    [named(true), "published"],
    [named(false), "not published"],
  ] as const;
  const texts = parts
    .filter(([titles]) => titles.length > 0)
    .map(([titles, end]) => `${titles.join(", ")} ${end}`);
  return `${openness}: ${texts.join("; ")}`;
}

function gatedText(gated: boolean | undefined): string {
  if (gated === undefined) return " (may ask for an account)";
  return gated ? " (asks for an account and an accepted licence)" : "";
}

function sharedBy({ id, name, verified, hubId, note }: TokenizerAlias): string {
  const about = [verified ? "verified" : "by name only", ...(hubId === undefined ? [] : [hubId])].join(", ");
  return `${name} (${id}; ${about})${note === undefined ? "" : `. ${note}`}`;
}
