// The white space that segments open with, where it matters what a tokenizer makes of it and of the word behind.

import { has } from "../text/code-point-set.ts";
import { normalize } from "../text/normalize.ts";
import { codePointSet } from "../text/unicode.ts";
import { WHITE_SPACE } from "../text/words.ts";
import { SPACE_SYMBOL } from "../tokenizer/safe-cuts.ts";

const SPACE = 0x20;
const NOT_WHITE_SPACE = new RegExp(`[^${WHITE_SPACE}]`);
const COMBINING = ["NfcMaybe", "NfcMark", "M"];

// Whether the first character is white space or `▁`.
export function opensWithSpace(bytes: Uint8Array, start: number, end: number): boolean {
  const lead = bytes[start]!;
  if (lead < 0x80) return lead <= SPACE;
  // Those of more than one byte begin with one of these.
  if (lead !== 0xc2 && (lead < 0xe1 || lead > 0xe3)) return false;
  const first = Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.min(3, end - start)).toString(
    "utf8",
  )[0]!;
  return first === SPACE_SYMBOL || !NOT_WHITE_SPACE.test(first);
}

// Whether the text is white space and a character that may combine with it: what of it is word and what is not is left to
// the encoding of the whole, which keeps places by character.
export function mayJoinSpace(bytes: Uint8Array, start: number, end: number): boolean {
  // The usual segment: one space, then its word.
  const from = bytes[start] === SPACE ? start + 1 : start;
  if (from < end && bytes[from]! > SPACE && bytes[from]! < 0x80) return false;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
  const word = text.search(NOT_WHITE_SPACE);
  return word > 0 && mayCombine(text.codePointAt(word)!);
}

const combining = new Map<number, boolean>();

function mayCombine(codePoint: number): boolean {
  let answer = combining.get(codePoint);
  if (answer === undefined) {
    const first = normalize(String.fromCodePoint(codePoint), "NFKD").codePointAt(0)!;
    answer = COMBINING.some((name) => has(codePointSet(name)!, codePoint) || has(codePointSet(name)!, first));
    combining.set(codePoint, answer);
  }
  return answer;
}
