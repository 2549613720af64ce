// What a segment is like, found in one walk over its characters: it decides which short ways a measurement may take.

import type { SegmentCounts } from "../counting/segment-counts.ts";
import { DOCUMENT_START } from "../counting/segment-counts.ts";
import { codePointSet } from "../text/unicode.ts";
import { characterGroups } from "../tokenizer/character-groups.ts";

/** NFC may change it: a character that composes or decomposes, or two marks side by side. */
export const NFC_SUSPECT = 2;
/** Has the first two bytes of an added token of some tokenizer, or the only one. */
export const MAY_HAVE_ADDED = 4;
/** White space, then one stretch without white space up to the end. */
export const ONE_STRETCH = 8;
/** White space only. */
export const ONLY_SPACE = 16;
/** Opens its document. */
export const OPENS_DOCUMENT = 32;

// Bits of a character above its groups.
const NFC_MAYBE = 256;
const NFC_MARK = 512;
const SPACE = 1024;
const BLANK = 2048;

let kinds: Uint16Array | undefined;

function characterKinds(): Uint16Array {
  if (kinds !== undefined) return kinds;
  kinds = Uint16Array.from(characterGroups());
  const names: readonly (readonly [string, number])[] = [
    ["NfcMaybe", NFC_MAYBE],
    ["NfcMark", NFC_MARK],
    ["White_Space", SPACE],
  ];
  for (const [name, bit] of names) {
    const { ranges } = codePointSet(name)!;
    for (let r = 0; r < ranges.length; r += 2)
      for (let codePoint = ranges[r]!; codePoint < ranges[r + 1]!; codePoint++) kinds[codePoint]! |= bit;
  }
  kinds[0x20]! |= BLANK;
  kinds[0x2581]! |= BLANK;
  return kinds;
}

export interface SegmentTraits {
  /** Bits of each segment. */
  readonly bits: Uint8Array;
  /** Groups of characters that each segment has (tokenizer/character-groups.ts). */
  readonly groups: Uint8Array;
  /** Unicode code points of each segment. */
  readonly characters: Uint32Array;
  /** Pieces of each segment: one before each run of U+0020 or `▁`, and one that opens the document. */
  readonly pieces: Uint32Array;
}

/** @param addedFirstPairs 1 for every two bytes that an added token of some tokenizer starts with (added-token-matcher.ts) */
export function findTraits(
  { bytes, offsets, counts }: SegmentCounts,
  addedFirstPairs: Uint8Array,
): SegmentTraits {
  const table = characterKinds();
  const bits = new Uint8Array(counts.length);
  const groups = new Uint8Array(counts.length);
  const characters = new Uint32Array(counts.length);
  const pieces = new Uint32Array(counts.length);
  for (let i = 0; i < counts.length; i++) {
    const start = offsets[i]!;
    const end = offsets[i + 1]!;
    let at = bytes[start] === DOCUMENT_START ? start + 1 : start;
    let trait = 0;
    let length = 0;
    let blanks = 0;
    let all = 0;
    let previous = 0;
    // Stretches of white space and of the rest: 0 before the first of the rest, 1 in it, 2 behind it.
    let stretch = 0;
    while (at < end) {
      const lead = bytes[at]!;
      let codePoint = lead;
      if (lead >= 0x80) {
        if (lead < 0xe0) codePoint = ((lead & 0x1f) << 6) | (bytes[at + 1]! & 0x3f);
        else if (lead < 0xf0)
          codePoint = ((lead & 0xf) << 12) | ((bytes[at + 1]! & 0x3f) << 6) | (bytes[at + 2]! & 0x3f);
        else
          codePoint =
            ((lead & 7) << 18) |
            ((bytes[at + 1]! & 0x3f) << 12) |
            ((bytes[at + 2]! & 0x3f) << 6) |
            (bytes[at + 3]! & 0x3f);
      }
      const kind = table[codePoint]!;
      all |= kind;
      if ((kind & previous & NFC_MARK) !== 0) trait |= NFC_SUSPECT;
      if ((kind & ~previous & BLANK) !== 0) blanks++;
      if ((kind & SPACE) === 0) {
        if (stretch === 0) stretch = 1;
      } else if (stretch === 1) stretch = 2;
      trait |= addedFirstPairs[lead | (bytes[at + 1]! << 8)]! << 2;
      previous = kind;
      length++;
      at += lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    }
    if ((all & NFC_MAYBE) !== 0) trait |= NFC_SUSPECT;
    if (stretch === 1) trait |= ONE_STRETCH;
    if (stretch === 0) trait |= ONLY_SPACE;
    const first = bytes[start]!;
    if (first > 0x20 || first < 9 || (first > 13 && first < 0x20)) trait |= OPENS_DOCUMENT;
    bits[i] = trait;
    groups[i] = all;
    characters[i] = length;
    const opensPiece =
      (trait & OPENS_DOCUMENT) !== 0 && !isBlank(bytes, bytes[start] === DOCUMENT_START ? start + 1 : start);
    pieces[i] = blanks + (opensPiece ? 1 : 0);
  }
  return { bits, groups, characters, pieces };
}

function isBlank(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x20 || (bytes[at] === 0xe2 && bytes[at + 1] === 0x96 && bytes[at + 2] === 0x81);
}
