// Parses a command line with commander, runs its command and turns what happened into an exit code (CONTRACT section 1).

import { Command, CommanderError } from "commander";
import { VocabError } from "../errors.ts";
import { version } from "../version.ts";
import type { CliIo } from "./cli-io.ts";
import { addAnalyze } from "./commands/analyze.ts";
import { addApply } from "./commands/apply.ts";
import { addCompare } from "./commands/compare.ts";
import { addCount } from "./commands/count.ts";
import { addCountStream } from "./commands/count-stream.ts";
import { addDecode } from "./commands/decode.ts";
import { addEncode } from "./commands/encode.ts";
import { addEvaluate } from "./commands/evaluate.ts";
import { addExpand } from "./commands/expand.ts";
import { addInspect } from "./commands/inspect.ts";
import { addLanguages } from "./commands/languages.ts";
import { addSweep } from "./commands/sweep.ts";
import { addTokenizers } from "./commands/tokenizers.ts";
import { addTrain } from "./commands/train.ts";
import { addVerify } from "./commands/verify.ts";
import { reportError } from "./report-error.ts";

/** In the order of `vocab --help`. */
const COMMANDS: ReadonlyMap<string, (program: Command, io: CliIo) => void> = new Map([
  ["analyze", addAnalyze],
  ["compare", addCompare],
  ["count", addCount],
  ["train", addTrain],
  ["sweep", addSweep],
  ["expand", addExpand],
  ["apply", addApply],
  ["evaluate", addEvaluate],
  ["verify", addVerify],
  ["encode", addEncode],
  ["decode", addDecode],
  ["inspect", addInspect],
  ["tokenizers", addTokenizers],
  ["languages", addLanguages],
  ["count-stream", addCountStream],
]);

/** @returns the exit code */
export async function runCli(args: readonly string[], io: CliIo): Promise<number> {
  try {
    await createProgram(io).parseAsync(args.length === 0 ? ["--help"] : [...args], { from: "user" });
    return 0;
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportError(error, io);
    return error.exitCode === 0 ? 0 : reportError(wrongUsage(error, args), io);
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
  for (const add of COMMANDS.values()) add(program, io);
  return program;
}

// "error: unknown option '--lan'\n(Did you mean --lang?)"; "(outputHelp)" for the help of a command that is none.
function wrongUsage(error: CommanderError, [command = "", topic = ""]: readonly string[]): VocabError {
  const text = error.code === "commander.help" ? `unknown command '${topic}'` : error.message;
  const [, message = text, suggestion] = /^(?:error: )?(.*?)(?:\n\((.*)\))?$/s.exec(text) ?? [];
  const help = COMMANDS.has(command)
    ? `\`vocab ${command} --help\` lists its options`
    : "`vocab --help` lists the commands";
  const hint = suggestion === undefined ? help : `${suggestion.replace("Did", "did")} ${help}`;
  return new VocabError(error.code, message, { kind: "usage", hint });
}
