// Reads a SentencePiece model (`tokenizer.model`, `*.spm`): a protobuf ModelProto with the pieces, whose ids are their
// places, and what the trainer and the normalizer were told.

import { checkPieces } from "./check-pieces.ts";
import { invalidFile, MAX_TOKENS } from "./file-place.ts";
import { ProtobufCursor } from "./protobuf-cursor.ts";
import {
  type FieldTable,
  NORMALIZER_DEFAULTS,
  NORMALIZER_FIELDS,
  type NormalizerSpec,
  pieceType,
  type SentencePieceType,
  TRAINER_DEFAULTS,
  TRAINER_FIELDS,
  type TrainerSpec,
} from "./sentencepiece-fields.ts";

export interface SentencePiece {
  readonly text: string;
  /** Unigram: log probability; BPE: minus the rank of the merge. Stored as float32. */
  readonly score: number;
  readonly type: SentencePieceType;
}

export interface SentencePieceModel {
  readonly file: string;
  readonly pieces: readonly SentencePiece[];
  readonly trainer: TrainerSpec;
  readonly normalizer: NormalizerSpec;
  /** Only in models trained with `denormalization_rule_tsv`. */
  readonly denormalizer: NormalizerSpec | undefined;
  /** The file as it was read: all fields that are not named here stand in it. */
  readonly bytes: Uint8Array;
}

/**
 * The whole model; it holds views of `bytes`, which must not change afterwards.
 * @throws VocabError `tokenizer-invalid`, `tokenizer-unsupported` naming byte and field
 */
export function readSentencePiece(bytes: Uint8Array, file: string): SentencePieceModel {
  const pieces: SentencePiece[] = [];
  let trainer: TrainerSpec | undefined;
  let normalizer: NormalizerSpec | undefined;
  let denormalizer: NormalizerSpec | undefined;
  // A part that stands twice is merged, as protobuf has it.
  const at = new ProtobufCursor(bytes, file);
  while (at.next()) {
    if (at.field === 1) {
      const name = `pieces[${pieces.length}]`;
      if (pieces.length === MAX_TOKENS) throw at.unsupported(`a vocabulary above ${MAX_TOKENS} pieces`, name);
      pieces.push(readPiece(at.message(name)));
    } else if (at.field === 2)
      trainer = readSpec(at.message("trainer_spec"), trainer ?? TRAINER_DEFAULTS, TRAINER_FIELDS);
    else if (at.field === 3) normalizer = readNormalizer(at.message("normalizer_spec"), normalizer);
    else if (at.field === 5) denormalizer = readNormalizer(at.message("denormalizer_spec"), denormalizer);
  }
  // The trainer writes all three. A file without one is another protobuf, or was cut off between two fields.
  if (pieces.length === 0) throw missing(file, "pieces");
  if (trainer === undefined) throw missing(file, "trainer_spec");
  if (normalizer === undefined) throw missing(file, "normalizer_spec");
  const checked = checkPieces(pieces, trainer, file);
  return { file, pieces: checked, trainer, normalizer, denormalizer, bytes };
}

function readPiece(at: ProtobufCursor): SentencePiece {
  let text = "";
  let score = 0;
  let type: SentencePieceType = "normal";
  while (at.next()) {
    if (at.field === 1) text = at.string("piece");
    else if (at.field === 2) score = at.float("score");
    else if (at.field === 3) type = pieceType(at);
  }
  return { text, score, type };
}

function readNormalizer(at: ProtobufCursor, before: NormalizerSpec | undefined): NormalizerSpec {
  return readSpec(at, before ?? NORMALIZER_DEFAULTS, NORMALIZER_FIELDS);
}

function readSpec<Spec>(at: ProtobufCursor, before: Spec, fields: FieldTable<Spec>): Spec {
  const spec = { ...before };
  while (at.next()) {
    const field = fields.get(at.field);
    if (field === undefined) continue;
    const [name, key, read] = field;
    spec[key] = read(at, name);
  }
  return spec;
}

function missing(file: string, part: string) {
  return invalidFile(file, "the whole file", `no ${part}: not a SentencePiece model, or cut off`);
}
