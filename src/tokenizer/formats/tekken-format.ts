// Mistral's tekken.json: tiktoken ranks behind 1,000 special tokens, which are never matched in text.

import type { TokenizerFormat } from "./format.ts";
import { readTekken } from "./read-tekken.ts";
import { rankedDefinition } from "./tiktoken-definition.ts";

export const tekkenFormat: TokenizerFormat = {
  name: "tekken.json",
  fileNames: ["tekken.json"],
  recognizes: (head) => /^\s*\{\s*"config"\s*:\s*\{/.test(head.toString("utf8")),
  parse: ({ bytes, name }) => {
    const { tokens, pattern, specialTokens, vocabSize } = readTekken(bytes(), name);
    const definition = rankedDefinition(
      { tokens, firstId: specialTokens.length, pattern, specialTokens: [] },
      name,
    );
    const spelt = [...definition.model.tokens];
    for (const { id, text } of specialTokens) spelt[id] = text;
    return { ...definition, model: { ...definition.model, tokens: spelt }, vocabSize };
  },
};
