import { describe, expect, it } from "vitest";
import { readSentencePiece, type SentencePiece } from "../../../src/tokenizer/formats/read-sentencepiece.ts";
import { writeSentencePiece } from "../../../src/tokenizer/formats/write-sentencepiece.ts";
import {
  bytesField,
  intField,
  model,
  pieceField,
  SMALL_NORMALIZER,
  SMALL_PIECES,
  SMALL_TRAINER,
  textField,
} from "./protobuf-writer.ts";
import { refusal } from "./refusal.ts";

const ADDED: readonly SentencePiece[] = [
  { text: "▁سلا", score: -3.5, type: "normal" },
  { text: "[y]", score: 0, type: "user-defined" },
];

const write = (bytes: ArrayLike<number>, added: readonly SentencePiece[]) =>
  writeSentencePiece(readSentencePiece(Uint8Array.from(bytes), "x.model"), added);

/** SMALL_TRAINER with another vocab_size in its place. */
const trainerOf = (size: number) => {
  const [before, after] = [textField(2, "prefix"), SMALL_TRAINER.slice(textField(2, "prefix").length + 4)];
  return [...before, ...intField(3, 2), ...intField(4, size), ...after];
};

describe("writeSentencePiece", () => {
  it("appends the pieces, sets vocab_size, and keeps every other byte", () => {
    const tail = bytesField(77, [1, 2, 3]);
    const written = write([...model(), ...tail], ADDED);
    expect(trainerOf(7)).toEqual(SMALL_TRAINER);
    expect([...written]).toEqual([...model([...SMALL_PIECES, ...ADDED], trainerOf(9)), ...tail]);
    expect(readSentencePiece(written, "y.model").pieces).toEqual([...SMALL_PIECES, ...ADDED]);
  });

  it("writes the file itself where nothing is added", () => {
    expect([...write(model(), [])]).toEqual([...model()]);
  });

  it("writes a vocab_size that the file leaves out", () => {
    const written = write(model(SMALL_PIECES, intField(3, 2)), ADDED);
    expect([...written]).toEqual([
      ...model([...SMALL_PIECES, ...ADDED], [...intField(3, 2), ...intField(4, 9)]),
    ]);
  });

  it("keeps parts in their places where trainer_spec comes first, and stands twice", () => {
    const old = SMALL_PIECES.flatMap(pieceField);
    const [first, normalizer] = [bytesField(2, SMALL_TRAINER), bytesField(3, SMALL_NORMALIZER)];
    const written = write([...first, ...normalizer, ...old, ...bytesField(2, intField(4, 7))], ADDED);
    const pieces = [...old, ...ADDED.flatMap(pieceField)];
    expect([...written]).toEqual([...first, ...normalizer, ...pieces, ...bytesField(2, intField(4, 9))]);
  });

  it("grows the length of trainer_spec where vocab_size takes more bytes", () => {
    const many = Array.from(
      { length: 200 },
      (_, i): SentencePiece => ({ text: `x${i}`, score: -i, type: "normal" }),
    );
    const { trainer, pieces } = readSentencePiece(write(model(), many), "y.model");
    expect(trainer).toMatchObject({ vocabSize: 207, splitDigits: true, unkSurface: " ? " });
    expect(pieces.length).toBe(207);
  });

  it("leaves out the samples of the self-test", () => {
    const sample = bytesField(4, bytesField(1, [...textField(1, "aa"), ...textField(2, "a a")]));
    expect([...write([...model(), ...sample], ADDED)]).toEqual([...write(model(), ADDED)]);
    expect([...write([...sample, ...model()], [])]).toEqual([...sample, ...model()]);
  });

  it("refuses pieces that SentencePiece does not load", () => {
    const answer = (piece: SentencePiece) => refusal(() => write(model(), [piece]));
    expect(answer(SMALL_PIECES[4]!)).toBe('tokenizer-invalid x.model: pieces[7]: "a" is pieces[4] already');
    expect(answer({ text: "\ud800", score: 0, type: "normal" })).toContain("pieces[7]: half of a surrogate");
    expect(answer({ text: "b", score: -1e39, type: "normal" })).toContain("pieces[7]: the score is -1e+39");
    expect(answer({ text: "", score: 0, type: "normal" })).toContain("pieces[7]: the piece is empty");
  });
});
