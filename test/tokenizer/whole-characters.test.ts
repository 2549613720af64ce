// The loop in WebAssembly begins with whole characters where that is safe: its ids are those of merging the bytes.

import { expect, it } from "vitest";
import { BYTE_CHARACTERS } from "../../src/text/byte-alphabet.ts";
import type { BpeModel } from "../../src/tokenizer/definition.ts";
import { MergeTable } from "../../src/tokenizer/merge-table.ts";
import { CONDITION_WORDS, IN_BYTES, wholeCharacters } from "../../src/tokenizer/whole-characters.ts";
import { mergeSlowly } from "../reference/bpe.ts";
import { Random } from "./hostile-text.ts";
import { encodeByLoop, LETTERS, modelOf, randomMerges, spell } from "./loop-models.ts";

/** How `character` begins under merges that are written "Ù Ħ". */
function beginning(character: string, ...merges: readonly string[]): string {
  return beginningIn(modelOf(merges.map((merge) => merge.split(" ") as [string, string])), character);
}

function beginningIn(model: BpeModel, character: string): string {
  const byteIds = Int32Array.from(BYTE_CHARACTERS, (name) => model.idOfToken.get(name)!);
  const { entries, conditions } = wholeCharacters(model, new MergeTable(model.merges), byteIds);
  const entry = entries[character.codePointAt(0)!]!;
  if (entry === IN_BYTES) return "bytes";
  expect(model.tokens.at(entry & 0xfffff)).toBe(spell(character));
  const words = conditions.subarray((entry >> 20) * CONDITION_WORDS);
  const but = [
    ...besides("after", words, words[4]! & 1),
    ...besides("before", words.subarray(2), words[4]! & 2),
  ];
  return but.length === 0 ? "whole" : `whole, but ${but.join(", ")}`;
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

it("the loop has the tokens of the slow twin, whatever the order of merges", () => {
  const random = new Random(5);
  let whole = 0;
  for (let i = 0; i < 100; i++) {
    const merges = randomMerges(random);
    const model = modelOf(merges);
    const texts = random.times(40, () =>
      random.times(random.integer(1, 14), () => random.pick(LETTERS)).join(""),
    );
    expect(encodeByLoop(model, texts).tokens).toEqual(
      texts.map((text) => mergeSlowly([...spell(text)], merges)),
    );
    if (i % 20 > 0) continue;
    whole += LETTERS.filter(
      (letter) => letter.length === 1 && letter > "\x7f" && beginningIn(model, letter) !== "bytes",
    ).length;
  }
  expect(whole).toBeGreaterThan(10);
});
