// `vocab encode`: lines of stdin → lines of ids.

import type { Command } from "commander";
import { encode } from "../../pipeline/encode.ts";
import type { CliIo } from "../cli-io.ts";
import { tokenizerOf } from "../tokenizer-of.ts";

interface Options {
  readonly tokenizer: string;
  readonly json?: boolean;
}

export function addEncode(program: Command, io: CliIo): void {
  program
    .command("encode")
    .description("token ids of each line of stdin, without special tokens added")
    .requiredOption("--tokenizer <id>", "known name, path, or hf:org/name[@revision]")
    .option("--json", "one JSON array a line")
    .addHelpText("after", "\nExample:\n  $ echo 'سلام دنیا' | vocab encode --tokenizer qwen3")
    .action(async ({ tokenizer, json }: Options) => {
      const format = (ids: readonly number[]) =>
        json === true ? `[${ids.join(",")}]\n` : `${ids.join(" ")}\n`;
      for await (const lines of encode(await tokenizerOf(tokenizer, io), io.input()))
        await io.write(lines.map(format).join(""));
    });
}
