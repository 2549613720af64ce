// Writes a SentencePiece model with pieces appended, everything else as it stands in the file it came from.

import { hasLoneSurrogate } from "../json-reader.ts";
import { checkPieces } from "./check-pieces.ts";
import { invalidFile } from "./file-place.ts";
import { ProtobufCursor } from "./protobuf-cursor.ts";
import type { SentencePiece, SentencePieceModel } from "./read-sentencepiece.ts";
import { pieceTypeNumber } from "./sentencepiece-fields.ts";

// Tags: field number << 3 | wire type.
const PIECES_TAG = 0x0a;
const TRAINER_SPEC_TAG = 0x12;
const PIECE_TAG = 0x0a;
const SCORE_TAG = 0x15;
const TYPE_TAG = 0x18;
const VOCAB_SIZE_TAG = 0x20;

/** `bytes[start, end)` give way to others. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

/**
 * The new pieces follow the last old one, so that no id moves; `trainer_spec.vocab_size` becomes the number of pieces.
 * Samples for the library's self-test are left out: they hold the old segmentation of some sentences, and versions up to
 * 0.2.0 do not load a model that fails them. Without new pieces the result is the file itself.
 * @throws VocabError `tokenizer-invalid` for pieces that SentencePiece does not load
 */
export function writeSentencePiece(model: SentencePieceModel, added: readonly SentencePiece[]): Uint8Array {
  const { bytes, file, pieces, trainer } = model;
  if (added.length === 0) return bytes.slice();
  const all = [...pieces, ...added];
  checkPieces(all, trainer, file);
  const broken = added.findIndex(({ text }) => hasLoneSurrogate(text));
  if (broken >= 0)
    throw invalidFile(file, `pieces[${pieces.length + broken}]`, "half of a surrogate pair is no text");
  return applyEdits(bytes, editsOf(bytes, file, all.length, added));
}

function editsOf(bytes: Uint8Array, file: string, count: number, added: readonly SentencePiece[]): Edit[] {
  const samples: Edit[] = [];
  let piecesEnd = 0;
  let trainer: Edit | undefined;
  const at = new ProtobufCursor(bytes, file);
  while (at.next()) {
    const { tagStart: start, end } = at;
    if (at.field === 1) piecesEnd = end;
    // The last one counts where it stands twice.
    else if (at.field === 2) {
      const spec = withVocabSize(at.message("trainer_spec"), count);
      trainer = { start, end, bytes: lengthDelimited(TRAINER_SPEC_TAG, spec) };
    } else if (at.field === 4) samples.push({ start, end, bytes: new Uint8Array(0) });
  }
  const appended = Buffer.concat(added.map(pieceField));
  const edits = [...samples, { start: piecesEnd, end: piecesEnd, bytes: appended }, trainer!];
  return edits.sort((a, b) => a.start - b.start || a.end - b.end);
}

function withVocabSize(at: ProtobufCursor, count: number): Uint8Array {
  const { end: start, bytes } = at;
  let last: Edit | undefined;
  const field = Uint8Array.of(VOCAB_SIZE_TAG, ...varint(count));
  while (at.next()) if (at.field === 4) last = { start: at.tagStart, end: at.end, bytes: field };
  const { end } = at;
  const edit = last ?? { start: end, end, bytes: field };
  return Buffer.concat([bytes.subarray(start, edit.start), edit.bytes, bytes.subarray(edit.end, end)]);
}

function pieceField({ text, score, type }: SentencePiece): Uint8Array {
  const number = Buffer.alloc(4);
  number.writeFloatLE(score);
  // The trainer leaves out the type of normal pieces.
  const typeField = type === "normal" ? [] : [TYPE_TAG, pieceTypeNumber(type)];
  const parts = [lengthDelimited(PIECE_TAG, Buffer.from(text)), [SCORE_TAG], number, typeField];
  return lengthDelimited(PIECES_TAG, Buffer.concat(parts.map((part) => Uint8Array.from(part))));
}

function lengthDelimited(tag: number, value: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(tag, ...varint(value.length)), value]);
}

function varint(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

function applyEdits(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let copied = 0;
  for (const edit of edits) {
    parts.push(bytes.subarray(copied, edit.start), edit.bytes);
    copied = edit.end;
  }
  return new Uint8Array(Buffer.concat([...parts, bytes.subarray(copied)]));
}
