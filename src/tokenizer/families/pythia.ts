// Pythia, which took over GPT-NeoX-20B's tokenizer.

import { RADICALLY_OPEN, type TokenizerFamily } from "./known-tokenizer.ts";
import { APACHE_2 } from "./licences.ts";

export const PYTHIA: TokenizerFamily = {
  tokenizers: [
    {
      id: "pythia",
      name: "Pythia",
      family: "Pythia",
      maker: "EleutherAI",
      vocabSize: 50_277,
      embeddingRows: {
        "70M": 50_304,
        "160M": 50_304,
        "410M": 50_304,
        "1B": 50_304,
        "1.4B": 50_304,
        "2.8B": 50_304,
        "6.9B": 50_432,
        "12B": 50_688,
      },
      licence: APACHE_2,
      ...RADICALLY_OPEN,
      hubId: "EleutherAI/pythia-6.9b",
      gated: false,
      obtained: { kind: "hub" },
      alsoIn: "PyPI llama-cpp-python 0.3.36 sdist (GGUF)",
      verified: "real-file",
      note: "The tokenizer of GPT-NeoX-20B.",
    },
  ],
  aliases: [],
};
