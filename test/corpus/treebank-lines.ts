// Lines of CoNLL-U for tests: the ten columns from the three that matter.

/** ("1", "سلام", "SpaceAfter=No") → one token line. */
export function tokenLine(id: string | number, form: string, misc = "_"): string {
  return [id, form, "_", "_", "_", "_", "_", "_", "_", misc].join("\t");
}

/** "a b" → the token lines 1 and 2. */
export function wordLines(text: string): string[] {
  return text.split(" ").map((form, i) => tokenLine(i + 1, form));
}
