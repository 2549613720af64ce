// `vocab sweep`: parses the options, sweeps, prints the steps and the recommendation.

import type { Command } from "commander";
import { canonicalJson } from "../../io/canonical-json.ts";
import { requireOutFolder } from "../../io/write-files.ts";
import { type SweepOptions, sweep } from "../../pipeline/sweep.ts";
import { saveSweep } from "../../reports/save-sweep.ts";
import { sweepReport } from "../../reports/sweep-report.ts";
import type { CliIo } from "../cli-io.ts";
import { hubOf } from "../hub-of.ts";
import { defaultWorkers, textWordRule, wholeNumber } from "../option-parsers.ts";
import { ProgressLine } from "../progress.ts";
import { addConstraintOptions, addFromNothingOptions, addTrainingTextOptions } from "../text-options.ts";
import { tokenizerOf } from "../tokenizer-of.ts";
import { wordLists } from "./train.ts";

interface Options extends Omit<SweepOptions, "base" | "wordRule"> {
  readonly base: string;
  readonly lang: readonly string[];
  readonly words?: SweepOptions["wordRule"];
  readonly out?: string;
  readonly json?: boolean;
}

export function addSweep(program: Command, io: CliIo): void {
  const command = program
    .command("sweep")
    .description("how many tokens to add: one training run, judged by text that it did not see")
    .requiredOption("--max <n>", "new tokens at the last step, at most", wholeNumber(1, 10_000_000));
  addConstraintOptions(addFromNothingOptions(addTrainingTextOptions(command)))
    .option("--words <rule>", "what a word is: whitespace, uax29 or none (default: by script)", textWordRule)
    .option("--model <name>", "the model whose cost decides (default: the smallest with this tokenizer)")
    .option("--out <dir>", "also save sweep.json and sweep.md there")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ vocab sweep --base qwen3 --lang fa --corpus 'texts/**/*.txt' --max 32000",
    )
    .action((options: Options) => run(options, io));
}

async function run({ lang, words, out, json, ...options }: Options, io: CliIo): Promise<void> {
  if (out !== undefined) await requireOutFolder(out);
  const [include, exclude] = await wordLists(options);
  const progress = new ProgressLine(io.stderr);
  const result = await sweep(lang, {
    workers: defaultWorkers(),
    ...options,
    hub: hubOf(io),
    base: await tokenizerOf(options.base, io),
    wordRule: words,
    include,
    exclude,
    signal: io.signal,
    onProgress: (state) => progress.show(state),
  }).finally(() => progress.clear());
  await io.throwIfInterrupted();
  if (out !== undefined) await saveSweep(result, out);
  await io.write(json === true ? canonicalJson(result) : sweepReport(result, { color: io.color }));
}
