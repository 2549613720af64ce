import { describe, expect, it } from "vitest";
import { SEGMENT_PADDING } from "../../src/counting/segment-counts.ts";
import { findTraits } from "../../src/pre-tokens/segment-traits.ts";
import {
  characterGroups,
  FORMAT_CHARACTERS,
  IDEOGRAPHS_AND_KANA,
  LOOSE_FORMAT_CHARACTERS,
  MARKS,
  NUMBERS,
  OTHER_CHARACTERS,
  PUNCTUATION_AND_SYMBOLS,
  PUNCTUATION_BEFORE_OTHERS,
} from "../../src/tokenizer/character-groups.ts";
import type { SplitBehavior } from "../../src/tokenizer/definition.ts";
import { compareSplits } from "../../src/tokenizer/sharing.ts";
import { type CompiledSplit, compileSplits, PieceList, Splitter } from "../../src/tokenizer/splitter.ts";
import { Random } from "./hostile-text.ts";

const SPACES = "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const QWEN3 = `${CONTRACTIONS}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|${SPACES}`;
const QWEN35 = `${CONTRACTIONS}|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|${SPACES}`;
const LLAMA3 = QWEN3.replace("\\p{N}|", "\\p{N}{1,3}|");
const GPT2 = "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
const GPT2_POSSESSIVE =
  "'(?:[sdmt]|ll|ve|re)| ?\\p{L}++| ?\\p{N}++| ?[^\\s\\p{L}\\p{N}]++|\\s++$|\\s+(?!\\S)|\\s";
const DEEPSEEK =
  "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|" +
  SPACES;

function chain(...steps: readonly (string | readonly [string, SplitBehavior, boolean])[]): CompiledSplit[] {
  return compileSplits(
    steps.map((step) => {
      const [regex, behavior, invert] =
        typeof step === "string" ? ([step, "Isolated", false] as const) : step;
      return { type: "split", pattern: { regex, syntax: "oniguruma" }, behavior, invert };
    }),
  );
}

const CHAINS: Readonly<Record<string, CompiledSplit[]>> = {
  "Qwen 3": chain(QWEN3),
  "Qwen 3.5": chain(QWEN35),
  "Llama 3": chain(LLAMA3),
  "Llama 3, matches kept": chain([LLAMA3, "Removed", true]),
  "GPT-2": chain(GPT2),
  "GPT-2, possessive": chain(GPT2_POSSESSIVE),
  DeepSeek: chain("\\p{N}{1,3}", "[一-龥぀-ゟ゠-ヿ]+", DEEPSEEK),
  spaces: chain([" ", "MergedWithPrevious", false]),
  "words only": chain(["\\p{L}+", "Removed", true]),
};

function piecesOf(splits: readonly CompiledSplit[], text: string): number[] {
  const bytes = Buffer.from(text, "utf8");
  const pieces = new PieceList();
  new Splitter(splits).split(bytes, 0, bytes.length, pieces);
  return [...pieces.offsets.subarray(0, pieces.length)];
}

describe("compareSplits", () => {
  it.each([
    ["Qwen 3", "Qwen 3", 0],
    ["Qwen 3", "Llama 3", NUMBERS],
    ["Qwen 3", "Llama 3, matches kept", NUMBERS],
    ["Llama 3", "Llama 3, matches kept", 0],
    ["Qwen 3", "Qwen 3.5", MARKS],
    ["GPT-2", "GPT-2, possessive", 0],
    ["Qwen 3", "spaces", undefined],
    ["Qwen 3", "words only", undefined],
  ])("%s and %s", (a, b, agreement) => {
    expect(compareSplits(CHAINS[a]!, CHAINS[b]!)).toBe(agreement);
    expect(compareSplits(CHAINS[b]!, CHAINS[a]!)).toBe(agreement);
  });

  it("DeepSeek's three splits are one where there are neither numbers nor ideographs", () => {
    const agreement = compareSplits(CHAINS["DeepSeek"]!, CHAINS["Qwen 3"]!)!;
    expect(agreement & IDEOGRAPHS_AND_KANA).toBeGreaterThan(0);
    expect(agreement & PUNCTUATION_BEFORE_OTHERS).toBeGreaterThan(0);
    expect(agreement & LOOSE_FORMAT_CHARACTERS).toBeGreaterThan(0);
    expect(agreement & (PUNCTUATION_AND_SYMBOLS | FORMAT_CHARACTERS)).toBe(0);
  });
});

function groupsOf(text: string): number {
  const bytes = Buffer.from(text + "\0".repeat(SEGMENT_PADDING), "utf8");
  const offsets = Uint32Array.of(0, bytes.length - SEGMENT_PADDING);
  return findTraits({ bytes, offsets, counts: Float64Array.of(1) }, new Uint8Array(0x10000)).groups[0]!;
}

// Some characters of every group and of none.
const SAMPLES = [..." abcزبانéßไญаÉДǅ0٣¾〇一ぁーア가‌‍​.,،'’/+€ً̀ा\t\n\r \u00a0\u3000\u0000\u0007\u{10ffff}𞤢𝟘"];

describe("chains that agree", () => {
  const groups = characterGroups();
  const names = Object.keys(CHAINS);
  const pairs = names.flatMap((a) => names.filter((b) => b > a).map((b) => [a, b] as const));

  it.each(pairs)("%s and %s divide texts without those groups alike", (a, b) => {
    const agreement = compareSplits(CHAINS[a]!, CHAINS[b]!);
    if (agreement === undefined) return;
    const random = new Random(5);
    const allowed = SAMPLES.filter((sample) => (groups[sample.codePointAt(0)!]! & agreement) === 0);
    expect(allowed.length).toBeGreaterThan(8);
    let compared = 0;
    for (let round = 0; round < 4000; round++) {
      const text = random.times(1 + Math.floor(random.next() * 12), () => random.pick(allowed)).join("");
      if ((groupsOf(text) & agreement) !== 0) continue;
      compared++;
      expect(piecesOf(CHAINS[a]!, text), JSON.stringify(text)).toEqual(piecesOf(CHAINS[b]!, text));
    }
    expect(compared).toBeGreaterThan(500);
  });

  it("ZWNJ between letters and punctuation at the end are nothing to disagree on", () => {
    const agreement = compareSplits(CHAINS["DeepSeek"]!, CHAINS["Qwen 3"]!)!;
    for (const text of [" می\u200cشود", " است.", " «"]) expect(groupsOf(text) & agreement, text).toBe(0);
    for (const text of [" می\u200c", " \u200cشود", " می\u200c\u200cشود", " «است", " x.y", " .5"])
      expect(groupsOf(text) & agreement, text).toBeGreaterThan(0);
  });

  it("an apostrophe is no punctuation here", () => {
    expect(groups[0x27]).toBe(OTHER_CHARACTERS);
  });
});
