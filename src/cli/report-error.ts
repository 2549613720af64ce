// The one place where an error becomes a message and an exit code (CONTRACT section 1).

import { VocabError } from "../errors.ts";
import type { CliIo } from "./cli-io.ts";

const FAILED = 1;
const WRONG_USAGE = 2;
const BUG = 70;
const INTERRUPTED = 130;

/** Writes the message to stderr. @returns the exit code */
export function reportError(error: unknown, io: CliIo): number {
  if (io.signal.aborted) {
    if (error instanceof VocabError && error.code === "interrupted")
      io.stderr.write(`vocab: ${error.message}\n`);
    else
      io.stderr.write(io.hasWritten ? "vocab: interrupted\n" : "vocab: interrupted; nothing was written\n");
    return INTERRUPTED;
  }
  if (error instanceof VocabError) {
    io.stderr.write(errorText(error.message, error.hint));
    return error.kind === "usage" ? WRONG_USAGE : FAILED;
  }
  const message = error instanceof Error ? error.message : String(error);
  io.stderr.write(errorText(message, "this is a bug of vocab; please report it (VOCAB_DEBUG=1 shows where)"));
  if (io.env["VOCAB_DEBUG"] === "1" && error instanceof Error) io.stderr.write(`${error.stack}\n`);
  return BUG;
}

function errorText(message: string, hint: string | undefined): string {
  const lines = [`vocab: error: ${printable(message)}`];
  if (hint !== undefined) lines.push(`  hint: ${printable(hint)}`);
  return `${lines.join("\n")}\n`;
}

// Names of files and options are quoted in messages: their control characters must not reach the terminal.
function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, (run) =>
    /^\s+$/.test(run)
      ? " "
      : [...run].map((unit) => `\\x${unit.codePointAt(0)!.toString(16).padStart(2, "0")}`).join(""),
  );
}
