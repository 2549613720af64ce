// The parts of a SentencePiece model, and the numbers and defaults of their fields as sentencepiece_model.proto has them
// (sentencepiece 0.2.3). Fields that only steer the training are not read.

import type { ProtobufCursor } from "./protobuf-cursor.ts";

export type SentencePieceModelType = "unigram" | "bpe" | "word" | "char";

export type SentencePieceType = "normal" | "unknown" | "control" | "user-defined" | "unused" | "byte";

export interface TrainerSpec {
  readonly modelType: SentencePieceModelType;
  /** As written at training: the number of pieces can differ. */
  readonly vocabSize: number;
  readonly treatWhitespaceAsSuffix: boolean;
  readonly splitDigits: boolean;
  readonly allowWhitespaceOnlyPieces: boolean;
  readonly vocabularyOutputPieceScore: boolean;
  readonly byteFallback: boolean;
  /** Ids as asked for at training, -1 for none; the library goes by the pieces' types and spellings. */
  readonly unkId: number;
  readonly bosId: number;
  readonly eosId: number;
  readonly padId: number;
  /** What an unknown piece decodes to. */
  readonly unkSurface: string;
  readonly unkPiece: string;
  readonly bosPiece: string;
  readonly eosPiece: string;
  readonly padPiece: string;
}

export interface NormalizerSpec {
  readonly name: string;
  /** Read by `readCharsmap`; empty for none. */
  readonly precompiledCharsmap: Uint8Array;
  readonly addDummyPrefix: boolean;
  readonly removeExtraWhitespaces: boolean;
  readonly escapeWhitespaces: boolean;
  readonly normalizationRuleTsv: string;
}

export const TRAINER_DEFAULTS: TrainerSpec = {
  modelType: "unigram",
  vocabSize: 8000,
  treatWhitespaceAsSuffix: false,
  splitDigits: false,
  allowWhitespaceOnlyPieces: false,
  vocabularyOutputPieceScore: true,
  byteFallback: false,
  unkId: 0,
  bosId: 1,
  eosId: 2,
  padId: -1,
  unkSurface: " \u2047 ",
  unkPiece: "<unk>",
  bosPiece: "<s>",
  eosPiece: "</s>",
  padPiece: "<pad>",
};

export const NORMALIZER_DEFAULTS: NormalizerSpec = {
  name: "",
  precompiledCharsmap: new Uint8Array(0),
  addDummyPrefix: true,
  removeExtraWhitespaces: true,
  escapeWhitespaces: true,
  normalizationRuleTsv: "",
};

/** Name in the proto, our key, how the value is read. */
type Field<Spec> = {
  readonly [Key in keyof Spec]: readonly [
    name: string,
    key: Key,
    read: (at: ProtobufCursor, name: string) => Spec[Key],
  ];
}[keyof Spec];

export type FieldTable<Spec> = ReadonlyMap<number, Field<Spec>>;

const MODEL_TYPES: readonly (SentencePieceModelType | undefined)[] = [
  undefined,
  "unigram",
  "bpe",
  "word",
  "char",
];
const PIECE_TYPES: readonly (SentencePieceType | undefined)[] = [
  undefined,
  "normal",
  "unknown",
  "control",
  "user-defined",
  "unused",
  "byte",
];

const int32 = (at: ProtobufCursor, name: string) => at.int32(name);
const boolean = (at: ProtobufCursor, name: string) => at.boolean(name);
const string = (at: ProtobufCursor, name: string) => at.string(name);
const modelType = (at: ProtobufCursor, name: string) => choice(at, name, MODEL_TYPES);

/** Of `trainer_spec`, field 2 of a model. */
export const TRAINER_FIELDS: FieldTable<TrainerSpec> = new Map<number, Field<TrainerSpec>>([
  [3, ["model_type", "modelType", modelType]],
  [4, ["vocab_size", "vocabSize", int32]],
  [24, ["treat_whitespace_as_suffix", "treatWhitespaceAsSuffix", boolean]],
  [25, ["split_digits", "splitDigits", boolean]],
  [26, ["allow_whitespace_only_pieces", "allowWhitespaceOnlyPieces", boolean]],
  [32, ["vocabulary_output_piece_score", "vocabularyOutputPieceScore", boolean]],
  [35, ["byte_fallback", "byteFallback", boolean]],
  [40, ["unk_id", "unkId", int32]],
  [41, ["bos_id", "bosId", int32]],
  [42, ["eos_id", "eosId", int32]],
  [43, ["pad_id", "padId", int32]],
  [44, ["unk_surface", "unkSurface", string]],
  [45, ["unk_piece", "unkPiece", string]],
  [46, ["bos_piece", "bosPiece", string]],
  [47, ["eos_piece", "eosPiece", string]],
  [48, ["pad_piece", "padPiece", string]],
]);

/** Of `normalizer_spec` (3) and `denormalizer_spec` (5). */
export const NORMALIZER_FIELDS: FieldTable<NormalizerSpec> = new Map<number, Field<NormalizerSpec>>([
  [1, ["name", "name", string]],
  [2, ["precompiled_charsmap", "precompiledCharsmap", (at, name) => at.blob(name)]],
  [3, ["add_dummy_prefix", "addDummyPrefix", boolean]],
  [4, ["remove_extra_whitespaces", "removeExtraWhitespaces", boolean]],
  [5, ["escape_whitespaces", "escapeWhitespaces", boolean]],
  [6, ["normalization_rule_tsv", "normalizationRuleTsv", string]],
]);

export function pieceType(at: ProtobufCursor): SentencePieceType {
  return choice(at, "type", PIECE_TYPES);
}

/** The number by which a model file names the type of a piece. */
export function pieceTypeNumber(type: SentencePieceType): number {
  return PIECE_TYPES.indexOf(type);
}

function choice<T extends string>(at: ProtobufCursor, name: string, values: readonly (T | undefined)[]): T {
  const number = at.int32(name);
  const value = values[number];
  if (value === undefined) throw at.unsupported(`the value ${number}`, name);
  return value;
}
