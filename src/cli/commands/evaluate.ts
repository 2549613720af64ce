// `vocab evaluate`: parses the options, runs the models, prints bits per byte.

import { type Command, Option } from "commander";
import { canonicalJson } from "../../io/canonical-json.ts";
import { type EvaluateOptions, evaluate } from "../../pipeline/evaluate.ts";
import { evaluationReport } from "../../reports/evaluation-report.ts";
import type { CliIo } from "../cli-io.ts";
import { hubOf } from "../hub-of.ts";
import { defaultWorkers, seedNumber, wholeNumber } from "../option-parsers.ts";
import { ProgressLine } from "../progress.ts";
import { addDocumentOptions, addFilterOptions } from "../text-options.ts";

interface Options extends EvaluateOptions {
  readonly model: readonly string[];
  readonly json?: boolean;
}

/** Longer ones than any model is made for. */
const MAX_WINDOW = 2 ** 24;

export function addEvaluate(program: Command, io: CliIo): void {
  const command = program
    .command("evaluate")
    .description("bits per byte of causal models over held-out text: before and after an expansion")
    .requiredOption("--model <dir...>", "folders of models, the one to compare with first")
    .option("--corpus <glob...>", "held-out text files, or …")
    .option("--lang <tag>", "… the language: files under corpora/<lang>/, else the embedded text")
    .option("--python <path>", "Python with torch and transformers (default: python3)")
    .option("--window <n>", "tokens that a model sees at once (default: 1024)", wholeNumber(2, MAX_WINDOW))
    .option("--stride <n>", "tokens that a further window adds (default: half)", wholeNumber(1, MAX_WINDOW))
    .option(
      "--batch-tokens <n>",
      "tokens of one forward pass (default: one window)",
      wholeNumber(1, 2 ** 31 - 1),
    )
    .addOption(
      new Option("--device <name>", "where torch runs (default: auto)").choices(["auto", "cpu", "cuda"]),
    )
    .addOption(
      new Option("--dtype <name>", "numbers (default: auto, float32 on a CPU, else as stored)").choices([
        "auto",
        "float32",
        "float16",
        "bfloat16",
      ]),
    )
    .option("--start-token <name>", "token before every window (default: BOS, else EOS)")
    .option("--threads <n>", "threads of torch on a CPU (default: its own choice)", wholeNumber(1, 4096));
  addFilterOptions(addDocumentOptions(command))
    .option("--seed <n>", "seed of samples and of the bootstrap (default: 0)", seedNumber)
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ vocab evaluate --model Qwen3-0.6B Qwen3-0.6B-fa --corpus held-out.txt --python env/bin/python",
    )
    .action((options: Options) => run(options, io));
}

async function run({ model, json, ...options }: Options, io: CliIo): Promise<void> {
  const progress = new ProgressLine(io.stderr);
  const result = await evaluate(model, {
    workers: defaultWorkers(),
    ...options,
    hub: hubOf(io),
    signal: io.signal,
    onProgress: (state) => progress.show(state),
  }).finally(() => progress.clear());
  await io.write(json === true ? canonicalJson(result) : evaluationReport(result, { color: io.color }));
}
