// Checking and repairing UTF-8.

import { isUtf8 } from "node:buffer";

/** `bytes[start, end)` ends before a character of which only the first bytes are there: returns where that one begins, else `end`. */
export function incompleteTail(bytes: Uint8Array, start: number, end: number): number {
  for (let at = end - 1; at >= start && at >= end - 3; at--) {
    const byte = bytes[at]!;
    if (byte < 0x80) return end;
    if (byte < 0xc0) continue;
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return at + length > end && isPrefix(bytes, at, end) ? at : end;
  }
  return end;
}

// Whether the bytes could still become a character: the second byte limits overlong forms, surrogates and the range.
function isPrefix(bytes: Uint8Array, at: number, end: number): boolean {
  const lead = bytes[at]!;
  if (lead < 0xc2 || lead > 0xf4) return false;
  if (at + 1 >= end) return true;
  const second = bytes[at + 1]!;
  if (lead === 0xe0) return second >= 0xa0;
  if (lead === 0xed) return second < 0xa0;
  if (lead === 0xf0) return second >= 0x90;
  return lead !== 0xf4 || second < 0x90;
}

/** Index of the first byte that is not valid UTF-8, or -1. */
export function firstInvalidByte(bytes: Uint8Array): number {
  if (isUtf8(bytes)) return -1;
  // Whole blocks first; inside the bad one, character by character.
  let at = 0;
  for (let step = 4096; step > 0 && at < bytes.length; ) {
    const end = incompleteTail(bytes, at, Math.min(bytes.length, at + step));
    if (end > at && isUtf8(bytes.subarray(at, end))) at = end;
    else step = step > 8 ? 8 : step - 1;
  }
  return at;
}

export interface RepairedText {
  readonly bytes: Uint8Array;
  /** Ill-formed sequences that were replaced by U+FFFD. */
  readonly replaced: number;
}

/** Replaces each ill-formed sequence by one U+FFFD (Unicode 16, section 3.9, "maximal subparts", as WHATWG decoders do). */
export function repairUtf8(bytes: Uint8Array): RepairedText {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const repaired = Buffer.from(text, "utf8");
  return { bytes: repaired, replaced: countReplacements(repaired) - countReplacements(bytes) };
}

function countReplacements(bytes: Uint8Array): number {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let count = 0;
  for (let at = buffer.indexOf("\ufffd"); at >= 0; at = buffer.indexOf("\ufffd", at + 3)) count++;
  return count;
}
