// Multilingual encoders, all of them Unigram: XLM-R, mT5, NLLB.

import { OPEN_SOURCE, type TokenizerFamily } from "./known-tokenizer.ts";
import { APACHE_2, CC_BY_NC_4, MIT } from "./licences.ts";

export const ENCODERS: TokenizerFamily = {
  tokenizers: [
    {
      id: "xlm-r",
      name: "XLM-RoBERTa",
      family: "multilingual encoders",
      maker: "Meta",
      vocabSize: 250_002,
      embeddingRows: { base: 250_002, large: 250_002 },
      licence: MIT,
      ...OPEN_SOURCE,
      hubId: "FacebookAI/xlm-roberta-base",
      gated: false,
      obtained: { kind: "hub" },
      alsoIn: "PyPI llama-cpp-python 0.3.36 sdist (GGUF, padded to 250,048)",
      verified: "real-file",
      note: "Read from two models that use it (nomic-embed-text-v2-moe, multilingual-e5-small): their pieces and scores are equal.",
    },
    {
      id: "mt5",
      name: "mT5",
      family: "multilingual encoders",
      maker: "Google",
      vocabSize: 250_100,
      embeddingRows: { small: 250_112, base: 250_112, large: 250_112, xl: 250_112, xxl: 250_112 },
      licence: APACHE_2,
      ...OPEN_SOURCE,
      hubId: "google/mt5-base",
      gated: false,
      obtained: { kind: "hub" },
      verified: "format-only",
      note: "Sizes are those of the published configuration; no real file was read here.",
    },
    {
      id: "nllb",
      name: "NLLB-200",
      family: "multilingual encoders",
      maker: "Meta",
      vocabSize: 256_204,
      embeddingRows: { "600M": 256_206, "1.3B": 256_206, "3.3B": 256_206 },
      licence: CC_BY_NC_4,
      openness: "open-weight",
      published: { weights: true, architecture: true, trainingCode: true },
      hubId: "facebook/nllb-200-distilled-600M",
      gated: false,
      obtained: { kind: "hub" },
      verified: "format-only",
      note: "Sizes are those of the published configuration; no real file was read here.",
    },
  ],
  aliases: [],
};
