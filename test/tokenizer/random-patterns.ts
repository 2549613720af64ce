// Random regular expressions: of the syntax that vocab accepts, and around its edges, for comparison with an oracle.

import type { Random } from "./hostile-text.ts";

const LITERALS = [..."abks' \n-Zé1", "ſ", "K", "\\.", "\\-", "\\n", "\\x41", "\\u0062", "\\x{61}"];
const SETS = [
  "\\s",
  "\\S",
  "\\d",
  "\\D",
  ".",
  "\\p{L}",
  "\\P{L}",
  "\\p{^L}",
  "\\P{^Lu}",
  "\\p{N}",
  "\\p{Ll}",
  "\\p{M}",
];
const QUANTIFIERS = [
  "*",
  "+",
  "?",
  "*?",
  "+?",
  "??",
  "*+",
  "++",
  "?+",
  "{2}",
  "{1,2}",
  "{1,}",
  "{,2}",
  "{1,2}?",
];
const FOLDED = ["'s|'t|'re|'ve|'m|'ll|'d", "k", "ab", "[sdmt]|ll", "s"];

/** A pattern of the accepted syntax (or nearly: what vocab refuses is left out by the caller). */
export function randomPattern(random: Random, depth = 2): string {
  const options = random.times(random.chance(0.35) ? random.integer(2, 3) : 1, () =>
    randomSequence(random, depth),
  );
  return options.join("|");
}

function randomSequence(random: Random, depth: number): string {
  return random.times(random.integer(1, 3), () => randomItem(random, depth)).join("");
}

function randomItem(random: Random, depth: number): string {
  if (random.chance(0.08)) return random.pick(["(?!\\S)", "(?=[ab])", "(?=a)", "$", "(?!.)"]);
  const atom = randomAtom(random, depth);
  if (random.chance(0.55)) return atom;
  return atom + random.pick(QUANTIFIERS) + (random.chance(0.1) ? random.pick(QUANTIFIERS) : "");
}

function randomAtom(random: Random, depth: number): string {
  switch (random.integer(0, 5)) {
    case 0:
      return random.pick(SETS);
    case 1:
      return randomClass(random);
    case 2:
      return depth === 0
        ? random.pick(LITERALS)
        : `${random.pick(["(", "(?:"])}${randomPattern(random, depth - 1)})`;
    case 3:
      return random.chance(0.2) ? `(?i:${random.pick(FOLDED)})` : random.pick(LITERALS);
    default:
      return random.pick(LITERALS);
  }
}

const CLASS_ITEMS = [
  ..."abks'- 1",
  "a-c",
  "0-9",
  "\\s",
  "\\d",
  "\\n",
  "\\]",
  "\\-",
  "\\x41-\\x5A",
  "\\p{L}",
  "\\P{L}",
  "[b1]",
  "[^b]",
];

/** A bracket, nested or intersected at times. */
export function randomClass(random: Random): string {
  const part = () => random.times(random.integer(1, 3), () => random.pick(CLASS_ITEMS)).join("");
  const parts = random.times(random.chance(0.15) ? 2 : 1, part);
  return `[${random.chance(0.25) ? "^" : ""}${parts.join("&&")}]`;
}

/** Strings of regex punctuation and letters, most of them nonsense: whatever vocab accepts must mean the same. */
export function randomSyntax(random: Random): string {
  const pieces = [
    ..."[]()&-^$*+?{},|\\:!=<>#/12abdhkpsx",
    "&&",
    "[^",
    "(?:",
    "(?i:",
    "(?=",
    "(?!",
    "\\p{L}",
    "{1,2}",
  ];
  return random.times(random.integer(1, 9), () => random.pick(pieces)).join("");
}

/** Short texts over the characters that these patterns tell apart. */
export function patternText(random: Random): string {
  const characters = [
    ..."aabbksSKZ'  \n-1.é]&^[{},()*+?\\|:!=<>#/dhpx2",
    "ſ",
    "K",
    "ß",
    "\u0301",
    "ﬆ",
    "٣",
    "中",
    "\r",
    "\u0085",
  ];
  return random.times(random.integer(0, 14), () => random.pick(characters)).join("");
}
