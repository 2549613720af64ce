// The one error type that users meet: what was expected, what was found, where, and what to do next.

/** `input`: the contents of a file or a measurement failed (exit 1). `usage`: the command was wrong (exit 2). */
export type ErrorKind = "input" | "usage";

export interface VocabErrorOptions {
  /** Default "input". */
  readonly kind?: ErrorKind;
  /** What to type or change next. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** An error whose message is meant for people; `code` is stable and meant for programs. */
export class VocabError extends Error {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly hint: string | undefined;

  constructor(code: string, message: string, options: VocabErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "VocabError";
    this.code = code;
    this.kind = options.kind ?? "input";
    this.hint = options.hint;
  }
}
