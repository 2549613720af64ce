// The groups of characters that the patterns of the field treat differently. A text that has none of some groups is often
// divided alike by two tokenizers that disagree elsewhere.

import { complement, difference, fromCodePoints, fromRanges, union } from "../text/code-point-set.ts";
import { codePointSet, fillTable } from "../text/unicode.ts";

/**
 * A bit for each group, the rarer in running text the lower. A character may have several (〇 is a number and Han), most
 * letters have none, and neither has U+0020. Apostrophes, which open contractions, are among the others.
 */
export const OTHER_CHARACTERS = 1;
export const OTHER_SPACES = 2;
export const IDEOGRAPHS_AND_KANA = 4;
export const FORMAT_CHARACTERS = 8;
export const NUMBERS = 16;
export const UPPER_CASE = 32;
export const MARKS = 64;
export const PUNCTUATION_AND_SYMBOLS = 128;

export const ALL_GROUPS = 255;

/** With the marks that both kana share, "ー" among them. */
const KANA_BLOCKS = fromRanges([[0x3040, 0x3100]]);

let groups: Uint8Array | undefined;

/** The groups of each code point, 0x110000 entries. */
export function characterGroups(): Uint8Array {
  if (groups !== undefined) return groups;
  const known = (name: string) => codePointSet(name)!;
  const space = fromCodePoints([0x20]);
  const apostrophe = fromCodePoints([0x27]);
  const sets = [
    [OTHER_SPACES, difference(known("White_Space"), space)],
    [IDEOGRAPHS_AND_KANA, union(known("Han"), known("Hiragana"), known("Katakana"), KANA_BLOCKS)],
    [FORMAT_CHARACTERS, known("Cf")],
    [NUMBERS, known("N")],
    [UPPER_CASE, union(known("Lu"), known("Lt"))],
    [MARKS, known("M")],
    [PUNCTUATION_AND_SYMBOLS, difference(union(known("P"), known("S")), apostrophe)],
  ] as const;
  const named = union(space, known("L"), ...sets.map(([, set]) => set));
  groups = new Uint8Array(0x110000);
  fillTable(complement(named), groups, OTHER_CHARACTERS);
  for (const [bit, { ranges }] of sets)
    for (let r = 0; r < ranges.length; r += 2)
      for (let codePoint = ranges[r]!; codePoint < ranges[r + 1]!; codePoint++) groups[codePoint]! |= bit;
  return groups;
}
