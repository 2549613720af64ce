import { expect, it } from "vitest";
import { readSentencePiece } from "../../../src/tokenizer/formats/read-sentencepiece.ts";
import { readTiktokenRanks } from "../../../src/tokenizer/formats/read-tiktoken.ts";
import { refusal } from "./refusal.ts";

// 2 ** 22 tokens may be; the files have more.
const COUNT = 5_000_000;

it("a SentencePiece model of small pieces without end is refused before it fills the memory", () => {
  const bytes = Buffer.alloc(4 * COUNT, Uint8Array.of(0x0a, 2, 0x0a, 0));
  expect(refusal(() => readSentencePiece(bytes, "x.model"))).toBe(
    "tokenizer-unsupported x.model: byte 16777216 (pieces[4194304]): a vocabulary above 4194304 pieces is not supported",
  );
});

it("a rank file of short lines without end is refused before it fills the memory", () => {
  const bytes = Buffer.alloc(7 * COUNT, "YWI= 1\n");
  expect(refusal(() => readTiktokenRanks(bytes, "x.tiktoken"))).toBe(
    "tokenizer-unsupported x.tiktoken: line 4194305: a vocabulary above 4194304 tokens is not supported",
  );
});
