// `vocab compare`: parses the options, measures, saves and prints.

import { type Command, Option } from "commander";
import { VocabError } from "../../errors.ts";
import { canonicalJson } from "../../io/canonical-json.ts";
import { requireOutFolder } from "../../io/write-files.ts";
import { compare } from "../../pipeline/compare.ts";
import type { CompareOptions } from "../../pipeline/compare-options.ts";
import type { ComparisonResult } from "../../pipeline/comparison-result.ts";
import { comparisonCsv } from "../../reports/comparison-csv.ts";
import { comparisonMarkdown } from "../../reports/comparison-markdown.ts";
import { comparisonReport } from "../../reports/comparison-report.ts";
import { saveComparison } from "../../reports/save-comparison.ts";
import type { CliIo } from "../cli-io.ts";
import { hubOf } from "../hub-of.ts";
import { commaList, defaultWorkers, seedNumber, tokenizerIds, wordRule } from "../option-parsers.ts";
import { ProgressLine } from "../progress.ts";
import { addDocumentOptions, addFilterOptions } from "../text-options.ts";
import { tokenizersOf } from "../tokenizer-of.ts";

const FORMATS = ["table", "csv", "markdown", "json"] as const;
type Format = (typeof FORMATS)[number];

interface Options extends Omit<CompareOptions, "tokenizers" | "languages"> {
  readonly langs?: readonly string[];
  readonly tokenizer?: readonly string[];
  readonly format?: Format;
  readonly out?: string;
  readonly json?: boolean;
}

export function addCompare(program: Command, io: CliIo): void {
  const command = program
    .command("compare")
    .description("languages by tokenizers: fertility, the premium over a baseline, and the Gini coefficient")
    .option(
      "--langs <tag,…>",
      "languages (with --parallel the default is all that there are files of)",
      commaList,
    )
    .option(
      "--parallel <pattern>",
      "aligned files, {lang} in place of the tag: 'texts/{lang}.txt' (default: the embedded text, by article)",
    )
    .option("--corpus <glob...>", "texts that are not parallel: 'texts/{lang}/*.txt', or fa=GLOB")
    .option("--counts <dir...>", "folders that vocab count made, in place of texts that are not parallel")
    .option("--baseline <tag>", "language that premiums are over (default: en)")
    .option(
      "--tokenizer <id,…>",
      "known names, paths, or hf:org/name[@revision] (default: qwen3,llama3,gemma3)",
      tokenizerIds,
    )
    .option(
      "--sort <figure[:id]>",
      "premium, fertility, tokens, language, …, by the first tokenizer or by ID (default: as asked, else by tag)",
    )
    .option("--words <rule>", "what a word is: whitespace, uax29 or none (default: by script)", wordRule);
  addFilterOptions(addDocumentOptions(command))
    .option("--seed <n>", "seed of the sample and of the bootstrap (default: 0)", seedNumber)
    .addOption(new Option("--format <format>", "what to print (default: table)").choices(FORMATS))
    .option("--out <dir>", "also save comparison.json, comparison.csv and comparison.md there")
    .option("--json", "the same as --format json")
    .addHelpText(
      "after",
      "\nExample:\n  $ vocab compare --langs fa,en,am --tokenizer qwen3,gemma3 --sort premium",
    )
    .action((options: Options) => run(options, io));
}

async function run({ langs, tokenizer, format, out, json, ...options }: Options, io: CliIo): Promise<void> {
  const printed = formatOf(format, json);
  if (out !== undefined) await requireOutFolder(out);
  const progress = new ProgressLine(io.stderr);
  const result = await compare({
    workers: defaultWorkers(),
    ...options,
    hub: hubOf(io),
    languages: langs,
    tokenizers: tokenizer && (await tokenizersOf(tokenizer, io)),
    signal: io.signal,
    onProgress: (state) => progress.show(state),
  }).finally(() => progress.clear());
  await io.throwIfInterrupted();
  if (out !== undefined) await saveComparison(result, out);
  await io.write(rendered(result, printed, io));
}

function formatOf(format: Format | undefined, json: boolean | undefined): Format {
  if (json !== true) return format ?? "table";
  if (format === undefined || format === "json") return "json";
  throw new VocabError("two-formats", `--json and --format ${format} are two formats`, {
    kind: "usage",
    hint: "give one of them; --out saves JSON, CSV and Markdown together",
  });
}

function rendered(result: ComparisonResult, format: Format, io: CliIo): string {
  switch (format) {
    case "json":
      return canonicalJson(result);
    case "csv":
      return comparisonCsv(result);
    case "markdown":
      return comparisonMarkdown(result);
    case "table":
      return comparisonReport(result, { color: io.color });
  }
}
