// `vocab inspect`: why a word costs what it costs.

import type { Command } from "commander";
import { canonicalJson } from "../../io/canonical-json.ts";
import { inspect } from "../../pipeline/inspect.ts";
import { inspectionReport } from "../../reports/inspection-report.ts";
import type { CliIo } from "../cli-io.ts";
import { tokenizerOf } from "../tokenizer-of.ts";

interface Options {
  readonly tokenizer: string;
  readonly json?: boolean;
}

export function addInspect(program: Command, io: CliIo): void {
  program
    .command("inspect")
    .description("why a text costs what it costs: its pre-tokens, merges step by step, and bytes")
    .argument("<text>", "a word or a sentence")
    .requiredOption("--tokenizer <id>", "known name, path, or hf:org/name[@revision]")
    .option("--json", "print the result as JSON")
    .addHelpText("after", "\nExample:\n  $ vocab inspect --tokenizer qwen3 ' می‌روم'")
    .action(async (text: string, { tokenizer, json }: Options) => {
      const result = inspect(await tokenizerOf(tokenizer, io), text);
      await io.write(json === true ? canonicalJson(result) : inspectionReport(result, { color: io.color }));
    });
}
