// The order of the languages of a comparison: "premium", "fertility:gemma3", "language".

import { byCodeUnits } from "../corpus/files.ts";
import { VocabError } from "../errors.ts";
import type { ComparisonCell } from "./comparison-result.ts";

const FIGURES = ["tokens", "fertility", "bytesPerToken", "premium", "floor", "headroom"] as const;

export interface ComparisonSort {
  readonly by: (typeof FIGURES)[number] | "language";
  /** Index of the tokenizer whose figure counts. */
  readonly tokenizer: number;
}

/**
 * Reads what was typed after `--sort`.
 * @param tokenizers IDs; the first is the default
 * @throws VocabError `unknown-sort` (usage)
 */
export function parseSort(typed: string, tokenizers: readonly string[]): ComparisonSort {
  const [name = "", ...rest] = typed.split(":");
  const by = (["language", ...FIGURES] as const).find((known) => known === name);
  const tokenizer = rest.length === 0 ? 0 : tokenizers.indexOf(rest.join(":"));
  if (by !== undefined && tokenizer >= 0) return { by, tokenizer };
  const wrong = by === undefined ? `no figure ${JSON.stringify(name)}` : `${rest.join(":")} is not compared`;
  throw new VocabError("unknown-sort", `--sort ${typed}: ${wrong}`, {
    kind: "usage",
    hint: `language, ${FIGURES.join(", ")}, alone or with a tokenizer: premium:${tokenizers.at(-1)}`,
  });
}

/** Rows of one language each: tags from a to z, figures from the largest, absent ones last; equal ones by tag. */
export function sortedLanguages(
  rows: readonly (readonly ComparisonCell[])[],
  { by, tokenizer }: ComparisonSort,
): readonly (readonly ComparisonCell[])[] {
  const byTag = [...rows].sort((a, b) => byCodeUnits(a[0]!.language, b[0]!.language));
  if (by === "language") return byTag;
  const figure = (cells: readonly ComparisonCell[]) => cells[tokenizer]![by] ?? Number.NEGATIVE_INFINITY;
  return byTag.sort((a, b) => (figure(a) === figure(b) ? 0 : figure(b) - figure(a)));
}
