// Spellings of one language that differ by keyboard and code page only: Persian text is often typed with the Arabic letters
// yeh and kaf, and with zero width non-joiners where they do nothing. To a tokenizer these are other characters.

import { has } from "./code-point-set.ts";
import { codePointSet } from "./unicode.ts";

export type Orthography = "fa";

export const ORTHOGRAPHIES: readonly Orthography[] = ["fa"];

/** The letters that change, each in two bytes of UTF-8, as the one that it becomes: ي → ی, ك → ک. Alef maksura (ى) stays. */
const LETTERS: Readonly<Record<Orthography, readonly (readonly [from: string, to: string])[]>> = {
  fa: [
    ["\u064a", "\u06cc"],
    ["\u0643", "\u06a9"],
  ],
};

/** The zero width non-joiner, E2 80 8C. */
const JOINER_BYTES = 3;

/**
 * Writes the letters of an orthography over the others of a text of UTF-8, and takes zero width non-joiners out where they
 * keep nothing apart: all but one of several in a row, and those between a word and white space or the end of the text.
 * One between white space on both sides stays, so that a text has as many words as before.
 */
export class OrthographyWriter {
  /** Letters changed, and joiners taken out, by the last `write`. */
  letters = 0;
  joiners = 0;
  /** By the two bytes of the letter that changes. */
  private readonly byLetter: ReadonlyMap<number, Buffer>;
  private readonly leads = new Uint8Array(256);

  constructor(orthography: Orthography) {
    this.byLetter = new Map(
      LETTERS[orthography].map(([from, to]) => [Buffer.from(from).readUInt16BE(), Buffer.from(to)]),
    );
    for (const pair of this.byLetter.keys()) this.leads[pair >> 8] = 1;
    this.leads[0xe2] = 1;
  }

  /**
   * Changes `bytes[start, end)` in place. Returns where the text now ends.
   */
  write(bytes: Uint8Array, start: number, end: number): number {
    this.letters = 0;
    this.joiners = 0;
    let out = start;
    for (let at = start; at < end; ) {
      // A lead byte stands nowhere but at the start of a character.
      if (this.leads[bytes[at]!] === 1) {
        const joiners = countJoiners(bytes, at, end);
        if (joiners > 0) {
          const next = at + JOINER_BYTES * joiners;
          const kept = this.keptJoiners(bytes, [start, out], [next, end]);
          bytes.copyWithin(out, at, at + JOINER_BYTES * kept);
          out += JOINER_BYTES * kept;
          this.joiners += joiners - kept;
          at = next;
          continue;
        }
        const to = this.byLetter.get((bytes[at]! << 8) | bytes[at + 1]!);
        if (to !== undefined && at + 1 < end) {
          bytes.set(to, out);
          out += 2;
          at += 2;
          this.letters++;
          continue;
        }
      }
      bytes[out++] = bytes[at++]!;
    }
    return out;
  }

  // 1 or 0 of those between what was written and what comes.
  private keptJoiners(
    bytes: Uint8Array,
    before: readonly [start: number, end: number],
    after: readonly [start: number, end: number],
  ): number {
    const follows = isWhiteSpace(lastCharacter(bytes, ...before));
    const precedes = isWhiteSpace(firstCharacter(bytes, ...after));
    return follows === precedes ? 1 : 0;
  }
}

function countJoiners(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at + 2 < end && bytes[at] === 0xe2 && bytes[at + 1] === 0x80 && bytes[at + 2] === 0x8c)
    at += JOINER_BYTES;
  return (at - start) / JOINER_BYTES;
}

// An end of the text is white space too.
function isWhiteSpace(character: Uint8Array): boolean {
  const codePoint = Buffer.from(character).toString("utf8").codePointAt(0);
  return codePoint === undefined || has(codePointSet("White_Space")!, codePoint);
}

// Four bytes at most, of which the first is a whole character.
function firstCharacter(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return bytes.subarray(start, Math.min(end, start + 4));
}

function lastCharacter(bytes: Uint8Array, start: number, end: number): Uint8Array {
  let at = end;
  while (at > start && (bytes[--at]! & 0xc0) === 0x80);
  return bytes.subarray(at, end);
}
