// Pieces of Markdown that several reports are made of.

export function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join("\n");
}

export function code(text: string): string {
  return `\`${text.replace(/[`\r\n]+/g, " ")}\``;
}

/** Without what Markdown would read as a sign. */
export function escaped(text: string): string {
  return text.replace(/[\\|*_`<>#[\]]/g, "\\$&");
}
