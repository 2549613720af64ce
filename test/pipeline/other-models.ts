// Random tokenizers of the models that are not byte-level BPE: Unigram and WordPiece with the normalizers and
// pre-tokenizers that real ones have, and SentencePiece models.

import type { SentencePiece } from "../../src/tokenizer/formats/read-sentencepiece.ts";
import { BYTE_PIECES, intField, model as sentencePieceModel } from "../tokenizer/formats/protobuf-writer.ts";
import type { Random } from "../tokenizer/hostile-text.ts";
import { type RandomTokenizer, randomTokenizer } from "../tokenizer/random-tokenizers.ts";

type Json = Readonly<Record<string, unknown>>;

interface TokenizerJson {
  readonly added_tokens: readonly Json[];
  readonly model: Json & { readonly type: "Unigram" | "WordPiece"; readonly vocab: unknown };
  readonly [part: string]: unknown;
}

/** As BERT, T5 or XLM-R are. @param hasAdded whether it may have added tokens */
export function otherTokenizer(random: Random, hasAdded = true): RandomTokenizer {
  const { parsed, likes } = randomOther(random);
  const parts = parsed.model.type === "WordPiece" ? wordPieceParts(random) : unigramParts(random);
  const kept = parsed.added_tokens.filter(() => hasAdded && random.chance(0.4));
  const added = kept.map((token) => ({
    ...token,
    rstrip: random.chance(0.1),
    single_word: random.chance(0.1),
  }));
  return { json: JSON.stringify({ ...parsed, ...parts, added_tokens: renumbered(added, parsed) }), likes };
}

function randomOther(random: Random): { readonly parsed: TokenizerJson; readonly likes: readonly string[] } {
  for (;;) {
    const { json, likes } = randomTokenizer(random);
    const parsed = JSON.parse(json) as TokenizerJson;
    if (parsed.model.type === "Unigram" || parsed.model.type === "WordPiece") return { parsed, likes };
  }
}

// Ids of added tokens that the model lacks begin where its vocabulary ends.
function renumbered(tokens: readonly Json[], { model }: TokenizerJson): Json[] {
  const list = Array.isArray(model.vocab)
    ? (model.vocab as [string, number][]).map(([piece]) => piece)
    : Object.keys(model.vocab as Json);
  const idOf = new Map(
    Array.isArray(model.vocab)
      ? list.map((piece, id) => [piece, id] as const)
      : Object.entries(model.vocab as Record<string, number>),
  );
  let next = list.length;
  return tokens.map((token) => ({ ...token, id: idOf.get(token["content"] as string) ?? next++ }));
}

function wordPieceParts(random: Random): Json {
  const bert = {
    type: "BertNormalizer",
    clean_text: random.chance(0.3),
    handle_chinese_chars: random.chance(0.7),
    strip_accents: random.pick([null, true, false]),
    lowercase: random.chance(0.5),
  };
  return {
    normalizer: random.pick([null, bert, bert, bert, sequence([{ type: "NFKC" }, { type: "Lowercase" }])]),
    pre_tokenizer: random.pick([
      { type: "BertPreTokenizer" },
      { type: "BertPreTokenizer" },
      { type: "Whitespace" },
      { type: "Sequence", pretokenizers: [{ type: "WhitespaceSplit" }, { type: "Punctuation" }] },
    ]),
  };
}

function unigramParts(random: Random): Json {
  const form = random.pick([[], [{ type: "NFKC" }], [{ type: "NFC" }, { type: "Lowercase" }]]);
  const blanks = { type: "Replace", pattern: { Regex: " {2,}" }, content: random.pick([" ", "▁"]) };
  const symbols = { type: "Replace", pattern: { String: " " }, content: "▁" };
  const steps = [...form, ...random.pick<Json[]>([[], [], [blanks]])];
  const metaspace = {
    type: "Metaspace",
    replacement: "▁",
    prepend_scheme: random.pick(["always", "first", "never"]),
    split: random.chance(0.6),
  };
  const words = { type: "Sequence", pretokenizers: [{ type: "WhitespaceSplit" }, metaspace] };
  const digits = { type: "Sequence", pretokenizers: [words, { type: "Digits", individual_digits: true }] };
  if (random.chance(0.7))
    return { normalizer: sequence(steps), pre_tokenizer: random.pick([metaspace, words, words, digits]) };
  // As Gemma: no pre-tokenizer, or one that never fires.
  const prefix = random.pick<Json[]>([[], [{ type: "Prepend", prepend: "▁" }]]);
  const inert = { type: "Split", pattern: { String: " " }, behavior: "MergedWithPrevious", invert: false };
  return {
    normalizer: sequence([...form, ...prefix, symbols]),
    pre_tokenizer: random.pick([null, inert]),
  };
}

function sequence(normalizers: readonly Json[]): Json | null {
  return normalizers.length === 0 ? null : { type: "Sequence", normalizers };
}

/** A SentencePiece model file, BPE or Unigram. */
export function sentencePieceFile(random: Random): {
  readonly bytes: Uint8Array;
  readonly likes: readonly string[];
} {
  const { parsed, likes } = randomOther(random);
  const isBpe = random.chance(0.5);
  const hasBytes = random.chance(0.5);
  const pieces: SentencePiece[] = [{ text: "<unk>", score: 0, type: "unknown" }];
  if (hasBytes) pieces.push(...BYTE_PIECES);
  const taken = new Set(pieces.map(({ text }) => text));
  const add = (text: string, type: SentencePiece["type"]) => {
    if (text === "" || text.includes("\0") || taken.has(text)) return;
    taken.add(text);
    pieces.push({ text, score: -pieces.length, type });
  };
  if (random.chance(0.5)) for (const like of likes.slice(0, 2)) add(like, "user-defined");
  for (const text of textsOf(parsed)) {
    // Like real ones, most have the symbol at their beginning only.
    const spelt = text.replaceAll(" ", "▁");
    const piece = random.chance(0.9) ? spelt.replace(/(?<=[^▁])▁.*/su, "") : spelt;
    // BPE is read where every character is a piece.
    if (isBpe) for (const character of piece) add(character, "normal");
    add(piece, "normal");
  }
  for (const space of ["▁", "\t", "\n", "\v", "\f", "\r"]) add(space, "normal");
  const trainer = [...(isBpe ? intField(3, 2) : intField(3, 1)), ...(hasBytes ? intField(35, 1) : [])];
  const normalizer = [...intField(3, random.integer(0, 1)), ...intField(4, random.integer(0, 1))];
  return { bytes: sentencePieceModel(pieces, trainer, normalizer), likes };
}

function textsOf({ model }: TokenizerJson): readonly string[] {
  return Array.isArray(model.vocab)
    ? (model.vocab as [string, number][]).map(([piece]) => piece)
    : Object.keys(model.vocab as Json);
}
