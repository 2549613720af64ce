// The slow twin of `vocab analyze`: every document is encoded by itself, and every figure is counted by plain loops over
// the definitions of CONTRACT section 3. No segments, no memo, no sharing.

import { BYTE_CHARACTERS } from "../../src/text/byte-alphabet.ts";
import { hasPreTokenizer } from "../../src/tokenizer/safe-cuts.ts";
import type { Encoding, Tokenizer } from "../../src/tokenizer/tokenizer.ts";
import { whitespaceWordsSlowly } from "./whitespace-words.ts";

export interface SlowWordRule {
  readonly rule: "whitespace" | "uax29" | "gold" | "none";
  readonly locale: string;
  /** With `gold`: the words of each document, as its treebank has them. */
  readonly gold?: readonly SlowWords[];
}

/** Byte ranges, in order. */
export type SlowWords = readonly (readonly [start: number, end: number])[];

/** The names are those of the result; a figure that cannot be computed is undefined. */
export interface SlowFigures {
  readonly tokens: number;
  readonly fertility: number | undefined;
  readonly bytesPerToken: number | undefined;
  readonly charactersPerToken: number | undefined;
  readonly continuedWordShare: number | undefined;
  readonly singleTokenWordShare: number | undefined;
  readonly floor: number | undefined;
  readonly floorRule: "pre-tokens" | "pieces";
  readonly headroom: number | undefined;
  readonly partialCharacterTokenShare: number | undefined;
  readonly unknownTokens: number;
  readonly byteFallbackTokens: number | undefined;
  readonly vocabularyUsed: number;
  readonly renyiEfficiency: number | undefined;
}

export interface SlowText {
  readonly documents: number;
  readonly bytes: number;
  readonly characters: number;
  readonly words: number | undefined;
}

export function textSlowly(documents: readonly string[], words: SlowWordRule): SlowText {
  let bytes = 0;
  let characters = 0;
  let count = 0;
  documents.forEach((document, i) => {
    bytes += Buffer.byteLength(document);
    for (const _ of document) characters++;
    count += wordsSlowly(document, i, words).length;
  });
  return { documents: documents.length, bytes, characters, words: words.rule === "none" ? undefined : count };
}

export function analyzeSlowly(
  documents: readonly string[],
  tokenizer: Tokenizer,
  rule: SlowWordRule,
): SlowFigures {
  const text = textSlowly(documents, rule);
  const floorRule = hasPreTokenizer(tokenizer.definition) ? "pre-tokens" : "pieces";
  let tokens = 0;
  let units = 0;
  let continued = 0;
  let single = 0;
  let partial = 0;
  let unknown = 0;
  let bytes = 0;
  const uses = new Map<number, number>();
  documents.forEach((document, index) => {
    const encoding = tokenizer.encodeBytes(Buffer.from(document));
    tokens += encoding.ids.length;
    units += floorRule === "pieces" ? encoding.pieces : encoding.preTokens;
    encoding.ids.forEach((id, i) => {
      uses.set(id, (uses.get(id) ?? 0) + 1);
      if (encoding.added[i]) return;
      if (id === tokenizer.definition.model.unknownId) unknown++;
      else {
        if (isPartial(tokenizer, id)) partial++;
        if (byteOf(tokenizer, id) !== undefined) bytes++;
      }
    });
    for (const [start, end] of wordsSlowly(document, index, rule)) {
      const touching = tokensTouching(encoding, start, end);
      if (touching >= 2) continued++;
      if (touching === 1) single++;
    }
  });
  const { words } = text;
  const fertility = share(tokens, words);
  const floor = share(units, words);
  return {
    tokens,
    fertility,
    bytesPerToken: share(text.bytes, tokens),
    charactersPerToken: share(text.characters, tokens),
    continuedWordShare: share(continued, words),
    singleTokenWordShare: share(single, words),
    floor,
    floorRule,
    headroom: floor !== undefined && fertility ? 1 - floor / fertility : undefined,
    partialCharacterTokenShare: share(partial, tokens),
    unknownTokens: unknown,
    byteFallbackTokens: fallsBack(tokenizer) ? bytes : undefined,
    vocabularyUsed: uses.size,
    renyiEfficiency: renyiSlowly([...uses.values()], tokenizer.definition.vocabSize),
  };
}

function share(part: number, whole: number | undefined): number | undefined {
  return whole === undefined || whole === 0 ? undefined : part / whole;
}

/** The words of a document, which is the `index`-th. */
export function wordsSlowly(
  document: string,
  index: number,
  { rule, locale, gold = [] }: SlowWordRule,
): SlowWords {
  if (rule === "none") return [];
  if (rule === "gold") return gold[index]!;
  if (rule === "whitespace") return whitespaceWordsSlowly(document);
  const ranges: [number, number][] = [];
  let at = 0;
  for (const { segment, isWordLike } of new Intl.Segmenter(locale, { granularity: "word" }).segment(
    document,
  )) {
    const end = at + Buffer.byteLength(segment);
    if (isWordLike) ranges.push([at, end]);
    at = end;
  }
  return ranges;
}

// A token touches a word when they have a byte in common: a token over nothing (a prefix put before the text) has none.
function tokensTouching({ starts, ends }: Encoding, start: number, end: number): number {
  let touching = 0;
  for (let i = 0; i < starts.length; i++)
    if (Math.max(starts[i]!, start) < Math.min(ends[i]!, end)) touching++;
  return touching;
}

// "Ġthe" is valid, "Ù" (the byte D9 alone) is not; neither is the byte token <0xD9>.
function isPartial(tokenizer: Tokenizer, id: number): boolean {
  const { model } = tokenizer.definition;
  const token = model.tokens.at(id)!;
  if (model.type === "bpe" && model.byteLevel) {
    const bytes = Uint8Array.from(token, (character) => BYTE_CHARACTERS.indexOf(character));
    return !isValid(bytes);
  }
  const byte = byteOf(tokenizer, id);
  return byte !== undefined && !isValid(Uint8Array.of(byte));
}

function fallsBack({ definition: { model } }: Tokenizer): boolean {
  if (model.type === "wordpiece") return false;
  return model.type === "unigram" ? model.byteFallback : model.byteFallback && !model.byteLevel;
}

// The byte that a token of byte fallback stands for: 10 for "<0x0A>".
function byteOf(tokenizer: Tokenizer, id: number): number | undefined {
  if (!fallsBack(tokenizer)) return undefined;
  const hex = /^<0x([0-9A-F]{2})>$/.exec(tokenizer.definition.model.tokens.at(id)!);
  return hex === null ? undefined : Number.parseInt(hex[1]!, 16);
}

function isValid(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

// Rényi entropy of order 2.5 in bits, log₂(Σ p^2.5) / (1 − 2.5), over the bits of an id.
function renyiSlowly(uses: readonly number[], vocabSize: number): number | undefined {
  const total = uses.reduce((sum, count) => sum + count, 0);
  if (total === 0 || vocabSize < 2) return undefined;
  let sum = 0;
  for (const count of uses) sum += (count / total) ** 2.5;
  return Math.log2(sum) / -1.5 / Math.log2(vocabSize);
}

export interface SlowInterval {
  readonly low: number;
  readonly high: number;
  readonly documents: number;
}

/**
 * The 95 % interval of a fertility by the bootstrap: 1,000 times, draw as many documents as there are, with replacement,
 * and note the fertility of what was drawn. The deviations from the sample's own fertility, sorted, say how far the exact
 * one may be off: the 25th and the 975th.
 * @param sample in the order in which the generator's numbers point at them; the words of `gold` are theirs
 */
export function intervalSlowly(
  sample: readonly string[],
  tokenizer: Tokenizer,
  rule: SlowWordRule,
  exact: number | undefined,
  seed: number,
): SlowInterval | undefined {
  if (sample.length < 30 || exact === undefined) return undefined;
  const figures = sample.map((document, i) => ({
    tokens: tokenizer.encodeBytes(Buffer.from(document)).ids.length,
    words: wordsSlowly(document, i, rule).length,
  }));
  const random = sfc32(seed);
  const own = ratioOf(figures);
  const deviations: number[] = [];
  for (let resample = 0; resample < 1000; resample++) {
    const drawn = figures.map(() => figures[Math.floor((random() * figures.length) / 2 ** 32)]!);
    deviations.push(ratioOf(drawn) - own);
  }
  if (!deviations.every(Number.isFinite)) return undefined;
  deviations.sort((a, b) => a - b);
  return { low: exact + deviations[24]!, high: exact + deviations[974]!, documents: sample.length };
}

function ratioOf(figures: readonly { tokens: number; words: number }[]): number {
  let tokens = 0;
  let words = 0;
  for (const figure of figures) {
    tokens += figure.tokens;
    words += figure.words;
  }
  return tokens / words;
}

// The generator sfc32 of PractRand: 32 bits a call.
function sfc32(seed: number): () => number {
  let [a, b, c, counter] = [seed | 0, Math.floor(seed / 2 ** 32) | 0, 0x9e3779b9 | 0, 1];
  const next = (): number => {
    const bits = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + bits) | 0;
    return bits >>> 0;
  };
  for (let warmUp = 0; warmUp < 15; warmUp++) next();
  return next;
}
