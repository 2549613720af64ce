// `vocab count-stream`: documents on stdin → rows of counts on stdout, for programs that add them up.

import { type Command, Option } from "commander";
import { type CountStreamOptions, countStream, type StreamFormat } from "../../pipeline/count-stream.ts";
import { manifestOfStream } from "../../pipeline/counts-of-stream.ts";
import type { CliIo } from "../cli-io.ts";
import { addHoldOutOptions, addTextOptions } from "../text-options.ts";

interface Options extends CountStreamOptions {
  readonly manifest?: string;
}

const FORMATS: readonly StreamFormat[] = ["documents", "text", "jsonl"];

export function addCountStream(program: Command, io: CliIo): void {
  const command = program
    .command("count-stream")
    .description("count documents of a pipe, each behind its length: what spark/count_segments.py runs")
    .addOption(new Option("--format <format>", "what an item is (default: documents)").choices(FORMATS))
    .option("--manifest <lang>", "count nothing: figures of the tables on stdin, counts.json on stdout");
  addHoldOutOptions(addTextOptions(command))
    .addHelpText("after", "\nExample:\n  $ spark-submit spark/count_segments.py --lang fa --out counts/fa …")
    .action(({ manifest, ...options }: Options) =>
      manifest === undefined ? run(options, io) : writeManifest(manifest, options, io),
    );
}

async function run(options: CountStreamOptions, io: CliIo): Promise<void> {
  for await (const rows of countStream(io.input(), options)) await io.write(rows);
}

async function writeManifest(lang: string, options: CountStreamOptions, io: CliIo): Promise<void> {
  const pieces: Uint8Array[] = [];
  for await (const piece of io.input()) pieces.push(piece);
  await io.write(manifestOfStream(lang, Buffer.concat(pieces).toString("utf8"), options));
}
