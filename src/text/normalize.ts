// Unicode normalization as the reference has it: its tables are older than Node's (about Unicode 9).
import { type CodePointSet, union } from "./code-point-set.ts";
import { codePointSet } from "./unicode.ts";

export type NormalizationForm = "NFC" | "NFD" | "NFKC" | "NFKD";

/**
 * `text` in the given normalization form, equal to the reference's normalizer for every well-formed string.
 *
 * To the reference, a character that its tables do not know is a starter that neither decomposes nor composes.
 * Nothing moves or joins across such a character, so the text is cut around them and the rest left to Node.
 */
export function normalize(text: string, form: NormalizationForm): string {
  if (!unknownToReference().test(text)) return text.normalize(form);
  return text
    .split(unknownToReference())
    .map((piece, i) => (i % 2 === 1 ? piece : piece.normalize(form)))
    .join("");
}

let unknown: RegExp | undefined;

/**
 * Matches (and captures) runs of characters that the reference does not know. Unassigned code points are included
 * although Node leaves them alone today: a later Node may know them, the reference will not.
 */
function unknownToReference(): RegExp {
  unknown ??= new RegExp(
    `(${characterClass(union(codePointSet("NormalizationDiffers")!, codePointSet("Cn")!))}+)`,
    "u",
  );
  return unknown;
}

function characterClass(set: CodePointSet): string {
  const hex = (codePoint: number): string => `\\u{${codePoint.toString(16)}}`;
  let body = "";
  for (let i = 0; i < set.ranges.length; i += 2)
    body += `${hex(set.ranges[i])}-${hex(set.ranges[i + 1] - 1)}`;
  return `[${body}]`;
}
