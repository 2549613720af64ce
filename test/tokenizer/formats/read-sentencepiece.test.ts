import { describe, expect, it } from "vitest";
import { readSentencePiece, type SentencePiece } from "../../../src/tokenizer/formats/read-sentencepiece.ts";
import { Random } from "../hostile-text.ts";
import {
  BYTE_PIECES,
  bytesField,
  floatField,
  intField,
  model,
  pieceField,
  SMALL_NORMALIZER,
  SMALL_PIECES,
  SMALL_TRAINER,
  textField,
  varint,
} from "./protobuf-writer.ts";
import { damaged, randomBytes, refusal, unlike } from "./refusal.ts";

const read = (bytes: ArrayLike<number>) => readSentencePiece(Uint8Array.from(bytes), "x.model");

const answer = (bytes: ArrayLike<number>) => refusal(() => read(bytes));

describe("readSentencePiece", () => {
  it("reads the pieces, both specs, and defaults of what is left out", () => {
    const { pieces, trainer, normalizer, denormalizer } = read(model());
    expect(pieces).toEqual(SMALL_PIECES);
    expect(trainer).toEqual({
      modelType: "bpe",
      vocabSize: 7,
      treatWhitespaceAsSuffix: false,
      splitDigits: true,
      allowWhitespaceOnlyPieces: false,
      vocabularyOutputPieceScore: true,
      byteFallback: false,
      unkId: 0,
      bosId: 1,
      eosId: 2,
      padId: -1,
      unkSurface: " ? ",
      unkPiece: "<unk>",
      bosPiece: "<s>",
      eosPiece: "</s>",
      padPiece: "<pad>",
    });
    expect(normalizer).toEqual({
      name: "mine",
      precompiledCharsmap: Uint8Array.of(1, 2, 255),
      addDummyPrefix: false,
      removeExtraWhitespaces: true,
      escapeWhitespaces: true,
      normalizationRuleTsv: "",
    });
    expect(denormalizer).toBeUndefined();
  });

  it("reads a Unigram model, which is what a file without model_type is", () => {
    expect(read(model(SMALL_PIECES, intField(4, 7))).trainer.modelType).toBe("unigram");
  });

  it("reads byte pieces, and a denormalizer", () => {
    const unknown = SMALL_PIECES[0]!;
    const bytes = [...model([unknown, ...BYTE_PIECES], intField(35, 1)), ...bytesField(5, intField(3, 0))];
    const { pieces, trainer, denormalizer } = read(bytes);
    expect(trainer.byteFallback).toBe(true);
    expect(pieces[0x41 + 1]).toEqual({ text: "<0x41>", score: 0, type: "byte" });
    expect(denormalizer).toMatchObject({ name: "", addDummyPrefix: false, escapeWhitespaces: true });
  });

  it("merges a part that stands twice, and takes the last of two values, as protobuf does", () => {
    const more = [...intField(4, 8), ...intField(4, 9), ...textField(45, "<u>")];
    const { trainer } = read([...model(), ...bytesField(2, more)]);
    expect(trainer).toMatchObject({ modelType: "bpe", vocabSize: 9, unkPiece: "<u>", unkSurface: " ? " });
  });

  it("passes over fields of all wire types that it does not know, and over self-test data", () => {
    const unknown = [...varint(300 * 8 + 1), 1, 2, 3, 4, 5, 6, 7, 8, ...floatField(301, 1)];
    const { pieces } = read([...unknown, ...model(), ...intField(302, -1), ...bytesField(4, [1, 2, 3])]);
    expect(pieces).toEqual(SMALL_PIECES);
  });

  it("takes a piece of one NUL beside byte pieces as unused, as the library does", () => {
    const pieces: SentencePiece[] = [...BYTE_PIECES, { text: "\0", score: 0, type: "normal" }];
    expect(read(model(pieces, intField(35, 1))).pieces[256]!.type).toBe("unused");
  });

  it("keeps the file's bytes", () => {
    const bytes = model();
    expect(readSentencePiece(bytes, "x.model").bytes).toBe(bytes);
  });
});

const piece = (text: string, type: SentencePiece["type"], score = 0): SentencePiece => ({
  text,
  type,
  score,
});
const withPiece = (added: SentencePiece, trainer = SMALL_TRAINER) => model([...SMALL_PIECES, added], trainer);

describe("a model that SentencePiece itself does not load", () => {
  it.each([
    ["an empty piece", withPiece(piece("", "normal")), "pieces[7]: the piece is empty"],
    ["a piece twice", withPiece(piece("a", "normal")), 'pieces[7]: "a" is pieces[4] already'],
    [
      "a piece of two types in a BPE model",
      withPiece(piece("a", "control")),
      'pieces[7]: "a" is pieces[4] already',
    ],
    ["a score that is no number", withPiece(piece("b", "normal", NaN)), "pieces[7]: the score is NaN"],
    [
      "two unknown pieces",
      withPiece(piece("b", "unknown")),
      "pieces: expected one piece of the type unknown",
    ],
    ["no unknown piece", model(SMALL_PIECES.slice(1)), "pieces: expected one piece of the type unknown"],
    ["a NUL in a piece", withPiece(piece("b\0", "normal")), "pieces[7]: the piece holds a NUL"],
    ["a long piece", withPiece(piece("ä".repeat(4000), "normal")), "pieces[7]: the piece is longer than"],
    ["a byte piece alone", withPiece(piece("<0x41>", "byte")), "pieces[7]: a byte piece, but"],
    [
      "a byte piece misspelt",
      model([...SMALL_PIECES, piece("<0xa1>", "byte")], intField(35, 1)),
      'pieces[7]: not the spelling of a byte: "<0xa1>"',
    ],
    [
      "255 byte pieces",
      model([...SMALL_PIECES, ...BYTE_PIECES.slice(1)], intField(35, 1)),
      "pieces: expected 256 byte pieces, since byte_fallback is on, found 255",
    ],
  ])("%s", (_, bytes, message) => {
    expect(answer(bytes)).toContain(`tokenizer-invalid x.model: ${message}`);
  });

  it("may have a piece of two types when it is no BPE model", () => {
    expect(answer(withPiece(piece("a", "control"), []))).toBe("accepted");
  });
});

const BROKEN: readonly (readonly [string, ArrayLike<number>, string])[] = [
  ["nothing", [], "tokenizer-invalid x.model: the whole file: no pieces"],
  ["text", Buffer.from("hello, this is text"), "byte 2: field 13 has wire type 4"],
  ["no trainer_spec", SMALL_PIECES.flatMap(pieceField), "the whole file: no trainer_spec"],
  [
    "no normalizer_spec",
    [...SMALL_PIECES.flatMap(pieceField), ...bytesField(2, SMALL_TRAINER)],
    "the whole file: no normalizer_spec",
  ],
  ["field 0", [0, 1], "byte 0: not a field number"],
  ["a group", [0x0b, 0x0c], "byte 0: field 1 has wire type 3, which holds no value"],
  [
    "a number of 11 bytes",
    [0x18, ...Array<number>(10).fill(0x80), 1],
    "byte 0: a number of more than 10 bytes",
  ],
  [
    "a size of gigabytes",
    [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f],
    "byte 0: field 1 wants 4294967295 bytes, but 0 are left",
  ],
  [
    "a size of 2⁶³",
    [0x0a, ...varint(2n ** 63n)],
    "byte 0: field 1 wants 9223372036854776000 bytes, but 0 are left",
  ],
  [
    "a field that leaves its message",
    [0x0a, 2, 0x0a, 5, 1, 2, 3, 4, 5],
    "byte 2 (pieces[0]): field 1 wants 5 bytes, but 0 are left",
  ],
  ["a number for the pieces", [0x08, 1], "byte 0 (pieces[0]): expected wire type 2, found 0"],
  [
    "a score as an integer",
    bytesField(1, [...textField(1, "a"), ...intField(2, 7)]),
    "byte 5 (pieces[0].score): expected wire type 5, found 0",
  ],
  [
    "invalid UTF-8",
    bytesField(1, bytesField(1, [0x61, 0xff])),
    "byte 2 (pieces[0].piece): the text is not valid UTF-8",
  ],
  [
    "an unknown type of pieces",
    bytesField(1, [...textField(1, "a"), ...intField(3, 7)]),
    "tokenizer-unsupported x.model: byte 5 (pieces[0].type): the value 7 is not supported",
  ],
  [
    "an unknown type of models",
    bytesField(2, intField(3, 9)),
    "tokenizer-unsupported x.model: byte 2 (trainer_spec.model_type): the value 9 is not supported",
  ],
];

describe("a broken file", () => {
  it.each(BROKEN)("%s", (_, bytes, message) => {
    expect(answer(bytes)).toContain(message);
  });

  it("is refused wherever it is cut", () => {
    const whole = model(SMALL_PIECES, SMALL_TRAINER, SMALL_NORMALIZER);
    for (let size = 0; size < whole.length; size++) {
      expect(answer(whole.subarray(0, size)), `the first ${size} bytes`).toMatch(
        /^tokenizer-invalid x\.model: /,
      );
    }
  });

  it("of random bytes is refused", () => {
    const random = new Random(31);
    const answers = random.times(10_000, () => answer(randomBytes(random)));
    expect(unlike(answers, /^tokenizer-(invalid|unsupported) x\.model: /)).toEqual([]);
  });

  it("of a model with bytes changed is refused, or read", () => {
    const random = new Random(32);
    const whole = model();
    const answers = random.times(10_000, () => answer(damaged(whole, random)));
    const refusals = answers.filter((text) => text !== "accepted");
    expect(unlike(refusals, /^tokenizer-(invalid|unsupported) x\.model: /)).toEqual([]);
    // A changed letter or score makes another valid model; a changed length or tag does not.
    expect(refusals.length).toBeGreaterThan(1000);
    expect(refusals.length).toBeLessThan(9000);
  });
});
