// Small random SentencePiece BPE models with user-defined pieces, as the reader gives them.

import type { SentencePiece, SentencePieceModel } from "../../src/tokenizer/formats/read-sentencepiece.ts";
import { NORMALIZER_DEFAULTS, TRAINER_DEFAULTS } from "../../src/tokenizer/formats/sentencepiece-fields.ts";
import { byteFallbackToken } from "../../src/tokenizer/model-tokens.ts";
import { hostileLine, type Random } from "./hostile-text.ts";

/** Space runs, line ends, digits, and what looks like words. */
const USER_DEFINED = [..."0123456789", "▁▁", "▁▁▁", "\n", "\n\n", "\t", "ab", "<x>", "▁the", "é", "中"];

export function randomSentencePiece(random: Random): SentencePieceModel {
  const pieces: SentencePiece[] = [
    { text: "<unk>", score: 0, type: "unknown" },
    { text: "<s>", score: 0, type: "control" },
  ];
  const byteFallback = random.chance(0.7);
  if (byteFallback)
    for (let byte = 0; byte < 256; byte++)
      pieces.push({ text: byteFallbackToken(byte), score: 0, type: "byte" });
  const own = new Set(USER_DEFINED.filter(() => random.chance(0.3)));
  if (random.chance(0.1)) own.add("a▁");
  const crosses = random.chance(0.1);
  for (const text of own) pieces.push({ text, score: 0, type: "user-defined" });
  let score = 0;
  for (const text of learnedPieces(random)) {
    // Most models have white space at the start of pieces only.
    if (own.has(text) || (!crosses && /.[▁\s]/su.test(text))) continue;
    // Equal scores: of such pairs the leftmost is merged.
    if (random.chance(0.8)) score--;
    pieces.push({ text, score, type: "normal" });
  }
  return {
    file: "random.model",
    pieces: pieces.filter(({ text, type }) => type !== "normal" || spellable(text, pieces)),
    trainer: { ...TRAINER_DEFAULTS, modelType: "bpe", byteFallback },
    normalizer: {
      ...NORMALIZER_DEFAULTS,
      addDummyPrefix: random.chance(0.6),
      removeExtraWhitespaces: false,
    },
    denormalizer: undefined,
    bytes: new Uint8Array(0),
  };
}

// Characters first, then pieces of neighbours, longer and longer.
function learnedPieces(random: Random): string[] {
  const text = random
    .times(10, () => hostileLine(random))
    .join(" the abc ab a in 12 of ")
    .replaceAll(" ", "▁");
  const characters = [...text];
  const pieces = new Set(characters.filter(() => random.chance(0.9)));
  for (let length = 2; length <= 5; length++)
    for (let i = 0; i < 30; i++) {
      const at = random.integer(0, characters.length - length);
      pieces.add(characters.slice(at, at + length).join(""));
    }
  return [...pieces];
}

// The loader refuses a piece with a character that is no piece.
function spellable(text: string, pieces: readonly SentencePiece[]): boolean {
  const known = new Set(pieces.filter(({ type }) => type === "normal").map((piece) => piece.text));
  return [...text].every((character) => known.has(character));
}
