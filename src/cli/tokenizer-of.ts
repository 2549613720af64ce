// What stands for a tokenizer on the command line: names and paths are found by the verbs, `hf:` ids are fetched here,
// since only the command line reads the environment.

import { hubEnvironment } from "../io/hub-environment.ts";
import { hubTokenizer } from "../tokenizer/hub-tokenizer.ts";
import type { TokenizerId } from "../tokenizer/load-tokenizer.ts";
import type { CliIo } from "./cli-io.ts";
import { ProgressLine } from "./progress.ts";

/** @throws VocabError `hub-…` (docs/hub.md) */
export async function tokenizerOf(id: string, io: CliIo): Promise<TokenizerId> {
  if (!id.startsWith("hf:")) return id;
  const progress = new ProgressLine(io.stderr);
  try {
    return await hubTokenizer(id, {
      environment: hubEnvironment(io.env),
      signal: io.signal,
      onProgress: ({ bytes, totalBytes }) => progress.show({ phase: "fetching", bytes, totalBytes }),
    });
  } finally {
    progress.clear();
  }
}

/** Of a list, one after another. */
export async function tokenizersOf(ids: readonly string[], io: CliIo): Promise<TokenizerId[]> {
  const found: TokenizerId[] = [];
  for (const id of ids) found.push(await tokenizerOf(id, io));
  return found;
}
