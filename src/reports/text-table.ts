// Tables for terminals, aligned by display width: scripts of two columns a letter, marks of none, right to left.

import stringWidth from "string-width";

export interface TableColumn {
  readonly title: string;
  readonly align: "left" | "right";
}

const GAP = "  ";

/** U+2068 and U+2069: text between them does not reorder the cells beside it. */
const FIRST_STRONG_ISOLATE = "\u2068";
const POP_ISOLATE = "\u2069";

/** Letters that are written from right to left, by the blocks that Unicode reserves for them. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** A header, a rule and one line a row, without a final line end. The header is bold if `color`. */
export function renderTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  options: { readonly color: boolean },
): string {
  const cells = rows.map((row) => columns.map((_, i) => row[i] ?? ""));
  const widths = columns.map(({ title }, i) =>
    cells.reduce((widest, row) => Math.max(widest, displayWidth(row[i])), displayWidth(title)),
  );
  const line = (texts: readonly string[]) =>
    texts
      .map((text, i) => pad(text, widths[i], columns[i].align))
      .join(GAP)
      .trimEnd();
  const header = line(columns.map(({ title }) => title));
  const rule = widths.map((width) => "─".repeat(width)).join(GAP);
  return [options.color ? `\u001b[1m${header}\u001b[22m` : header, rule, ...cells.map(line)].join("\n");
}

/** Columns that a terminal needs for one line of text. */
export function displayWidth(text: string): number {
  return stringWidth(text);
}

/** (“a long name”, 7) → “a long…” */
export function shortened(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let short = "";
  for (const character of text) {
    if (displayWidth(short + character) >= width) break;
    short += character;
  }
  return `${short}…`;
}

/** The text, isolated where it would reorder what stands beside it. */
export function inPlace(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? FIRST_STRONG_ISOLATE + text + POP_ISOLATE : text;
}

function pad(text: string, width: number, align: TableColumn["align"]): string {
  const spaces = " ".repeat(width - displayWidth(text));
  return align === "left" ? inPlace(text) + spaces : spaces + inPlace(text);
}
