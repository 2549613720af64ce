// The one rule by which documents are cut into segments. A segment is a run of white space (possibly empty) and what
// follows it; it is the same for every tokenizer, and tokenizer/safe-cuts.ts proves for each one that encoding the
// segments one by one gives the ids of the whole document.
//
//   "سلام دنیا!\n" → "سلام", " دنیا!\n"        "a <b> c" → "a", " <b> c"

import { type CodePointSet, difference, fromCodePoints, has, union } from "./code-point-set.ts";
import { normalize } from "./normalize.ts";
import { codePointSet, fillTable } from "./unicode.ts";

/** No cut after this character. */
export const NO_CUT = 0;
/** After letters and numbers: a cut before any ASCII white space. */
export const CUT_BEFORE_SPACES = 1;
/** After marks and punctuation: a cut before U+0020 only, since `[^\s\p{L}\p{N}]+[\r\n]*` takes line ends along. */
export const CUT_BEFORE_BLANK = 2;

/** Letters that NFC spells with a mark at their end, such as U+0958: to a tokenizer with NFC they are marks. */
const endsInMark: CodePointSet = (() => {
  const { ranges } = codePointSet("NfcMaybe")!;
  const found: number[] = [];
  for (let i = 0; i < ranges.length; i += 2)
    for (let codePoint = ranges[i]!; codePoint < ranges[i + 1]!; codePoint++) {
      const last = [...normalize(String.fromCodePoint(codePoint), "NFC")].at(-1)!.codePointAt(0)!;
      if (has(codePointSet("L")!, codePoint) && has(codePointSet("M")!, last)) found.push(codePoint);
    }
  return fromCodePoints(found);
})();
/** Characters after which a document is cut before ASCII white space: letters and numbers. */
export const cutBeforeSpaces: CodePointSet = difference(
  union(codePointSet("L")!, codePointSet("N")!),
  endsInMark,
);
/** Characters after which it is cut before U+0020: marks and punctuation, but `<` and `>`, which join `▁` in Gemma. */
export const cutBeforeBlank: CodePointSet = union(
  endsInMark,
  difference(union(codePointSet("M")!, codePointSet("P")!), fromCodePoints([0x3c, 0x3e])),
);

/** The white space that a cut may stand before: U+0009–U+000D and U+0020. */
export function isCutSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 9 && byte <= 13);
}

/** NO_CUT, CUT_BEFORE_SPACES or CUT_BEFORE_BLANK for every code point. */
export const cutKinds: Uint8Array = (() => {
  const kinds = new Uint8Array(0x110000);
  fillTable(cutBeforeSpaces, kinds, CUT_BEFORE_SPACES);
  fillTable(cutBeforeBlank, kinds, CUT_BEFORE_BLANK);
  return kinds;
})();

/** In `cutKindOfPair`: the last character has three or four bytes, ask `cutKindBefore`. */
export const UNDECIDED = 3;

/**
 * The kind of the last character of a text by its last two bytes, read as a little-endian 16-bit number. It decides all
 * characters of one and two bytes with one look-up.
 */
export const cutKindOfPair: Uint8Array = (() => {
  const kinds = new Uint8Array(0x10000);
  for (let pair = 0; pair < 0x10000; pair++) {
    const before = pair & 0xff;
    const last = pair >> 8;
    if (last < 0x80) kinds[pair] = cutKinds[last]!;
    else if (before >= 0xc2 && before < 0xe0) kinds[pair] = cutKinds[((before & 0x1f) << 6) | (last & 0x3f)]!;
    else kinds[pair] = UNDECIDED;
  }
  return kinds;
})();

/** The kind of the character that ends before `at`. `bytes` must be well-formed UTF-8 and `at` at least 1. */
export function cutKindBefore(bytes: Uint8Array, at: number): number {
  const last = bytes[at - 1]!;
  if (last < 0x80) return cutKinds[last]!;
  let start = at - 2;
  while (start > 0 && (bytes[start]! & 0xc0) === 0x80) start--;
  const lead = bytes[start]!;
  let codePoint = lead < 0xe0 ? lead & 0x1f : lead < 0xf0 ? lead & 0xf : lead & 7;
  for (let i = start + 1; i < at; i++) codePoint = (codePoint << 6) | (bytes[i]! & 0x3f);
  return cutKinds[codePoint]!;
}
