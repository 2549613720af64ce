// Small texts and bases for the tests of training.

import { DocumentSample } from "../../src/counting/document-sample.ts";
import type { SegmentCounts } from "../../src/counting/segment-counts.ts";
import { SegmentScanner } from "../../src/counting/segment-scanner.ts";
import { BYTE_CHARACTERS } from "../../src/text/byte-alphabet.ts";
import type { BpeDefinition, BpeModel } from "../../src/tokenizer/definition.ts";
import { byteFallbackToken } from "../../src/tokenizer/model-tokens.ts";
import { type BpeTokenizer, Tokenizer } from "../../src/tokenizer/tokenizer.ts";
import { byteBase } from "../../src/training/byte-base.ts";
import { TrainingWords } from "../../src/training/training-words.ts";
import { feed } from "../counting/scan-text.ts";

export function countLines(text: string): SegmentCounts {
  const scanner = new SegmentScanner({
    longSegmentBytes: Number.MAX_SAFE_INTEGER,
    onLongSegment: () => {},
    sample: new DocumentSample(0, 0),
    maxDocumentBytes: Number.MAX_SAFE_INTEGER,
  });
  feed(scanner, Buffer.from(text), { lines: true });
  return scanner.table.export();
}

/** The words of a text whose lines are the documents. */
export function wordsOf(base: BpeTokenizer, text: string): TrainingWords {
  const words = new TrainingWords(base);
  if (words.needsDocuments)
    for (const line of text.split("\n")) {
      if (line !== "") words.addDocument(Buffer.from(line));
    }
  else words.addBlock(countLines(text));
  return words;
}

type Parts = Partial<Omit<BpeDefinition, "model">>;

/** A byte-level base with GPT-2's pattern and these merges; `more` tokens are in the vocabulary without a merge. */
export function byteLevelBase(
  merges: readonly (readonly [string, string])[],
  more: readonly string[] = [],
  parts: Parts & { readonly model?: Partial<BpeModel> } = {},
): BpeTokenizer {
  const { definition } = byteBase();
  const model = modelOf(
    Array.from(definition.model.tokens, (token) => token!),
    merges,
    more,
  );
  return new Tokenizer({
    ...definition,
    vocabSize: model.tokens.length,
    ...parts,
    model: { ...definition.model, ...model, ...parts.model },
  });
}

/** A base like Gemma's: characters, `▁` for a space, bytes for other characters, no pre-tokenizer. */
export function pieceBase(
  characters: string,
  merges: readonly (readonly [string, string])[],
  more: readonly string[] = [],
  parts: Parts = {},
): BpeTokenizer {
  const bytes = BYTE_CHARACTERS.map((_, byte) => byteFallbackToken(byte));
  const model = modelOf(["<unk>", ...bytes, ...new Set(`▁\n${characters}`)], merges, more);
  return new Tokenizer({
    addedTokens: [],
    normalizers: [{ type: "replace", pattern: " ", content: "▁" }],
    preTokenizers: [],
    decoders: [],
    vocabSize: model.tokens.length,
    ...parts,
    model: {
      ...model,
      byteLevel: false,
      byteFallback: true,
      ignoreMerges: false,
      fuseUnknown: true,
      unknownId: 0,
    },
  });
}

function modelOf(
  alphabet: readonly string[],
  merges: readonly (readonly [string, string])[],
  more: readonly string[],
): Pick<BpeModel, "type" | "tokens" | "idOfToken" | "merges"> {
  const tokens = [...new Set([...alphabet, ...merges.map((pair) => pair.join("")), ...more])];
  const idOfToken = new Map(tokens.map((token, id) => [token, id]));
  const ids = merges.flatMap(([left, right]) => [
    idOfToken.get(left)!,
    idOfToken.get(right)!,
    idOfToken.get(left + right)!,
  ]);
  return { type: "bpe", tokens, idOfToken, merges: Int32Array.from(ids) };
}
