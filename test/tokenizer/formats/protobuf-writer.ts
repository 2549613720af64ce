// Writes protobuf messages field by field, and small SentencePiece models: the counterpart of the reader under test.

import type { SentencePiece } from "../../../src/tokenizer/formats/read-sentencepiece.ts";

export function varint(value: number | bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return [...bytes, Number(rest)];
}

export const intField = (field: number, value: number): number[] => [...varint(field * 8), ...varint(value)];

export const bytesField = (field: number, bytes: ArrayLike<number>): number[] => [
  ...varint(field * 8 + 2),
  ...varint(bytes.length),
  ...Array.from(bytes),
];

export const textField = (field: number, text: string): number[] => bytesField(field, Buffer.from(text));

export const floatField = (field: number, value: number): number[] => [
  ...varint(field * 8 + 5),
  ...new Uint8Array(new Float32Array([value]).buffer),
];

const TYPE_NUMBERS = { normal: 1, unknown: 2, control: 3, "user-defined": 4, unused: 5, byte: 6 };

export function pieceField({ text, score, type }: SentencePiece): number[] {
  const kind = type === "normal" ? [] : intField(3, TYPE_NUMBERS[type]);
  return bytesField(1, [...textField(1, text), ...floatField(2, score), ...kind]);
}

export const SMALL_PIECES: readonly SentencePiece[] = [
  { text: "<unk>", score: 0, type: "unknown" },
  { text: "<s>", score: 0, type: "control" },
  { text: "</s>", score: 0, type: "control" },
  { text: "▁سلام", score: -0.5, type: "normal" },
  { text: "a", score: -1, type: "normal" },
  { text: "[x]", score: 0, type: "user-defined" },
  { text: "old", score: -2, type: "unused" },
];

/** `trainer_spec` of a BPE model: model_type 2, vocab_size 7, split_digits, and a field that no proto names. */
export const SMALL_TRAINER = [
  ...textField(2, "prefix"),
  ...intField(3, 2),
  ...intField(4, 7),
  ...intField(25, 1),
  ...intField(43, -1),
  ...textField(44, " ? "),
  ...textField(999, "later"),
];

/** `normalizer_spec`: a name, a charsmap of three bytes, no dummy prefix. */
export const SMALL_NORMALIZER = [...textField(1, "mine"), ...bytesField(2, [1, 2, 255]), ...intField(3, 0)];

export function model(
  pieces: readonly SentencePiece[] = SMALL_PIECES,
  trainer: readonly number[] = SMALL_TRAINER,
  normalizer: readonly number[] = SMALL_NORMALIZER,
): Uint8Array {
  return Uint8Array.from([
    ...pieces.flatMap(pieceField),
    ...bytesField(2, trainer),
    ...bytesField(3, normalizer),
  ]);
}

/** `<0x00>` … `<0xFF>`. */
export const BYTE_PIECES: readonly SentencePiece[] = Array.from({ length: 256 }, (_, byte) => ({
  text: `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`,
  score: 0,
  type: "byte",
}));
