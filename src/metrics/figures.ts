// From what was added up to the figures of a result. A figure that cannot be computed is undefined, never 0.

import { inSlices } from "../counting/in-slices.ts";
import { byteOfCharacter } from "../text/byte-alphabet.ts";
import type { Model, TokenizerDefinition, TokenList } from "../tokenizer/definition.ts";
import { byteFallbackToken } from "../tokenizer/model-tokens.ts";
import type { TextTotals } from "./segment-measurer.ts";
import type { TallySums, TokenizerTally } from "./tokenizer-tally.ts";

export type FloorRule = "pre-tokens" | "pieces";

/** See CONTRACT section 3, or docs/results.md, for the definition of each. */
export interface TokenizerFigures {
  readonly tokens: number;
  readonly fertility: number | undefined;
  readonly bytesPerToken: number | undefined;
  readonly charactersPerToken: number | undefined;
  readonly continuedWordShare: number | undefined;
  readonly singleTokenWordShare: number | undefined;
  readonly floor: number | undefined;
  readonly floorRule: FloorRule;
  readonly headroom: number | undefined;
  readonly partialCharacterTokenShare: number | undefined;
  readonly unknownTokens: number;
  /** Undefined for models that do not fall back to bytes. */
  readonly byteFallbackTokens: number | undefined;
  readonly vocabularyUsed: number;
  readonly renyiEfficiency: number | undefined;
}

/** @param words undefined where words are not counted */
export function computeFigures(
  tally: TokenizerTally,
  text: Omit<TextTotals, "words">,
  words: number | undefined,
  floorRule: FloorRule,
): TokenizerFigures {
  const sums = tally.sums();
  const { tokens } = sums;
  const units = floorRule === "pieces" ? sums.pieces : sums.preTokens;
  const fertility = ratio(tokens, words);
  const floor = ratio(units, words);
  return {
    tokens,
    fertility,
    bytesPerToken: ratio(text.bytes, tokens),
    charactersPerToken: ratio(text.characters, tokens),
    continuedWordShare: words === undefined ? undefined : ratio(sums.continuedWords, words),
    singleTokenWordShare: words === undefined ? undefined : ratio(sums.singleTokenWords, words),
    floor,
    floorRule,
    headroom:
      floor === undefined || fertility === undefined || fertility === 0 ? undefined : 1 - floor / fertility,
    ...idFigures(tally.tokenizer.definition, sums),
  };
}

function ratio(value: number, by: number | undefined): number | undefined {
  return by === undefined || by === 0 ? undefined : value / by;
}

function idFigures(
  { model, vocabSize }: TokenizerDefinition,
  { tokens, modelUses: uses, addedUses: added }: TallySums,
): Pick<
  TokenizerFigures,
  "partialCharacterTokenShare" | "unknownTokens" | "byteFallbackTokens" | "vocabularyUsed" | "renyiEfficiency"
> {
  const { unknownId } = model;
  const { partial, bytes } = usesByKind(model, uses);
  const all = new Float64Array(Math.max(uses.length, ...[...added.keys()].map((id) => id + 1)));
  all.set(uses);
  for (const [id, count] of added) all[id]! += count;
  // In order of size, so that the sum does not depend on how ids are numbered.
  const times = all.filter((count) => count > 0).sort();
  return {
    partialCharacterTokenShare: ratio(partial, tokens),
    unknownTokens: unknownId === undefined ? 0 : uses[unknownId]!,
    byteFallbackTokens: fallsBackToBytes(model) ? bytes : undefined,
    vocabularyUsed: times.length,
    renyiEfficiency: renyiEfficiency(times, vocabSize),
  };
}

/** A token was looked at; it stands for part of a character; it is a byte that the model falls back to. */
const SEEN = 1;
const PARTIAL = 2;
const BYTE = 4;
const knownTokens = new WeakMap<Model, Uint8Array>();

// Uses of tokens that stand for part of a character, and of bytes that the model falls back to. Each token is looked at once,
// however many texts its tokenizer is measured on.
function usesByKind(model: Model, uses: Float64Array): { readonly partial: number; readonly bytes: number } {
  const known = knownTokens.get(model) ?? knownKinds(model);
  knownTokens.set(model, known);
  const sums = { partial: 0, bytes: 0 };
  const { tokens, unknownId } = model;
  inSlices(uses.length, (from, to) => addUsesByKind(tokens, unknownId, known, uses, from, to, sums));
  return sums;
}

function addUsesByKind(
  tokens: TokenList,
  unknownId: number | undefined,
  known: Uint8Array,
  uses: Float64Array,
  from: number,
  to: number,
  sums: { partial: number; bytes: number },
): void {
  let partial = 0;
  let bytes = 0;
  for (let id = from; id < to; id++) {
    const times = uses[id]!;
    if (times === 0 || id === unknownId) continue;
    if (known[id] === 0) known[id] = SEEN | (isCut(tokens.at(id)!) ? PARTIAL : 0);
    const kind = known[id]!;
    partial += (kind & PARTIAL) === 0 ? 0 : times;
    bytes += (kind & BYTE) === 0 ? 0 : times;
  }
  sums.partial += partial;
  sums.bytes += bytes;
}

// By id; 0 where the token has to be looked at. Outside of the byte-level alphabet only bytes are less than a character.
function knownKinds(model: Model): Uint8Array {
  const kinds = new Uint8Array(model.tokens.length);
  if (model.type === "bpe" && model.byteLevel) return kinds;
  kinds.fill(SEEN);
  for (let byte = 0; fallsBackToBytes(model) && byte < 256; byte++) {
    const id = model.idOfToken.get(byteFallbackToken(byte));
    if (id !== undefined) kinds[id] = SEEN | BYTE | (byte < 0x80 ? 0 : PARTIAL);
  }
  return kinds;
}

// Whether a token in the byte-level alphabet that occurs in well-formed text stands for less than whole characters: only its
// two ends can be cut.
function isCut(token: string): boolean {
  const first = byteOfCharacter(token.charCodeAt(0));
  if (first >= 0x80 && first < 0xc0) return true;
  return endsInsideCharacter(token);
}

// Of a token in the byte-level alphabet, without making its bytes: most end in ASCII.
function endsInsideCharacter(token: string): boolean {
  for (let back = 1; back <= Math.min(4, token.length); back++) {
    const byte = byteOfCharacter(token.charCodeAt(token.length - back));
    if (byte < 0x80) return false;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2);
  }
  return false;
}

// A byte-level model has a token for every byte anyway.
function fallsBackToBytes(model: Model): boolean {
  if (model.type === "wordpiece") return false;
  return model.byteFallback && !(model.type === "bpe" && model.byteLevel);
}

/** The order α of the entropy that predicts translation quality best (Zouhar et al. 2023, "Tokenization and the Noiseless Channel"). */
const RENYI_ORDER = 2.5;

/** H_α / log₂ |V| over the unigram distribution of ids; undefined for an empty text or a vocabulary of one. */
export function renyiEfficiency(uses: Float64Array, vocabSize: number): number | undefined {
  const total = uses.reduce((sum, times) => sum + times, 0);
  if (total === 0 || vocabSize < 2) return undefined;
  const power = uses.reduce((sum, times) => sum + (times / total) ** RENYI_ORDER, 0);
  return Math.log2(power) / (1 - RENYI_ORDER) / Math.log2(vocabSize);
}
