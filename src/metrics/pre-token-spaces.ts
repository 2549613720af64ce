// The white space that each pre-token begins with: the tokens in it are no part of the word behind it.

import type { ByteStringTable } from "../counting/byte-string-table.ts";
import { codePointSet, fillTable } from "../text/unicode.ts";

/** The pre-token is white space only. */
export const BLANK = 255;
/** So many bytes or more: `of` says how many. */
const MANY_BYTES = 254;
const SPACE = 0x20;

export class PreTokenSpaces {
  /** By pre-token: bytes of White_Space that it begins with, or BLANK. For more than `MANY_BYTES` ask `of`. */
  bytes = new Uint8Array(0);
  private readonly table: ByteStringTable;

  /** @param table the pre-tokens */
  constructor(table: ByteStringTable) {
    this.table = table;
  }

  /** Must be called when the table has grown, before new pre-tokens are asked for. */
  makeRoom(): void {
    const { size, bytes, offsets } = this.table;
    const known = this.bytes.length;
    if (size <= known) return;
    const spaces = new Uint8Array(size);
    spaces.set(this.bytes);
    for (let preToken = known; preToken < size; preToken++) {
      const start = offsets[preToken]!;
      const end = offsets[preToken + 1]!;
      if (!mayBeginSpace(bytes[start]!)) continue;
      // The usual one: a space, then a word.
      if (bytes[start] === SPACE && end - start > 1 && !mayBeginSpace(bytes[start + 1]!))
        spaces[preToken] = 1;
      else {
        const length = leadingSpace(bytes, start, end);
        spaces[preToken] = length === end - start ? BLANK : Math.min(MANY_BYTES, length);
      }
    }
    this.bytes = spaces;
  }

  /** Bytes of White_Space that a pre-token begins with. */
  of(preToken: number): number {
    const { bytes, offsets } = this.table;
    const known = this.bytes[preToken]!;
    return known < MANY_BYTES ? known : leadingSpace(bytes, offsets[preToken]!, offsets[preToken + 1]!);
  }
}

/** Whether a character of White_Space may begin with this byte: U+0085, U+00A0 and those from U+1680 to U+3000. */
function mayBeginSpace(lead: number): boolean {
  return lead <= SPACE || lead === 0xc2 || (lead >= 0xe1 && lead <= 0xe3);
}

let spaces: Uint8Array | undefined;

// Bytes of White_Space that `bytes[start, end)` begins with.
function leadingSpace(bytes: Uint8Array, start: number, end: number): number {
  if (spaces === undefined) {
    spaces = new Uint8Array(0x3100);
    fillTable(codePointSet("White_Space")!, spaces, 1);
  }
  let at = start;
  while (at < end) {
    const lead = bytes[at]!;
    if (lead >= 0xf0) break;
    const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : 3;
    let codePoint = length === 1 ? lead : length === 2 ? lead & 0x1f : lead & 0xf;
    for (let i = 1; i < length; i++) codePoint = (codePoint << 6) | (bytes[at + i]! & 0x3f);
    if (spaces[codePoint] !== 1) break;
    at += length;
  }
  return at - start;
}
