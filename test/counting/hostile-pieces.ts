// Seeded text made to break the scanner: every white space, every length around the limits, characters that meet badly.

import type { Random } from "../tokenizer/hostile-text.ts";

const SPACES = [
  " ",
  " ",
  " ",
  "  ",
  "\t",
  "\n",
  "\n",
  "\v",
  "\f",
  "\r",
  "\r\n",
  "\r\n",
  "\n\n",
  "\r\r\n",
  " \n ",
];
const CHARACTERS = [
  ..."abz019.,!?()<>\u0000\u0001\u001f\u007f$+|`",
  ..."\u00a0\u0085\u2028\u2029\u3000\u200c\u200d\ufeff\u00ad\u00ab\u06d4\u060c\u061b",
  ..."éسلامم۰۱中ไभ\u0301\u093c\u0651\u064b\u0e31\u20dd½²Ⅻ",
  ..."😀𝒜𞤀\u{1d165}\u{10ffff}\ufffd\uffff𐀀\u{1f3fb}",
];
const LENGTHS = [1, 2, 3, 4, 5, 7, 8, 11, 12, 13, 15, 16, 17, 31, 32, 33, 95, 96, 97, 200];

/** Text of about `pieces` words, white spaces and single characters. */
export function hostileText(random: Random, pieces: number): string {
  const start = random.chance(0.1) ? "\ufeff" : "";
  return start + random.times(pieces, () => hostilePiece(random)).join("");
}

function hostilePiece(random: Random): string {
  const kind = random.next();
  if (kind < 0.4) return random.pick(SPACES);
  if (kind < 0.6) return random.pick(CHARACTERS);
  return wordOfBytes(random, random.pick(LENGTHS));
}

/** A word of exactly `bytes` bytes. */
export function wordOfBytes(random: Random, bytes: number): string {
  const alphabet = random.pick([["a", "b"], CHARACTERS, ["س", "ل"], ["中", "."]]);
  let word = "";
  for (let left = bytes; left > 0; ) {
    const character = random.pick(alphabet);
    const size = Buffer.byteLength(character);
    word += size <= left ? character : "x".repeat(left);
    left -= Math.min(size, left);
  }
  return word;
}

/** Sizes that add up to `total` at least, most of them small. */
export function pieceSizes(random: Random, total: number): number[] {
  const largest = random.pick([1, 2, 7, 40, 500]);
  const sizes: number[] = [];
  for (let sum = 0; sum < total; ) {
    const size = random.integer(largest === 1 ? 1 : 0, largest);
    sizes.push(size);
    sum += size;
  }
  return sizes;
}
