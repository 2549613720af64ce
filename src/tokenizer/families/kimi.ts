// Kimi K2.

import { OPEN_WEIGHT, type TokenizerFamily } from "./known-tokenizer.ts";
import { KIMI_LICENCE } from "./licences.ts";

export const KIMI: TokenizerFamily = {
  tokenizers: [
    {
      id: "kimi-k2",
      name: "Kimi K2",
      family: "Kimi",
      maker: "Moonshot AI",
      vocabSize: 163_840,
      embeddingRows: { "1T-A32B": 163_840 },
      licence: KIMI_LICENCE,
      ...OPEN_WEIGHT,
      hubId: "moonshotai/Kimi-K2-Instruct",
      gated: false,
      obtained: { kind: "hub" },
      verified: "real-file",
      note: "163,584 ranks in the file; the 256 special tokens and the pattern stand in the makers' code.",
    },
  ],
  aliases: [],
};
