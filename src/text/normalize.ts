// Unicode normalization as the reference has it: its tables are older than Node's (Unicode 9.0).
import { type CodePointSet, union } from "./code-point-set.ts";
import { codePointSet, fillTable } from "./unicode.ts";

export type NormalizationForm = "NFC" | "NFD" | "NFKC" | "NFKD";

/**
 * `text` in the given normalization form, equal to the reference's normalizer for every well-formed string.
 *
 * To the reference, a character that its tables do not know is a starter that neither decomposes nor composes.
 * Nothing moves or joins across such a character, so the text is cut around them and the rest left to Node.
 */
export function normalize(text: string, form: NormalizationForm): string {
  if (!mayContainUnknown(text)) return text.normalize(form);
  return text
    .split(unknownToReference())
    .map((piece, i) => (i % 2 === 1 ? piece : piece.normalize(form)))
    .join("");
}

/**
 * Characters that the reference does not know. Unassigned code points are included although Node leaves them alone
 * today: a later Node may know them, the reference will not.
 */
function unknownSet(): CodePointSet {
  return union(codePointSet("NormalizationDiffers")!, codePointSet("Cn")!);
}

let units: Uint8Array | undefined;

/** True if a UTF-16 unit belongs to an unknown character or is a surrogate. On Persian text five times as fast as the regex. */
function mayContainUnknown(text: string): boolean {
  if (units === undefined) {
    units = new Uint8Array(0x10000);
    fillTable(unknownSet(), units, 1);
    units.fill(1, 0xd800, 0xe000);
  }
  for (let i = 0; i < text.length; i++) if (units[text.charCodeAt(i)] === 1) return true;
  return false;
}

let unknownRuns: RegExp | undefined;

/** Matches, and captures for `split`, runs of unknown characters. */
function unknownToReference(): RegExp {
  unknownRuns ??= new RegExp(`(${characterClass(unknownSet())}+)`, "u");
  return unknownRuns;
}

function characterClass(set: CodePointSet): string {
  const hex = (codePoint: number): string => `\\u{${codePoint.toString(16)}}`;
  let body = "";
  for (let i = 0; i < set.ranges.length; i += 2)
    body += `${hex(set.ranges[i])}-${hex(set.ranges[i + 1] - 1)}`;
  return `[${body}]`;
}
