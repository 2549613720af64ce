// Expansions of SentencePiece models and tiktoken ranks: what is written, and what verification says of faults.

import { expect, it } from "vitest";
import { scoresBelow } from "../../src/expansion/expand-sentencepiece.ts";
import {
  expandVocabularyFile,
  parseVocabularyFile,
  type VocabularyFile,
} from "../../src/expansion/vocabulary-file.ts";
import { readSentencePiece, type SentencePiece } from "../../src/tokenizer/formats/read-sentencepiece.ts";
import { writeSentencePiece } from "../../src/tokenizer/formats/write-sentencepiece.ts";
import { Tokenizer } from "../../src/tokenizer/tokenizer.ts";
import type { Candidate, LearnedTokens } from "../../src/training/candidates.ts";
import { verifyExpansion } from "../../src/verification/verify-expansion.ts";
import { BYTE_PIECES, bytesField, intField, pieceField } from "../tokenizer/formats/protobuf-writer.ts";

const PIECES: readonly SentencePiece[] = [
  { text: "<unk>", score: 0, type: "unknown" },
  ...BYTE_PIECES,
  ...["▁", "س", "ل", "ا", "م", "a"].map((text) => ({ text, score: -1e9, type: "normal" as const })),
  { text: "سل", score: -1, type: "normal" },
];
const MODEL: VocabularyFile = {
  format: "sentencepiece",
  name: "tokenizer.model",
  bytes: Uint8Array.from([
    ...PIECES.flatMap((piece) => pieceField(piece)),
    ...bytesField(2, [...intField(3, 2), ...intField(35, 1)]),
    ...bytesField(3, intField(4, 0)),
  ]),
};
const RANKS: VocabularyFile = {
  format: "tiktoken",
  name: "x.tiktoken",
  bytes: Buffer.from(
    Array.from({ length: 256 }, (_, byte) => `${Buffer.of(byte).toString("base64")} ${byte}\n`).join(""),
  ),
  beside: { pattern: " ?\\p{L}+|.", specialTokens: [{ id: 260, text: "<|end|>" }] },
};

function candidate(base: VocabularyFile, token: string, text: string, parts: readonly string[]): Candidate {
  const { model } = parseVocabularyFile(base, "base");
  const bytes = Buffer.from(text).toString("hex");
  return {
    token,
    bytes,
    text,
    kind: "token",
    constituents: parts.map((part) => model.idOfToken.get(part)!),
    count: 9,
  };
}

/** سل + ا, then سلا + م. */
const LEARNED: LearnedTokens = {
  firstId: PIECES.length,
  candidates: [
    candidate(MODEL, "سلا", "سلا", ["سل", "ا"]),
    candidate(MODEL, "سلام", "سلام", ["سل", "ا", "م"]),
  ],
  merges: [
    [PIECES.length - 1, PIECES.findIndex(({ text }) => text === "ا"), PIECES.length],
    [PIECES.length, PIECES.findIndex(({ text }) => text === "م"), PIECES.length + 1],
  ],
};

async function failures(base: VocabularyFile, expanded: VocabularyFile): Promise<readonly string[]> {
  const certificate = await verifyExpansion(
    { base: { source: "base", file: base }, expanded: { source: "expanded", file: expanded }, panel: [] },
    { generated: 300 },
  );
  return certificate.checks.filter(({ ok }) => !ok).map(({ id, detail }) => `${id}: ${detail}`);
}

it("scores fall strictly in single precision, below pieces at -1e9 too", () => {
  expect([...scoresBelow(-31_740, 3)]).toEqual([-31_741, -31_742, -31_743]);
  // The neighbours of -1e9 in single precision are 64 apart.
  expect([...scoresBelow(-1e9, 3)]).toEqual([-1_000_000_064, -1_000_000_128, -1_000_000_192]);
  const many = scoresBelow(-2e9, 20_000);
  expect(many.every((score, i) => i === 0 || score < many[i - 1]!)).toBe(true);
});

it("a SentencePiece model gets pieces below all others, and keeps its guarantees", async () => {
  const expanded = expandVocabularyFile(MODEL, parseVocabularyFile(MODEL, "base"), LEARNED);
  if (expanded.format !== "sentencepiece") throw new Error("another format");
  const { pieces } = readSentencePiece(expanded.bytes, "expanded");
  expect(pieces.slice(PIECES.length)).toEqual([
    { text: "سلا", score: -1_000_000_064, type: "normal" },
    { text: "سلام", score: -1_000_000_128, type: "normal" },
  ]);
  const tokenizer = new Tokenizer(parseVocabularyFile(expanded, "expanded"));
  expect(tokenizer.encode("سلام a")).toEqual([257, PIECES.length + 1, 257, 262]);
  expect(await failures(MODEL, expanded)).toEqual([]);
});

it("new pieces with score 0, which many tools write, are found by G2 and G3", async () => {
  if (MODEL.format !== "sentencepiece") throw new Error("another format");
  const model = readSentencePiece(MODEL.bytes, "base");
  const added = ["لا", "سلا"].map((text) => ({ text, score: 0, type: "normal" as const }));
  const faults = await failures(MODEL, { ...MODEL, bytes: writeSentencePiece(model, added) });
  expect(faults.map((fault) => fault.slice(0, 2))).toEqual(expect.arrayContaining(["G2", "G3"]));
  expect(faults[0]).toMatch(/new token "لا" is not below all that come before it/);
});

it("ranks are appended above every id, special ones too", async () => {
  const learned: LearnedTokens = {
    firstId: 261,
    candidates: [{ ...candidate(RANKS, "ab", "ab", ["a", "b"]), count: 3 }],
    merges: [[97, 98, 261]],
  };
  const expanded = expandVocabularyFile(RANKS, parseVocabularyFile(RANKS, "base"), learned);
  if (expanded.format !== "tiktoken") throw new Error("another format");
  expect(Buffer.from(expanded.bytes).toString().split("\n").at(-2)).toBe("YWI= 261");
  expect(new Tokenizer(parseVocabularyFile(expanded, "x")).encode("ab<|end|>")).toEqual([261, 260]);
  expect(await failures(RANKS, expanded)).toEqual([]);
});
