// new-tokens.tsv: one line a new token, for people and spreadsheets.

import type { LearnedTokens } from "../training/candidates.ts";

const HEADER = "id\ttext\tbytes\tconstituents\tcount";

/**
 * @param uses of each id in the final encoding of the corpus
 */
export function newTokensTable(
  { firstId, candidates }: LearnedTokens,
  uses: (id: number) => number | undefined,
): string {
  const lines = candidates.map(({ text, bytes, constituents }, k) =>
    // A token that stops inside a character has no text; its count is absent where the corpus was not encoded.
    [firstId + k, escapeField(text ?? ""), bytes, constituents.join(" "), uses(firstId + k) ?? ""].join("\t"),
  );
  return [HEADER, ...lines, ""].join("\n");
}

function escapeField(text: string): string {
  return text
    .replaceAll("\\", "\\\\")
    .replaceAll("\t", "\\t")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r");
}
