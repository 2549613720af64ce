// `vocab expand`: parses the options, expands, prints what came of it.

import { type Command, InvalidArgumentError, Option } from "commander";
import { PLAN_METHODS } from "../../embeddings/methods.ts";
import { canonicalJson } from "../../io/canonical-json.ts";
import { type ExpandOptions, expand } from "../../pipeline/expand.ts";
import { expansionReport } from "../../reports/expansion-report.ts";
import type { CliIo } from "../cli-io.ts";
import { defaultWorkers, documentBytes, seedNumber, wholeNumber, workerCount } from "../option-parsers.ts";
import { ProgressLine } from "../progress.ts";

interface Options extends ExpandOptions {
  readonly lang: string;
  readonly json?: boolean;
}

/** Ids are 32-bit numbers in every format; models have far fewer rows. */
const MAX_IDS = 2 ** 24;
const rowCount = wholeNumber(1, MAX_IDS);

export function addExpand(program: Command, io: CliIo): void {
  const command = program
    .command("expand")
    .description(
      "add tokens for a language to a tokenizer, and write it with all that a model needs for them",
    )
    .requiredOption("--base <id>", "tokenizer to expand: a known name, or the path of a tokenizer.json")
    .requiredOption("--lang <tag>", "language of the text, as a BCP 47 tag: fa, az-Arab")
    .requiredOption("--add <n>", "new tokens, or auto: as many as `vocab sweep` recommends", tokenCount)
    .requiredOption("--out <dir>", "folder to write; an earlier one of vocab's is replaced");
  addTextOptions(command);
  command
    .option("--candidates <file>", "take the tokens from this file of `vocab train`")
    .option("--cover-characters", "single characters that the base spells in bytes become tokens")
    .option("--no-cover-characters", "they do not (default: they do where the base has byte tokens)")
    .addOption(
      new Option("--relax-pre-tokenizer <what>", "let words hold combining marks").choices(["marks"]),
    )
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
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ vocab expand --base qwen3 --lang fa --corpus 'texts/**/*.txt' --add 8000 --out qwen3-fa",
    )
    .action((options: Options) => run(options, io));
}

function addTextOptions(command: Command): void {
  command
    .option(
      "--corpus <glob...>",
      "text to learn from (default: files under corpora/<lang>/, else the embedded text)",
    )
    .option("--counts <dir...>", "folders of `vocab count`, in place of a corpus")
    .option("--held-out <glob...>", "text to judge by (default: a part of the corpus)")
    .option("--protect <glob...>", "text that the new tokens must leave as it is")
    .option("--panel <glob...>", "text of other languages that is reported on (default: embedded text, code)")
    .addOption(
      new Option("--unit <unit>", "what a document of a file is (default: line; record for .jsonl)").choices([
        "line",
        "file",
        "record",
      ]),
    )
    .option("--text-field <name>", "field of a JSON record that holds the text (default: text)")
    .addOption(
      new Option("--on-invalid <policy>", "what to do with invalid UTF-8 (default: error)").choices([
        "error",
        "replace",
        "skip",
      ]),
    )
    .option("--max-document-bytes <n>", "refuse longer documents; 64M, 1G (default: 256M)", documentBytes)
    .option("--workers <n>", "threads that count (default: the cores)", workerCount)
    .option("--seed <n>", "seed of the choice of held-out documents (default: 0)", seedNumber);
}

function tokenCount(typed: string): number | "auto" {
  if (typed === "auto") return typed;
  if (/^\d+$/.test(typed) && Number(typed) >= 1 && Number(typed) <= MAX_IDS) return Number(typed);
  throw new InvalidArgumentError(`Expected a whole number from 1 to ${MAX_IDS}, or auto.`);
}

async function run({ lang, json, ...options }: Options, io: CliIo): Promise<void> {
  const progress = new ProgressLine(io.stderr);
  const result = await expand(lang, {
    workers: defaultWorkers(),
    ...options,
    signal: io.signal,
    onProgress: (state) => progress.show(state),
  }).finally(() => progress.clear());
  await io.throwIfInterrupted();
  await io.write(json === true ? canonicalJson(result) : expansionReport(result, { color: io.color }));
}
