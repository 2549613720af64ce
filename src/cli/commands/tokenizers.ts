// `vocab tokenizers`: what is known of the tokenizers known by name.

import type { Command } from "commander";
import { canonicalJson } from "../../io/canonical-json.ts";
import { listTokenizers } from "../../pipeline/tokenizers.ts";
import { tokenizerDetailsReport } from "../../reports/tokenizer-details.ts";
import { tokenizersReport } from "../../reports/tokenizers-report.ts";
import type { CliIo } from "../cli-io.ts";

interface Options {
  readonly all?: boolean;
  readonly json?: boolean;
}

export function addTokenizers(program: Command, io: CliIo): void {
  program
    .command("tokenizers")
    .description("the tokenizers known by name: vocabulary, embedding rows, licence, where they come from")
    .argument("[id]", "the details of one, by its name or by that of a model")
    .option("--all", "the details of all of them")
    .option("--json", "print them as JSON")
    .addHelpText("after", "\nExample:\n  $ vocab tokenizers llama3")
    .action(async (id: string | undefined, { all, json }: Options) => {
      const list = listTokenizers(id);
      const report = id !== undefined || all === true ? tokenizerDetailsReport : tokenizersReport;
      await io.write(json === true ? canonicalJson(list) : report(list, { color: io.color }));
    });
}
