// Grok-1 and Grok-2.

import { OPEN_WEIGHT, type TokenizerFamily } from "./known-tokenizer.ts";
import { APACHE_2, GROK_2 } from "./licences.ts";

export const GROK: TokenizerFamily = {
  tokenizers: [
    {
      id: "grok-2",
      name: "Grok-2",
      family: "Grok",
      maker: "xAI",
      embeddingRows: { "270B": 131_072 },
      licence: GROK_2,
      ...OPEN_WEIGHT,
      hubId: "xai-org/grok-2",
      obtained: { kind: "hub" },
      verified: "format-only",
      note: "The repository is said to hold its tokenizer in a format of its own, not as tokenizer.json; no real file was read here.",
    },
    {
      id: "grok-1",
      name: "Grok-1",
      family: "Grok",
      maker: "xAI",
      vocabSize: 131_072,
      embeddingRows: { "314B": 131_072 },
      licence: APACHE_2,
      ...OPEN_WEIGHT,
      obtained: { kind: "path", where: "tokenizer.model in the public code repository xai-org/grok-1" },
      verified: "real-file",
      note: "A SentencePiece model with 65 user-defined pieces: conversions to tokenizer.json give other ids.",
    },
  ],
  aliases: [],
};
