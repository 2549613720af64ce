// Byte-level models of random merges, and their loop in WebAssembly: which tokens it gives for texts.

import { expect } from "vitest";
import { BYTE_CHARACTERS } from "../../src/text/byte-alphabet.ts";
import { BpeEncoder } from "../../src/tokenizer/bpe-encoder.ts";
import type { BpeModel } from "../../src/tokenizer/definition.ts";
import type { EncodeLoop, PreTokenTexts } from "../../src/tokenizer/encode-loop.ts";
import type { Merges } from "../reference/bpe.ts";
import type { Random } from "./hostile-text.ts";
import { bpeModel, type Parts } from "./tiny-tokenizer.ts";

export const LETTERS = [" ", "a", "b", "ل", "م", "ن", "س", "ص", "é", "ส", "ก", "अ", "中", "😀"];

/** In the byte-level alphabet: "ل" is "ÙĦ". */
export const spell = (text: string) => [...Buffer.from(text)].map((byte) => BYTE_CHARACTERS[byte]!).join("");

/** A byte-level model of merges written in its alphabet: "Ù Ħ". `more`: tokens that no merge makes. */
export function modelOf(merges: Merges, more: readonly string[] = [], parts: Parts = {}): BpeModel {
  const tokens = [...new Set([...BYTE_CHARACTERS, ...merges.map((pair) => pair.join("")), ...more])];
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  return bpeModel({ vocab, merges, unk_token: null, ...parts }, true);
}

// Byte by byte within letters, mostly first and in order; then of neighbours in random words.
export function randomMerges(random: Random): Merges {
  const merges = random.times(60, (): [string, string] => {
    const word = spell(random.times(3, () => random.pick(LETTERS)).join(""));
    const start = random.integer(0, word.length - 2);
    const middle = random.integer(start + 1, Math.min(word.length - 1, start + 3));
    return [word.slice(start, middle), word.slice(middle, random.integer(middle + 1, middle + 3))];
  });
  for (const letter of LETTERS.map(spell))
    for (let k = 1; k < letter.length; k++)
      if (random.chance(0.9))
        merges.splice(random.chance(0.8) ? k - 1 : random.integer(0, merges.length), 0, [
          letter.slice(0, k),
          letter[k]!,
        ]);
  return possible([...new Map(merges.map((pair) => [pair.join(" "), pair])).values()]);
}

// The merges whose parts are bytes, or made by others that are possible.
function possible(merges: Merges): Merges {
  const tokens = new Set([...BYTE_CHARACTERS, ...merges.map((pair) => pair.join(""))]);
  const rest = merges.filter((pair) => pair.every((part) => tokens.has(part)));
  return rest.length === merges.length ? merges : possible(rest);
}

export function loopOf(model: BpeModel): EncodeLoop {
  const { loop } = new BpeEncoder(model);
  if (loop === undefined) throw new Error("there is no WebAssembly: npm run build");
  return loop;
}

/** The texts as pre-tokens, one behind another. */
export function preTokensOf(texts: readonly string[]): PreTokenTexts {
  const offsets = new Uint32Array(texts.length + 1);
  texts.forEach((text, i) => {
    offsets[i + 1] = offsets[i]! + Buffer.byteLength(text);
  });
  return { bytes: Buffer.from(texts.join("")), offsets, size: texts.length };
}

/** Of each text the tokens and how many of them lie in the white space that it begins with. */
export function encodeByLoop(
  model: BpeModel,
  texts: readonly string[],
): { readonly tokens: string[][]; readonly inSpace: number[] } {
  const loop = loopOf(model);
  const states = new Uint16Array(texts.length).fill(1);
  const places = new Uint32Array(texts.length);
  const spaces = Uint8Array.from(texts, (text) => text.length - text.trimStart().length);
  expect(loop.run(preTokensOf(texts), { states, places, spaces }, 0, 1000).preTokens).toBe(texts.length);
  const tokens = texts.map((text, i) => {
    const at = places[i]! - 1000;
    const count = (states[i]! >> 3) - 1;
    const lengths = [...loop.lengths.subarray(at, at + count)];
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(Buffer.byteLength(text));
    const ids = [...loop.ids.subarray(at, at + count)];
    if (model.byteLevel) expect(lengths).toEqual(ids.map((id) => model.tokens.at(id)!.length));
    return ids.map((id) => model.tokens.at(id)!);
  });
  return { tokens, inSpace: [...states].map((state) => state & 7) };
}
