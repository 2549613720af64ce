// What was left out of a corpus, in words.

import type { CorpusFilter, LeftOut } from "../counts/corpus-filter.ts";
import type { NormalizedResults } from "../pipeline/analysis-result.ts";
import type { Orthography } from "../text/orthography.ts";
import { plural } from "./analysis-heading.ts";
import { formatCount } from "./format.ts";

/** "of 6 documents read: 2 in another script, 1 that occurred before and 1 not in the sample left out; 1 respelt" */
export function filterLine({ read, leftOut, changed, normalize, orthography }: CorpusFilter): string {
  const parts = leftOutParts(leftOut);
  const left = parts.length === 0 ? "none left out" : `${parts.join(", ")} left out`;
  const how = [normalize, orthography === undefined ? undefined : LETTERS[orthography]]
    .filter((item) => item !== undefined)
    .join(", ");
  const changes = changed === undefined ? "" : `; ${formatCount(changed)} changed (${how})`;
  return `of ${plural(read.documents, "document")} read: ${left}${changes}`;
}

function leftOutParts({ otherScript, duplicates, unsampled }: LeftOut): string[] {
  const parts: string[] = [];
  if (otherScript !== undefined) parts.push(`${formatCount(otherScript.documents)} in another script`);
  if (duplicates !== undefined) {
    const lines = duplicates.lines === undefined ? "" : ` (${plural(duplicates.lines, "line")})`;
    parts.push(`${formatCount(duplicates.documents)} that occurred before${lines}`);
  }
  if (unsampled !== undefined) parts.push(`${formatCount(unsampled.documents)} not in the sample`);
  return parts;
}

const LETTERS: Readonly<Record<Orthography, string>> = { fa: "Persian yeh and kaf" };

/** The heading of the second table of an analysis. */
export function normalizedLine(normalized: NormalizedResults): string {
  const { orthography, changedCharacters, removedCharacters } = normalized;
  const joiners =
    removedCharacters === 0
      ? ""
      : `, ${plural(removedCharacters, "needless zero width non-joiner")} taken out`;
  return `the same text with ${LETTERS[orthography]}: ${plural(changedCharacters, "letter")} changed${joiners}`;
}
