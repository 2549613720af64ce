// Reads character classes and escapes of a pattern as sets of code points: `[a-z&&[^x]]`, `\p{L}`, `\x{41}`.
// Checked against Oniguruma by random classes; where a `-` could be read in two ways, the class is refused.

import {
  type CodePointSet,
  complement,
  fromCodePoints,
  fromRanges,
  intersect,
  union,
} from "../text/code-point-set.ts";
import { codePointSet, regexProperty } from "../text/unicode.ts";
import type { PatternCursor } from "./pattern-cursor.ts";

const SINGLE_ESCAPES: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, a: 7, e: 27 };

/** After "[": alternatives joined by &&, each a union of ranges, escapes and nested brackets. */
export function readBracket(cursor: PatternCursor, depth: number): CodePointSet {
  cursor.checkDepth(depth);
  const negative = cursor.take("^");
  let result = readUnion(cursor, depth);
  while (cursor.take("&&")) result = intersect(result, readUnion(cursor, depth));
  if (!cursor.take("]")) cursor.refuse("a missing ]");
  return negative ? complement(result) : result;
}

function readUnion(cursor: PatternCursor, depth: number): CodePointSet {
  const parts: CodePointSet[] = [];
  while (!cursor.at("]") && !cursor.at("&&")) {
    if (cursor.done()) cursor.refuse("a missing ]");
    if (cursor.at("[:")) cursor.refuse("a POSIX bracket");
    parts.push(cursor.take("[") ? readBracket(cursor, depth + 1) : readItem(cursor));
  }
  if (parts.length === 0) cursor.refuse("an empty character class");
  return union(...parts);
}

// A character, a range or an escape. A bare "-" stands for itself only at the two ends of a class.
function readItem(cursor: PatternCursor): CodePointSet {
  const before = cursor.source.slice(Math.max(0, cursor.position - 2), cursor.position);
  const isOpening = before.endsWith("[") || before === "[^";
  const isHyphen = cursor.at("-");
  const first = readCharacter(cursor);
  const continues = cursor.at("-") && cursor.source[cursor.position + 1] !== "]";
  if (isHyphen && !cursor.at("]") && (continues || !isOpening))
    cursor.refuse("a - inside a character class, which is neither its first nor its last character,");
  if (!continues) return typeof first === "number" ? fromCodePoints([first]) : first;
  cursor.take("-");
  if (typeof first !== "number" || cursor.at("[") || cursor.at("-") || cursor.at("&&"))
    return cursor.refuse("a range that is not between two characters");
  const last = readCharacter(cursor);
  if (typeof last !== "number") return cursor.refuse("a range that ends in a class");
  if (last < first) cursor.refuse("a range that runs backwards");
  return fromRanges([[first, last + 1]]);
}

function readCharacter(cursor: PatternCursor): number | CodePointSet {
  return cursor.at("\\") ? readEscape(cursor) : cursor.codePoint();
}

/** From the backslash on: the code point of an escaped character, or the set of a class. */
export function readEscape(cursor: PatternCursor): number | CodePointSet {
  cursor.take("\\");
  const letter = cursor.source[cursor.position] ?? "";
  if (letter === "p" || letter === "P") return readProperty(cursor);
  if (letter === "x" || letter === "u") return readHexEscape(cursor, letter);
  const known = shorthandClass(letter) ?? SINGLE_ESCAPES[letter];
  if (known !== undefined) {
    cursor.take(letter);
    return known;
  }
  if (letter === "" || /[A-Za-z0-9]/.test(letter)) cursor.refuse(`the escape \\${letter}`);
  return cursor.codePoint();
}

function readHexEscape(cursor: PatternCursor, letter: "x" | "u"): number {
  const match =
    letter === "u"
      ? /^u([0-9A-Fa-f]{4})/.exec(cursor.rest())
      : /^x(?:\{([0-9A-Fa-f]{1,6})\}|([0-7][0-9A-Fa-f]))/.exec(cursor.rest());
  if (match === null) return cursor.refuse(`the escape \\${letter}`);
  const value = Number.parseInt(match[1] ?? match[2]!, 16);
  if (value > 0x10ffff) cursor.refuse("a code point above U+10FFFF");
  if (value >= 0xd800 && value <= 0xdfff) cursor.refuse("a surrogate");
  cursor.take(match[0]);
  return value;
}

function readProperty(cursor: PatternCursor): CodePointSet {
  const match = /^([pP])\{(\^?)([^}]*)\}/.exec(cursor.rest());
  if (match === null) return cursor.refuse("a property without {}");
  const set = regexProperty(match[3]!);
  if (set === undefined) return cursor.refuse(`the property \\p{${match[3]}}`);
  cursor.take(match[0]);
  const negative = (match[1] === "P") !== (match[2] === "^");
  return negative ? complement(set) : set;
}

function shorthandClass(letter: string): CodePointSet | undefined {
  if (letter === "s" || letter === "S") {
    const space = codePointSet("White_Space")!;
    return letter === "s" ? space : complement(space);
  }
  if (letter === "d" || letter === "D") {
    const digits = codePointSet("Nd")!;
    return letter === "d" ? digits : complement(digits);
  }
  return undefined;
}
