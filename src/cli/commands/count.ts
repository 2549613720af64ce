// `vocab count`: parses the options, counts, prints what was counted.

import type { Command } from "commander";
import { canonicalJson } from "../../io/canonical-json.ts";
import { type CountOptions, count } from "../../pipeline/count.ts";
import { countReport } from "../../reports/count-report.ts";
import type { CliIo } from "../cli-io.ts";
import { hubOf } from "../hub-of.ts";
import { defaultWorkers } from "../option-parsers.ts";
import { ProgressLine } from "../progress.ts";
import {
  addDocumentOptions,
  addFilterOptions,
  addHoldOutOptions,
  orthographyOption,
} from "../text-options.ts";

interface Options extends CountOptions {
  readonly lang: string;
  readonly json?: boolean;
}

export function addCount(program: Command, io: CliIo): void {
  const command = program
    .command("count")
    .description("count the segments of a corpus once; other commands take the counts in its place")
    .requiredOption("--lang <tag>", "language of the text, as a BCP 47 tag: fa, az-Arab")
    .option("--corpus <glob...>", "text files (default: those under corpora/<lang>/)")
    .requiredOption("--out <dir>", "folder for counts.json and segments.bin");
  addFilterOptions(addDocumentOptions(addHoldOutOptions(command)))
    .addOption(orthographyOption("spell the text as the language does: fa, Persian yeh and kaf"))
    .option("--json", "print counts.json, and what the run took")
    .addHelpText(
      "after",
      "\nExample:\n  $ vocab count --lang fa --corpus 'texts/**/*.txt.gz' --out counts/fa",
    )
    .action((options: Options) => run(options, io));
}

async function run({ lang, json, ...options }: Options, io: CliIo): Promise<void> {
  const progress = new ProgressLine(io.stderr);
  const result = await count(lang, {
    workers: defaultWorkers(),
    ...options,
    hub: hubOf(io),
    signal: io.signal,
    onProgress: (state) => progress.show(state),
  }).finally(() => progress.clear());
  await io.write(
    json === true ? canonicalJson(result) : countReport(result, options.out, { color: io.color }),
  );
}
