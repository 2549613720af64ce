// Parses a command line with commander, runs its command and turns what happened into an exit code (CONTRACT section 1).

import { Command, CommanderError } from "commander";
import { version } from "../version.ts";
import type { CliIo } from "./cli-io.ts";
import { addAnalyze } from "./commands/analyze.ts";
import { addDecode } from "./commands/decode.ts";
import { addEncode } from "./commands/encode.ts";
import { addInspect } from "./commands/inspect.ts";
import { addLanguages } from "./commands/languages.ts";
import { addTokenizers } from "./commands/tokenizers.ts";
import { reportError } from "./report-error.ts";

/** @returns the exit code */
export async function runCli(args: readonly string[], io: CliIo): Promise<number> {
  try {
    await createProgram(io).parseAsync(args.length === 0 ? ["--help"] : [...args], { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    return reportError(error, io);
  }
}

function createProgram(io: CliIo): Command {
  const program = new Command("vocab")
    .description("How many tokens a language costs under real tokenizers, exactly, and why.")
    .version(`vocab ${version}`, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .exitOverride()
    .configureOutput({ writeOut: (text) => void io.write(text), writeErr: () => {} })
    .addHelpText("after", "\nExample:\n  $ vocab analyze --lang fa");
  // Commands inherit what stands above.
  for (const add of [addAnalyze, addEncode, addDecode, addInspect, addTokenizers, addLanguages])
    add(program, io);
  return program;
}
