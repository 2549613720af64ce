// `vocab tokenizers`: what is known of the tokenizers known by name.

import type { Command } from "commander";
import { canonicalJson } from "../../io/canonical-json.ts";
import { listTokenizers } from "../../pipeline/tokenizers.ts";
import { tokenizersReport } from "../../reports/tokenizers-report.ts";
import type { CliIo } from "../cli-io.ts";

export function addTokenizers(program: Command, io: CliIo): void {
  program
    .command("tokenizers")
    .description("the tokenizers known by name: vocabulary, embedding rows, licence, where they come from")
    .option("--json", "print them as JSON")
    .addHelpText("after", "\nExample:\n  $ vocab tokenizers --json")
    .action(async ({ json }: { readonly json?: boolean }) => {
      const list = listTokenizers();
      await io.write(json === true ? canonicalJson(list) : tokenizersReport(list, { color: io.color }));
    });
}
