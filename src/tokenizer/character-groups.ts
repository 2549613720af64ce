// The groups of characters that the patterns of the field treat differently. A text that has none of some groups is often
// divided alike by two tokenizers that disagree elsewhere.

import type { CodePointSet } from "../text/code-point-set.ts";
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

/** Hiragana and Katakana with the marks that both share, "ー" among them. */
const KANA_START = 0x3040;
const KANA_END = 0x3100;
const SPACE = 0x20;
const APOSTROPHE = 0x27;

const NAMES: readonly (readonly [group: number, names: readonly string[]])[] = [
  [OTHER_SPACES, ["White_Space"]],
  [IDEOGRAPHS_AND_KANA, ["Han", "Hiragana", "Katakana"]],
  [FORMAT_CHARACTERS, ["Cf"]],
  [NUMBERS, ["N"]],
  [UPPER_CASE, ["Lu", "Lt"]],
  [MARKS, ["M"]],
  [PUNCTUATION_AND_SYMBOLS, ["P", "S"]],
];

let groups: Uint8Array | undefined;

/** The groups of each code point, 0x110000 entries. */
export function characterGroups(): Uint8Array {
  if (groups !== undefined) return groups;
  groups = new Uint8Array(0x110000).fill(OTHER_CHARACTERS);
  fillTable(codePointSet("L")!, groups, 0);
  for (const [group, names] of NAMES) for (const name of names) addGroup(groups, codePointSet(name)!, group);
  addGroup(groups, { ranges: Int32Array.of(KANA_START, KANA_END) }, IDEOGRAPHS_AND_KANA);
  groups[SPACE] = 0;
  groups[APOSTROPHE] = OTHER_CHARACTERS;
  return groups;
}

function addGroup(groups: Uint8Array, { ranges }: CodePointSet, group: number): void {
  for (let r = 0; r < ranges.length; r += 2)
    for (let codePoint = ranges[r]!; codePoint < ranges[r + 1]!; codePoint++)
      groups[codePoint] = (groups[codePoint]! & ~OTHER_CHARACTERS) | group;
}
