// What a segment is like, found in one walk over its characters: it decides which short ways a measurement may take.

import type { SegmentCounts } from "../counting/segment-counts.ts";
import { DOCUMENT_START } from "../counting/segment-counts.ts";
import { codePointSet } from "../text/unicode.ts";
import {
  ALL_GROUPS,
  characterGroups,
  FORMAT_CHARACTERS,
  LOOSE_FORMAT_CHARACTERS,
  OTHER_SPACES,
  PLAIN_SPACE,
  PUNCTUATION_AND_SYMBOLS,
  PUNCTUATION_BEFORE_OTHERS,
} from "../tokenizer/character-groups.ts";
import { traitLoop } from "./trait-loop.ts";

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
const NFC_MAYBE = 2048;
const NFC_MARK = 4096;
const BLANK = 8192;
/** White_Space. */
const SPACE = OTHER_SPACES | PLAIN_SPACE;
/** None of these: a letter of no group. */
const NO_LETTER = ALL_GROUPS | PLAIN_SPACE;

let kinds: Uint16Array | undefined;

function characterKinds(): Uint16Array {
  if (kinds !== undefined) return kinds;
  kinds = new Uint16Array(characterGroups());
  const names: readonly (readonly [string, number])[] = [
    ["NfcMaybe", NFC_MAYBE],
    ["NfcMark", NFC_MARK],
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
  /** Groups that each segment has (tokenizer/character-groups.ts). */
  readonly groups: Uint16Array;
  /** Unicode code points of each segment. */
  readonly characters: Uint32Array;
  /** Pieces of each segment: one before each run of U+0020 or `▁`, and one that opens the document. */
  readonly pieces: Uint32Array;
}

/** @param addedFirstPairs 1 for every two bytes that an added token of some tokenizer starts with (added-token-matcher.ts) */
export function findTraits(block: SegmentCounts, addedFirstPairs: Uint8Array): SegmentTraits {
  const size = block.counts.length;
  const traits = {
    bits: new Uint8Array(size),
    groups: new Uint16Array(size),
    characters: new Uint32Array(size),
    pieces: new Uint32Array(size),
  };
  const loop = traitLoop(characterKinds());
  loop?.begin(addedFirstPairs);
  for (let from = 0; from < size; ) {
    const done = loop?.run(block, from, traits) ?? 0;
    if (done === 0) findTraitsOf(block, from, addedFirstPairs, traits);
    from += Math.max(1, done);
  }
  return traits;
}

// Of one segment; the twin of wasm/assembly/traits.ts.
function findTraitsOf(
  { bytes, offsets }: SegmentCounts,
  i: number,
  addedFirstPairs: Uint8Array,
  { bits, groups, characters, pieces }: SegmentTraits,
): void {
  const kinds = characterKinds();
  const start = offsets[i]!;
  const end = offsets[i + 1]!;
  const first = bytes[start]!;
  const opensDocument = first > 0x20 || first < 9 || (first > 13 && first < 0x20);
  let trait = opensDocument ? OPENS_DOCUMENT : 0;
  let length = 0;
  let blanks = 0;
  let all = 0;
  let firstKind = -1;
  let previous = PLAIN_SPACE;
  // Stretches of white space and of the rest: 0 before the first of the rest, 1 in it, 2 behind it.
  let stretch = 0;
  for (let at = first === DOCUMENT_START ? start + 1 : start; at < end; ) {
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
    const kind = kinds[codePoint]!;
    all |= kind;
    if ((kind & previous & NFC_MARK) !== 0) trait |= NFC_SUSPECT;
    if ((previous & ~kind & PUNCTUATION_AND_SYMBOLS) !== 0) all |= PUNCTUATION_BEFORE_OTHERS;
    if (isLoose(previous, kind) || isLoose(kind, previous)) all |= LOOSE_FORMAT_CHARACTERS;
    if ((kind & ~previous & BLANK) !== 0) blanks++;
    if ((kind & SPACE) === 0) {
      if (stretch === 0) stretch = 1;
    } else if (stretch === 1) stretch = 2;
    if (addedFirstPairs[lead | (bytes[at + 1]! << 8)] === 1) trait |= MAY_HAVE_ADDED;
    if (firstKind < 0) firstKind = kind;
    previous = kind;
    length++;
    at += lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  }
  if ((previous & FORMAT_CHARACTERS) !== 0) all |= LOOSE_FORMAT_CHARACTERS;
  if ((all & NFC_MAYBE) !== 0) trait |= NFC_SUSPECT;
  if (stretch === 1) trait |= ONE_STRETCH;
  if (stretch === 0) trait |= ONLY_SPACE;
  bits[i] = trait;
  groups[i] = all & ALL_GROUPS;
  characters[i] = length;
  pieces[i] = blanks + (opensDocument && (firstKind & BLANK) === 0 ? 1 : 0);
}

// Whether a character is a format character and its neighbour no letter of no group.
function isLoose(kind: number, neighbour: number): boolean {
  return (kind & FORMAT_CHARACTERS) !== 0 && (neighbour & NO_LETTER) !== 0;
}
