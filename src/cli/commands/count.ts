// `vocab count`: parses the options, counts or adds up counts, prints what was counted.

import type { Command } from "commander";
import { VocabError } from "../../errors.ts";
import { canonicalJson } from "../../io/canonical-json.ts";
import { type CountOptions, count } from "../../pipeline/count.ts";
import { mergeCountFolders } from "../../pipeline/merge-counts.ts";
import { countReport } from "../../reports/count-report.ts";
import type { CliIo } from "../cli-io.ts";
import { hubOf } from "../hub-of.ts";
import { defaultMemory, defaultWorkers, documentBytes, memoryBytes, wholeNumber } from "../option-parsers.ts";
import { ProgressLine } from "../progress.ts";
import {
  addDocumentOptions,
  addFilterOptions,
  addHoldOutOptions,
  orthographyOption,
} from "../text-options.ts";

interface Options extends Omit<CountOptions, "memoryBytes" | "commitBytes"> {
  readonly lang?: string;
  readonly counts?: readonly string[];
  readonly memory?: number;
  readonly checkpoint?: number;
  readonly json?: boolean;
}

export function addCount(program: Command, io: CliIo): void {
  const command = program
    .command("count")
    .description("count the segments of a corpus once; other commands take the counts in its place")
    .option("--lang <tag>", "language of the text, as a BCP 47 tag: fa, az-Arab (default: that of --counts)")
    .option("--corpus <glob...>", "text files (default: those under corpora/<lang>/)")
    .option("--counts <dir...>", "add up folders that vocab count made, in place of a corpus")
    .requiredOption("--out <dir>", "folder for counts.json and its Parquet tables");
  addFilterOptions(addDocumentOptions(addHoldOutOptions(command)))
    .addOption(
      orthographyOption("spell the text as the language does: fa, Persian yeh and kaf, no needless ZWNJ"),
    )
    .option(
      "--min-count <n>",
      "leave out rarer segments, and say how many (default: 1)",
      wholeNumber(1, 2 ** 40),
    )
    .option(
      "--memory <bytes>",
      "memory for counting; the rest goes to the disk (default: a quarter, at most 2G)",
      memoryBytes,
    )
    .option("--restart", "begin anew, where a count that was killed would go on")
    .option(
      "--checkpoint <bytes>",
      "text after which a thread saves what it has (default: by time)",
      documentBytes,
    )
    .option("--skip-bad-files", "leave out files that cannot be read to their end, and list them")
    .option("--json", "print counts.json, and what the run took")
    .addHelpText(
      "after",
      "\nExample:\n  $ vocab count --lang fa --corpus 'texts/**/*.txt.gz' --out counts/fa",
    )
    .action((options: Options) => run(options, io));
}

async function run({ json, ...options }: Options, io: CliIo): Promise<void> {
  const progress = new ProgressLine(io.stderr);
  const result = await counted(options, io, progress).finally(() => progress.clear());
  await io.write(
    json === true ? canonicalJson(result) : countReport(result, options.out, { color: io.color }),
  );
}

function counted(
  { lang, counts, memory, checkpoint, workers, ...options }: Options,
  io: CliIo,
  progress: ProgressLine,
) {
  const { signal } = io;
  if (counts !== undefined) return mergeCountFolders(lang, counts, { ...options, signal });
  if (lang === undefined) throw noLanguage();
  return count(lang, {
    ...options,
    hub: hubOf(io),
    workers: workers ?? defaultWorkers(),
    memoryBytes: memory ?? defaultMemory(),
    commitBytes: checkpoint,
    signal,
    onProgress: (state) => progress.show(state),
    onResume: () => void io.stderr.write("vocab: going on with an unfinished count\n"),
  });
}

function noLanguage(): VocabError {
  return new VocabError("no-language", "required option '--lang <tag>' not specified", {
    kind: "usage",
    hint: "--lang fa, the language of the corpus; `vocab count --help` lists the options",
  });
}
