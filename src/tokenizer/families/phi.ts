// Phi-3 to Phi-4.

import { OPEN_WEIGHT, type TokenizerFamily } from "./known-tokenizer.ts";
import { MIT } from "./licences.ts";

export const PHI: TokenizerFamily = {
  tokenizers: [
    {
      id: "phi-4",
      name: "Phi-4",
      family: "Phi",
      maker: "Microsoft",
      embeddingRows: { "14B": 100_352 },
      licence: MIT,
      ...OPEN_WEIGHT,
      hubId: "microsoft/phi-4",
      gated: false,
      obtained: { kind: "hub" },
      verified: "format-only",
      note: "Said to be derived from cl100k; not verified here. The size is that of the published configuration.",
    },
    {
      id: "phi-4-mini",
      name: "Phi-4-mini",
      family: "Phi",
      maker: "Microsoft",
      embeddingRows: { "3.8B": 200_064 },
      licence: MIT,
      ...OPEN_WEIGHT,
      hubId: "microsoft/Phi-4-mini-instruct",
      gated: false,
      obtained: { kind: "hub" },
      verified: "format-only",
      note: "Said to be derived from o200k; not verified here. The size is that of the published configuration.",
    },
    {
      id: "phi-3",
      name: "Phi-3",
      family: "Phi",
      maker: "Microsoft",
      embeddingRows: { mini: 32_064, medium: 32_064 },
      licence: MIT,
      ...OPEN_WEIGHT,
      hubId: "microsoft/Phi-3-mini-4k-instruct",
      gated: false,
      obtained: { kind: "hub" },
      alsoIn: "PyPI llama-cpp-python 0.3.36 sdist (GGUF)",
      verified: "real-file",
      note: "The first 32,000 pieces are those of Llama 2; the GGUF file is padded to 32,064. Phi-3-small has another tokenizer.",
    },
  ],
  aliases: [
    {
      id: "phi-3.5",
      name: "Phi-3.5",
      sameAs: "phi-3",
      verified: false,
      hubId: "microsoft/Phi-3.5-mini-instruct",
    },
  ],
};
