// tokenizer.json of Hugging Face's tokenizers library.

import { parseTokenizerJson } from "../parse-tokenizer-json.ts";
import type { TokenizerFormat } from "./format.ts";

export const tokenizerJsonFormat: TokenizerFormat = {
  name: "tokenizer.json",
  fileNames: ["tokenizer.json"],
  recognizes: (head) => /^\uFEFF?\s*\{/.test(head.toString("utf8")),
  parse: ({ bytes, name }) => parseTokenizerJson(bytes().toString("utf8"), name),
};
