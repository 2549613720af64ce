// The one interface of all models: a pre-token in, ids and the bytes under each out.

import { BpeEncoder } from "./bpe-encoder.ts";
import type { Model } from "./definition.ts";
import type { EncodeLoop } from "./encode-loop.ts";
import { UnigramEncoder } from "./unigram-encoder.ts";
import { WordPieceEncoder } from "./wordpiece-encoder.ts";

export interface ModelEncoder {
  /** Ids of the last pre-token encoded, and the bytes of text under each. Valid up to the count that `encode` returned. */
  readonly ids: Int32Array;
  readonly lengths: Int32Array;
  /** For many short pre-tokens at once; undefined where there is none. */
  readonly loop: EncodeLoop | undefined;
  /** Encodes `bytes[start, end)`, well-formed UTF-8, as one pre-token. Returns the number of tokens. */
  encode(bytes: Uint8Array, start: number, end: number): number;
}

/** @param spaceAs the character that stands for U+0020 in the model, where the caller leaves spaces as they are */
export function createEncoder(model: Model, spaceAs?: string): ModelEncoder {
  switch (model.type) {
    case "bpe":
      return new BpeEncoder(model, spaceAs);
    case "unigram":
      return new UnigramEncoder(model);
    case "wordpiece":
      return new WordPieceEncoder(model);
  }
}
