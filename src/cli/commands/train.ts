// `vocab train`: parses the options, trains, saves the candidates, prints what was learned.

import type { Command } from "commander";
import { VocabError } from "../../errors.ts";
import { canonicalJson } from "../../io/canonical-json.ts";
import { type TrainOptions, train } from "../../pipeline/train.ts";
import { readWordLists } from "../../pipeline/word-lists.ts";
import { requireCandidatesFile, saveCandidates } from "../../reports/save-candidates.ts";
import { trainReport } from "../../reports/train-report.ts";
import type { CliIo } from "../cli-io.ts";
import { hubOf } from "../hub-of.ts";
import { defaultWorkers, wholeNumber } from "../option-parsers.ts";
import { ProgressLine } from "../progress.ts";
import { addConstraintOptions, addFromNothingOptions, addTrainingTextOptions } from "../text-options.ts";
import { tokenizerOf } from "../tokenizer-of.ts";

interface Options extends Omit<TrainOptions, "base"> {
  readonly base: string;
  readonly lang: readonly string[];
  readonly out?: string;
  readonly json?: boolean;
}

export function addTrain(program: Command, io: CliIo): void {
  const command = program
    .command("train")
    .description("learn tokens that a base lacks, in the order of what they save")
    .requiredOption("--add <n>", "new tokens, at most", wholeNumber(1, 10_000_000));
  addConstraintOptions(addFromNothingOptions(addTrainingTextOptions(command)))
    .option("--out <file>", "candidates as JSON; beside it as text (needed without --json)")
    .option("--json", "print the candidates as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ vocab train --base qwen3 --lang fa --corpus 'texts/**/*.txt' --add 8000 --out fa.json",
    )
    .action((options: Options) => run(options, io));
}

async function run({ lang, out, json, ...options }: Options, io: CliIo): Promise<void> {
  if (out === undefined && json !== true)
    throw new VocabError("no-out", "where should the candidates go?", {
      kind: "usage",
      hint: "--out FILE, or --json",
    });
  if (out !== undefined) await requireCandidatesFile(out);
  const [include, exclude] = await wordLists(options);
  const progress = new ProgressLine(io.stderr);
  const result = await train(lang, {
    workers: defaultWorkers(),
    ...options,
    hub: hubOf(io),
    base: await tokenizerOf(options.base, io),
    include,
    exclude,
    signal: io.signal,
    onProgress: (state) => progress.show(state),
  }).finally(() => progress.clear());
  await io.throwIfInterrupted();
  const saved = out === undefined ? [] : await saveCandidates(result, out);
  await io.write(json === true ? canonicalJson(result) : trainReport(result, saved, { color: io.color }));
}

/** The words of `--include` and of `--exclude`, which name files. */
export function wordLists({
  include,
  exclude,
}: Pick<TrainOptions, "include" | "exclude">): Promise<(string[] | undefined)[]> {
  return Promise.all(
    [include, exclude].map((paths) => (paths === undefined ? undefined : readWordLists(paths))),
  );
}
