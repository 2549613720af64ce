// The pieces of a Unigram base as a BPE model without merges: what new pieces are joined from. The joining only finds
// candidates; which of them the model gets, and their scores, is fitted afterwards (fit-pieces.ts).

import type { TokenizerDefinition, UnigramModel } from "../tokenizer/definition.ts";
import { type BpeTokenizer, Tokenizer } from "../tokenizer/tokenizer.ts";

export function atomsOf(definition: TokenizerDefinition, model: UnigramModel): BpeTokenizer {
  const { tokens, idOfToken, byteFallback, unknownId } = model;
  return new Tokenizer({
    ...definition,
    model: {
      type: "bpe",
      tokens,
      idOfToken,
      merges: new Int32Array(0),
      byteLevel: false,
      byteFallback,
      ignoreMerges: false,
      fuseUnknown: true,
      unknownId,
    },
  });
}
