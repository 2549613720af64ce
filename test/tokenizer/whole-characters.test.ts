// The loop in WebAssembly begins with whole characters where that is safe: its ids are those of merging the bytes.

import { expect, it } from "vitest";
import { BYTE_CHARACTERS } from "../../src/text/byte-alphabet.ts";
import { BpeEncoder } from "../../src/tokenizer/bpe-encoder.ts";
import type { BpeModel } from "../../src/tokenizer/definition.ts";
import { MergeTable } from "../../src/tokenizer/merge-table.ts";
import { CONDITION_WORDS, IN_BYTES, wholeCharacters } from "../../src/tokenizer/whole-characters.ts";
import { mergeSlowly } from "../reference/bpe.ts";
import { Random } from "./hostile-text.ts";
import { bpeModel } from "./tiny-tokenizer.ts";

type Merges = readonly (readonly [string, string])[];

/** In the byte-level alphabet: "ل" is "ÙĦ". */
const spell = (text: string) => [...Buffer.from(text)].map((byte) => BYTE_CHARACTERS[byte]!).join("");

/** A byte-level model of merges written in its alphabet: "Ù Ħ". */
function modelOf(merges: Merges): BpeModel {
  const tokens = [...new Set([...BYTE_CHARACTERS, ...merges.map((pair) => pair.join(""))])];
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  return bpeModel({ vocab, merges, unk_token: null }, true);
}

/** How `character` begins under merges that are written "Ù Ħ". */
function beginning(character: string, ...merges: readonly string[]): string {
  return beginningIn(modelOf(merges.map((merge) => merge.split(" ") as [string, string])), character);
}

function beginningIn(model: BpeModel, character: string): string {
  const byteIds = Int32Array.from(BYTE_CHARACTERS, (name) => model.idOfToken.get(name)!);
  const { entries, conditions } = wholeCharacters(model, new MergeTable(model.merges), byteIds);
  const entry = entries[character.codePointAt(0)!]!;
  if (entry === IN_BYTES) return "bytes";
  const packed = entry < 0 ? -2 - entry : entry;
  expect(model.tokens.at(packed & 0xfffff)).toBe(spell(character));
  if (entry >= 0) return "whole";
  const words = conditions.subarray((packed >> 20) * CONDITION_WORDS);
  return `whole, but ${[...besides("after", words, words[4]! & 1), ...besides("before", words.subarray(2), words[4]! & 2)].join(", ")}`;
}

// The bytes of a set, by their low six bits.
function besides(side: string, words: Int32Array, ascii: number): string[] {
  const bytes = Array.from({ length: 64 }, (_, i) => i).filter((i) => (words[i >> 5]! >>> (i & 31)) & 1);
  return [...(ascii === 0 ? [] : [`${side} ASCII`]), ...bytes.map((byte) => `${side} ${byte.toString(16)}`)];
}

it("a character is whole when its own merge comes before all that touch its bytes", () => {
  expect(beginning("ل", "Ù Ħ")).toBe("whole");
  expect(beginning("م", "Ù Ħ")).toBe("bytes");
  expect(beginning("ل", "Ù Ħ", "ÙĦ Ù", "Ħ Ù")).toBe("whole");
});

it("a character may be whole but beside certain bytes", () => {
  // "Ħ" is 0x84, "ħ" 0x85; "Ù" is 0xd9.
  expect(beginning("ل", "Ħ Ù", "Ù Ħ")).toBe("whole, but after 4, before 19");
  expect(beginning("ل", "Ù ħ", "Ùħ Ù", "Ù Ħ")).toBe("whole, but after 5");
  expect(beginning("ل", "Ħ a", "Ù Ħ")).toBe("whole, but before ASCII");
});

it("what cannot stand beside a character is nothing to mind", () => {
  expect(beginning("ل", "Ħ ħ", "Ø Ù", "Ù Ħ")).toBe("whole");
});

it("a character may be whole but after ASCII", () => {
  expect(beginning("ل", "Ù ħ", "Ġ Ù", "Ù Ħ")).toBe("whole, but after ASCII");
  expect(beginning("م", "Ù ħ", "Ġ Ù", "Ù Ħ")).toBe("whole");
});

it("a character of three bytes is put together by the pair of lower rank", () => {
  expect(beginning("ส", "à ¸", "à¸ ª")).toBe("whole");
  expect(beginning("ส", "¸ ª", "à ¸", "à¸ ª")).toBe("bytes");
  expect(beginning("ส", "¸ ª", "à ¸ª")).toBe("whole");
  expect(beginning("ส", "à ¸", "a à¸", "à¸ ª")).toBe("whole, but after ASCII");
  expect(beginning("ส", "à ¸", "Ħ à¸", "à¸ ª")).toBe("whole, but after 4");
});

const LETTERS = [" ", "a", "b", "ل", "م", "ن", "س", "ص", "é", "ส", "ก", "अ", "中", "😀"];

it("the loop has the tokens of the slow twin, whatever the order of merges", () => {
  const random = new Random(5);
  let whole = 0;
  for (let i = 0; i < 100; i++) {
    const merges = randomMerges(random);
    const model = modelOf(merges);
    const texts = random.times(40, () =>
      random.times(random.integer(1, 14), () => random.pick(LETTERS)).join(""),
    );
    expect(encodeByLoop(model, texts)).toEqual(texts.map((text) => mergeSlowly([...spell(text)], merges)));
    if (i % 20 > 0) continue;
    whole += LETTERS.filter(
      (letter) => letter.length === 1 && letter > "\x7f" && beginningIn(model, letter) !== "bytes",
    ).length;
  }
  expect(whole).toBeGreaterThan(10);
});

// Byte by byte within letters, mostly first and in order; then of neighbours in random words.
function randomMerges(random: Random): Merges {
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

function encodeByLoop(model: BpeModel, texts: readonly string[]): string[][] {
  const { loop } = new BpeEncoder(model);
  if (loop === undefined) throw new Error("there is no WebAssembly: npm run build");
  const offsets = new Uint32Array(texts.length + 1);
  texts.forEach((text, i) => {
    offsets[i + 1] = offsets[i]! + Buffer.byteLength(text);
  });
  loop.run(Buffer.from(texts.join("")), offsets, new Uint8Array(texts.length).fill(1), 0, texts.length);
  let at = 0;
  return texts.map((_, i) => {
    const tokens = [...loop.ids.subarray(at, at + loop.counts[i]!)].map((id) => model.tokens.at(id)!);
    expect([...loop.lengths.subarray(at, at + tokens.length)]).toEqual(tokens.map((token) => token.length));
    at += tokens.length;
    return tokens;
  });
}
