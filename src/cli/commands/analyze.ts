// `vocab analyze`: parses the options, measures, saves and prints.

import type { Command } from "commander";
import { canonicalJson } from "../../io/canonical-json.ts";
import { requireOutFolder } from "../../io/write-files.ts";
import type { AnalyzeOptions } from "../../pipeline/analyze.ts";
import { analyze } from "../../pipeline/analyze.ts";
import { analysisReport } from "../../reports/analysis-report.ts";
import { saveAnalysis } from "../../reports/save-analysis.ts";
import type { CliIo } from "../cli-io.ts";
import { hubOf } from "../hub-of.ts";
import { defaultWorkers, seedNumber, tokenizerIds, wordRule } from "../option-parsers.ts";
import { ProgressLine } from "../progress.ts";
import { addDocumentOptions, addFilterOptions, orthographyOption } from "../text-options.ts";
import { tokenizersOf } from "../tokenizer-of.ts";

interface Options extends Omit<AnalyzeOptions, "tokenizers"> {
  readonly lang: string;
  readonly tokenizer?: readonly string[];
  readonly out?: string;
  readonly json?: boolean;
}

export function addAnalyze(program: Command, io: CliIo): void {
  const command = program
    .command("analyze")
    .description("exact fertility of a language under one or more tokenizers, and what goes with it")
    .requiredOption("--lang <tag>", "language of the text, as a BCP 47 tag: fa, az-Arab")
    .option(
      "--tokenizer <id,…>",
      "known names, paths, or hf:org/name[@revision] (default: qwen3,llama3,gemma3)",
      tokenizerIds,
    )
    .option("--corpus <glob...>", "text files (default: those under corpora/<lang>/, else the embedded text)")
    .option("--counts <dir...>", "folders that vocab count made, in place of a corpus")
    .option(
      "--words <rule>",
      "what a word is: whitespace, uax29, gold (of .conllu files) or none (default: gold where all files are .conllu, else by script)",
      wordRule,
    );
  addFilterOptions(addDocumentOptions(command))
    .addOption(
      orthographyOption("measure beside it the text as spelt so: fa, Persian yeh and kaf, no needless ZWNJ"),
    )
    .option("--seed <n>", "seed of the sample and of the bootstrap (default: 0)", seedNumber)
    .option("--out <dir>", "also save analysis.json and analysis.md there")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ vocab analyze --lang fa --tokenizer qwen3,gemma3 --corpus 'texts/**/*.txt.gz'",
    )
    .action((options: Options) => run(options, io));
}

async function run({ lang, tokenizer, out, json, ...options }: Options, io: CliIo): Promise<void> {
  if (out !== undefined) await requireOutFolder(out);
  const progress = new ProgressLine(io.stderr);
  const result = await analyze(lang, {
    workers: defaultWorkers(),
    ...options,
    hub: hubOf(io),
    tokenizers: tokenizer && (await tokenizersOf(tokenizer, io)),
    signal: io.signal,
    onProgress: (state) => progress.show(state),
  }).finally(() => progress.clear());
  await io.throwIfInterrupted();
  if (out !== undefined) await saveAnalysis(result, out);
  await io.write(json === true ? canonicalJson(result) : analysisReport(result, { color: io.color }));
}
