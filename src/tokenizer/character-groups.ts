// The groups of characters that the patterns of the field treat differently. A text that has none of some groups is often
// divided alike by two tokenizers that disagree elsewhere.

import type { CodePointSet } from "../text/code-point-set.ts";
import { codePointSet, fillTable } from "../text/unicode.ts";

/**
 * A bit for each group, the rarer in running text the lower. A character may have several (〇 is a number and Han), most
 * letters have none, and neither has U+0020. Apostrophes, which open contractions, are among the others.
 */
export const OTHER_CHARACTERS = 4;
export const OTHER_SPACES = 8;
export const IDEOGRAPHS_AND_KANA = 16;
export const FORMAT_CHARACTERS = 32;
export const NUMBERS = 64;
export const UPPER_CASE = 128;
export const MARKS = 256;
export const PUNCTUATION_AND_SYMBOLS = 512;

/**
 * Groups that no character has by itself, but by its neighbours in a text: punctuation and symbols before anything else, a
 * format character that does not stand between two letters of no group. A text without them may have the usual ones, "." at
 * the end of a word and ZWNJ inside of it.
 */
export const PUNCTUATION_BEFORE_OTHERS = 1;
export const LOOSE_FORMAT_CHARACTERS = 2;

export const ALL_GROUPS = 1023;
/** No group: the mark of U+0020, so that letters of no group are those without any bit. */
export const PLAIN_SPACE = 1024;

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

let groups: Uint16Array | undefined;

/** The groups of each code point, and `PLAIN_SPACE`; 0x110000 entries. */
export function characterGroups(): Uint16Array {
  if (groups !== undefined) return groups;
  groups = new Uint16Array(0x110000).fill(OTHER_CHARACTERS);
  fillTable(codePointSet("L")!, groups, 0);
  for (const [group, names] of NAMES) for (const name of names) addGroup(groups, codePointSet(name)!, group);
  addGroup(groups, { ranges: Int32Array.of(KANA_START, KANA_END) }, IDEOGRAPHS_AND_KANA);
  groups[SPACE] = PLAIN_SPACE;
  groups[APOSTROPHE] = OTHER_CHARACTERS;
  return groups;
}

function addGroup(groups: Uint16Array, { ranges }: CodePointSet, group: number): void {
  for (let r = 0; r < ranges.length; r += 2)
    for (let codePoint = ranges[r]!; codePoint < ranges[r + 1]!; codePoint++)
      groups[codePoint] = (groups[codePoint]! & ~OTHER_CHARACTERS) | group;
}
