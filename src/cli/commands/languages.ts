// `vocab languages`: what is known of languages.

import type { Command } from "commander";
import { canonicalJson } from "../../io/canonical-json.ts";
import { findLanguages } from "../../pipeline/languages.ts";
import { languagesReport } from "../../reports/languages-report.ts";
import type { CliIo } from "../cli-io.ts";

export function addLanguages(program: Command, io: CliIo): void {
  program
    .command("languages")
    .description("the languages known: script, direction, word rule, embedded text")
    .argument("[filter]", "a tag, or a part of a name or of a script's name")
    .option("--json", "print them as JSON")
    .addHelpText("after", "\nExample:\n  $ vocab languages arabic")
    .action(async (filter: string | undefined, { json }: { readonly json?: boolean }) => {
      const list = findLanguages(filter);
      await io.write(json === true ? canonicalJson(list) : languagesReport(list, { color: io.color }));
    });
}
