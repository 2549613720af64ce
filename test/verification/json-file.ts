// A tokenizer.json in memory, as a verification is given it.

import type { TokenizerFile } from "../../src/verification/evidence.ts";

export function jsonFile(source: string, text: string): TokenizerFile {
  return { source, file: { format: "tokenizer.json", name: "tokenizer.json", text } };
}
