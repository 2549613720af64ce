// `vocab expand`: parses the options, expands, prints what came of it.

import { type Command, Option } from "commander";
import { PLAN_METHODS } from "../../embeddings/methods.ts";
import { canonicalJson } from "../../io/canonical-json.ts";
import { type ExpandOptions, expand } from "../../pipeline/expand.ts";
import { expansionReport } from "../../reports/expansion-report.ts";
import type { CliIo } from "../cli-io.ts";
import { hubOf } from "../hub-of.ts";
import { defaultWorkers, wholeNumber } from "../option-parsers.ts";
import { ProgressLine } from "../progress.ts";
import { addConstraintOptions, addTrainingTextOptions } from "../text-options.ts";
import { tokenizerOf } from "../tokenizer-of.ts";
import { wordLists } from "./train.ts";
import { budget } from "./verify.ts";

interface Options extends Omit<ExpandOptions, "base" | "budgets"> {
  readonly base: string;
  readonly lang: readonly string[];
  readonly budget?: Readonly<Record<string, number>>;
  readonly json?: boolean;
}

const MAX_ADD = 10_000_000;
const rowCount = wholeNumber(1, MAX_ADD);

export function addExpand(program: Command, io: CliIo): void {
  const command = program
    .command("expand")
    .description("add tokens for a language to a tokenizer, and write all that a model needs for them")
    .requiredOption("--out <dir>", "folder to write; an earlier one of vocab's is replaced")
    .option("--add <n>", "new tokens, at most; auto: as many as vocab sweep recommends", tokenCount);
  addExpansionOptions(addConstraintOptions(addTrainingTextOptions(command)))
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ vocab expand --base qwen3 --lang fa --corpus 'texts/**/*.txt' --add 8000 --out qwen3-fa",
    )
    .action((options: Options) => run(options, io));
}

function addExpansionOptions(command: Command): Command {
  return command
    .option("--max <n>", "with --add auto: at most so many (default: 20000)", rowCount)
    .option("--model <name>", "with --add auto: the model whose cost decides (default: the smallest)")
    .option("--candidates <file>", "take the tokens from this file of vocab train")
    .addOption(
      new Option("--placement <where>", "where the new rows go (default: append)").choices([
        "append",
        "fill-padding",
      ]),
    )
    .option("--embedding-rows <n>", "rows of the base model's embedding matrix", rowCount)
    .option("--pad-to <n>", "make the rows a multiple of this", rowCount)
    .addOption(
      new Option("--method <name>", "what new rows start from (default: mean)").choices([...PLAN_METHODS]),
    )
    .addOption(
      new Option("--relax-pre-tokenizer <what>", "let words hold combining marks").choices(["marks"]),
    )
    .option("--panel <glob...>", "text of other languages to report on (default: embedded text, code)")
    .option(
      "--budget <name=percent>",
      "documents of a panel text that may change (default: en=0, code=0)",
      budget,
    );
}

function tokenCount(typed: string): number | "auto" {
  return typed === "auto" ? typed : rowCount(typed);
}

async function run({ lang, budget: budgets, json, ...options }: Options, io: CliIo): Promise<void> {
  const [include, exclude] = await wordLists(options);
  const progress = new ProgressLine(io.stderr);
  const result = await expand(lang, {
    workers: defaultWorkers(),
    ...options,
    hub: hubOf(io),
    base: await tokenizerOf(options.base, io),
    include,
    exclude,
    budgets,
    signal: io.signal,
    onProgress: (state) => progress.show(state),
  }).finally(() => progress.clear());
  await io.throwIfInterrupted();
  await io.write(json === true ? canonicalJson(result) : expansionReport(result, { color: io.color }));
}
