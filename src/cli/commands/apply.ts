// `vocab apply`: parses the options, applies the expansion, prints what was done or would be.

import type { Command } from "commander";
import { canonicalJson } from "../../io/canonical-json.ts";
import { type ApplyOptions, apply } from "../../pipeline/apply.ts";
import { applicationReport } from "../../reports/application-report.ts";
import type { CliIo } from "../cli-io.ts";
import { ProgressLine } from "../progress.ts";

interface Options extends ApplyOptions {
  readonly json?: boolean;
}

export function addApply(program: Command, io: CliIo): void {
  program
    .command("apply")
    .description("give a checkpoint the rows that an expanded tokenizer needs, and write it as a new one")
    .requiredOption("--expansion <dir>", "folder that vocab expand wrote")
    .requiredOption("--checkpoint <dir>", "folder of the base model: config.json and *.safetensors")
    .requiredOption("--out <dir>", "folder to write; an earlier one of vocab apply's is replaced")
    .option("--embedding <name>", "tensor that is the embedding matrix (default: found by its name)", oneMore)
    .option("--head <name>", "tensor that is the head (default: found by its name)", oneMore)
    .option("--vectors <file>", "safetensors file of learned rows, which win over the plan's weights")
    .option("--dry-run", "say what would change, and write nothing")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ vocab apply --expansion qwen3-fa --checkpoint Qwen3-0.6B --out Qwen3-0.6B-fa",
    )
    .action((options: Options) => run(options, io));
}

// Names hold dots and no commas, but nothing forbids those.
function oneMore(typed: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), typed];
}

async function run({ json, ...options }: Options, io: CliIo): Promise<void> {
  const progress = new ProgressLine(io.stderr);
  const result = await apply({
    ...options,
    signal: io.signal,
    onProgress: (state) => progress.show(state),
  }).finally(() => progress.clear());
  await io.write(json === true ? canonicalJson(result) : applicationReport(result, { color: io.color }));
}
