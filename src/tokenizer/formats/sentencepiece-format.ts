// SentencePiece models, as the SentencePiece library reads them.

import type { TokenizerFormat } from "./format.ts";
import { readSentencePiece } from "./read-sentencepiece.ts";
import { sentencePieceDefinition } from "./sentencepiece-definition.ts";

export const sentencePieceFormat: TokenizerFormat = {
  name: "SentencePiece model",
  fileNames: ["tokenizer.model", "sentencepiece.bpe.model", "spiece.model", "spm.model", "*.model"],
  // A protobuf whose first field is a piece: tag 1, length, and again tag 1.
  recognizes: (head) => head[0] === 0x0a && head.includes(0x0a, 1),
  parse: ({ bytes, name }) => sentencePieceDefinition(readSentencePiece(bytes(), name)),
};
