// Bold and colour for terminals, only when asked for.

import { styleText } from "node:util";

export interface ReportOptions {
  /** Whether to use escape sequences. */
  readonly color: boolean;
}

// `validateStream`: newer Nodes would otherwise look at this process's stdout, which is not the library's business.
export function bold(text: string, { color }: ReportOptions): string {
  return color ? styleText("bold", text, { validateStream: false }) : text;
}

export function dim(text: string, { color }: ReportOptions): string {
  return color ? styleText("dim", text, { validateStream: false }) : text;
}
