// GGUF files of llama.cpp: the tokenizer stands in the metadata. The model behind them is never read.

import type { TokenizerFormat } from "./format.ts";
import { ggufDefinition } from "./gguf-definition.ts";
import { readGgufMetadata } from "./read-gguf.ts";

export const ggufFormat: TokenizerFormat = {
  name: "GGUF",
  fileNames: ["*.gguf"],
  recognizes: (head) => head.subarray(0, 4).toString("latin1") === "GGUF",
  parse: ({ path, name }) => ggufDefinition(readGgufMetadata(path, name)),
};
