// A tokenizer from a SentencePiece model, as the SentencePiece library itself encodes with it: text is never a control
// token, user-defined pieces are matched before everything else, and there is no pre-tokenizer.

import type {
  AddedToken,
  BpeModel,
  NormalizerStep,
  TokenizerDefinition,
  UnigramModel,
} from "../definition.ts";
import { allSplits } from "./bpe-splits.ts";
import { readCharsmap } from "./charsmap.ts";
import { unsupportedFile } from "./file-place.ts";
import type { SentencePiece, SentencePieceModel } from "./read-sentencepiece.ts";

/** @throws VocabError `tokenizer-invalid`, `tokenizer-unsupported` naming the field */
export function sentencePieceDefinition(source: SentencePieceModel): TokenizerDefinition {
  const { pieces, trainer, normalizer, file } = source;
  if (trainer.treatWhitespaceAsSuffix)
    throw unsupportedFile(file, "trainer_spec.treat_whitespace_as_suffix", "white space as a suffix");
  if (source.denormalizer !== undefined && source.denormalizer.precompiledCharsmap.length > 0)
    throw unsupportedFile(file, "denormalizer_spec", "a denormalizer");
  const model = trainer.modelType === "bpe" ? bpeModel(source) : unigramModel(source);
  const userSymbols = pieces.flatMap((piece, id) =>
    piece.type === "user-defined" ? [symbol(piece, id)] : [],
  );
  return {
    addedTokens: model.type === "bpe" ? userSymbols : [],
    normalizers: normalizerSteps(source, userSymbols),
    preTokenizers: [],
    model,
    decoders: [
      {
        type: "sentencepiece",
        controls: new Set(idsOfType(pieces, "control")),
        unknownId: model.unknownId,
        unknownSurface: trainer.unkSurface,
        dropsFirstSpace: normalizer.addDummyPrefix || normalizer.removeExtraWhitespaces,
        dropsAllFirstSpaces: normalizer.removeExtraWhitespaces,
      },
    ],
    vocabSize: pieces.length,
  };
}

function normalizerSteps(
  { normalizer, file }: SentencePieceModel,
  userSymbols: readonly AddedToken[],
): NormalizerStep[] {
  const { precompiledCharsmap, addDummyPrefix, removeExtraWhitespaces, escapeWhitespaces } = normalizer;
  if (!escapeWhitespaces)
    throw unsupportedFile(file, "normalizer_spec.escape_whitespaces", "white space that is not escaped");
  const charsmap = readCharsmap(precompiledCharsmap, file, "normalizer_spec.precompiled_charsmap");
  if (charsmap === undefined && !removeExtraWhitespaces)
    return [
      { type: "replace", pattern: " ", content: "▁" },
      ...(addDummyPrefix ? [{ type: "prepend", text: "▁" } as const] : []),
    ];
  return [
    {
      type: "sentencepiece",
      charsmap,
      keeps: userSymbols.map(({ content }) => content),
      addsPrefix: addDummyPrefix,
      removesExtraSpaces: removeExtraWhitespaces,
    },
  ];
}

function bpeModel({ pieces, trainer, file }: SentencePieceModel): BpeModel {
  const unused = pieces.findIndex(({ type }) => type === "unused");
  if (unused >= 0) throw unsupportedFile(file, `pieces[${unused}]`, "an unused piece of a BPE model");
  const normal = pieces.flatMap((piece, id) => (piece.type === "normal" ? [{ ...piece, id }] : []));
  const scores = [...new Set(normal.map(({ score }) => score))].sort((a, b) => b - a);
  const rankOfScore = new Map(scores.map((score, rank) => [score, rank]));
  const idOfPart = new Map(normal.map(({ text, id }) => [text, id]));
  requireCharacters(normal, idOfPart, file);
  const products = normal
    .map(({ id, text, score }) => ({ id, spelling: text, rank: rankOfScore.get(score)! }))
    .sort((a, b) => a.rank - b.rank || a.id - b.id);
  return {
    type: "bpe",
    tokens: pieces.map(({ text }) => text),
    idOfToken: new Map([...idOfPart, ...idsByText(pieces, "byte"), ...idsByText(pieces, "user-defined")]),
    ...allSplits(products, idOfPart, file),
    byteLevel: false,
    byteFallback: trainer.byteFallback,
    ignoreMerges: false,
    fuseUnknown: true,
    unknownId: idsOfType(pieces, "unknown")[0],
  };
}

// SentencePiece merges characters that are no pieces by themselves; here every symbol has an id.
function requireCharacters(
  normal: readonly (SentencePiece & { readonly id: number })[],
  idOfPart: ReadonlyMap<string, number>,
  file: string,
): void {
  for (const { text, id } of normal)
    for (const character of text)
      if (!idOfPart.has(character))
        throw unsupportedFile(
          file,
          `pieces[${id}]`,
          `${JSON.stringify(text)}, whose character ${JSON.stringify(character)} is no piece,`,
        );
}

function unigramModel({ pieces, trainer, file }: SentencePieceModel): UnigramModel {
  if (trainer.modelType !== "unigram")
    throw unsupportedFile(file, "trainer_spec.model_type", `the model type ${trainer.modelType}`);
  const [unknownId] = idsOfType(pieces, "unknown");
  if (unknownId === undefined)
    throw unsupportedFile(file, "pieces", "a Unigram model without an unknown piece");
  const scores = pieces.filter(({ type }) => type === "normal").map(({ score }) => score);
  const inText = new Set(["normal", "user-defined"]);
  return {
    type: "unigram",
    tokens: pieces.map(({ text }) => text),
    idOfToken: new Map(pieces.map(({ text }, id) => [text, id])),
    scores: Float64Array.from(pieces, ({ score }) => score),
    lowestScore: scores.reduce((least, score) => Math.min(least, score), Infinity),
    pieces: pieces.flatMap(({ type }, id) => (inText.has(type) ? [id] : [])),
    byteFallback: trainer.byteFallback,
    unknownId,
    sentencePiece: { userDefined: new Set(idsOfType(pieces, "user-defined")) },
  };
}

function symbol({ text }: SentencePiece, id: number): AddedToken {
  return {
    id,
    content: text,
    singleWord: false,
    lstrip: false,
    rstrip: false,
    normalized: true,
    verbatim: true,
    special: false,
  };
}

function idsOfType(pieces: readonly SentencePiece[], type: SentencePiece["type"]): number[] {
  return pieces.flatMap((piece, id) => (piece.type === type ? [id] : []));
}

function idsByText(pieces: readonly SentencePiece[], type: SentencePiece["type"]): [string, number][] {
  return pieces.flatMap((piece, id): [string, number][] => (piece.type === type ? [[piece.text, id]] : []));
}
