// Nemotron and Minitron; Llama-3.1-Minitron stands with Llama.

import { OPEN_WEIGHT, type TokenizerFamily } from "./known-tokenizer.ts";
import { NVIDIA_OPEN } from "./licences.ts";

export const NEMOTRON: TokenizerFamily = {
  tokenizers: [
    {
      id: "nemotron-h",
      name: "Nemotron-H",
      family: "Nemotron",
      maker: "NVIDIA",
      embeddingRows: { "8B": 131_072, "9B": 131_072 },
      licence: NVIDIA_OPEN,
      openness: "open-weight",
      published: { weights: true, architecture: true },
      hubId: "nvidia/Nemotron-H-8B-Base-8K",
      obtained: { kind: "hub" },
      verified: "format-only",
      note: "Sizes are those of the published configuration; no real file was read here.",
    },
    {
      id: "nemotron-4",
      name: "Nemotron-4",
      family: "Nemotron",
      maker: "NVIDIA",
      embeddingRows: { "4B": 256_000, "8B": 256_000, "340B": 256_000 },
      licence: NVIDIA_OPEN,
      ...OPEN_WEIGHT,
      published: { weights: true, architecture: true },
      hubId: "nvidia/Minitron-8B-Base",
      gated: false,
      obtained: { kind: "hub" },
      verified: "format-only",
      note: "Sizes are those of the published configuration; no real file was read here.",
    },
  ],
  aliases: [
    {
      id: "nemotron-nano-2",
      name: "Nemotron Nano 2",
      sameAs: "nemotron-h",
      verified: false,
      hubId: "nvidia/NVIDIA-Nemotron-Nano-9B-v2",
    },
    {
      id: "minitron",
      name: "Minitron",
      sameAs: "nemotron-4",
      verified: false,
      hubId: "nvidia/Minitron-8B-Base",
      note: "Uses Nemotron-4's tokenizer by name.",
    },
  ],
};
