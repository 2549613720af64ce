// `vocab decode`: lines of ids on stdin → text.

import type { Command } from "commander";
import { decode } from "../../pipeline/decode.ts";
import type { CliIo } from "../cli-io.ts";
import { tokenizerOf } from "../tokenizer-of.ts";

interface Options {
  readonly tokenizer: string;
  readonly json?: boolean;
}

export function addDecode(program: Command, io: CliIo): void {
  program
    .command("decode")
    .description("text of each line of token ids on stdin: numbers between spaces or commas, or a JSON array")
    .requiredOption("--tokenizer <id>", "known name, path, or hf:org/name[@revision]")
    .option("--json", "one JSON string a line: text may hold line ends")
    .addHelpText(
      "after",
      "\nExample:\n  $ echo 'سلام دنیا' | vocab encode --tokenizer qwen3 | vocab decode --tokenizer qwen3",
    )
    .action(async ({ tokenizer, json }: Options) => {
      const format = (text: string) => `${json === true ? JSON.stringify(text) : text}\n`;
      for await (const lines of decode(await tokenizerOf(tokenizer, io), io.input()))
        await io.write(lines.map(format).join(""));
    });
}
