// The symbols that the merging of a pre-token begins with: id and bytes of each in one number, behind each other.

import { BYTE_IDS, CHARACTERS, CONDITIONS, ENTRY_ID_BITS, ID_BITS } from "./merge-places";

// Characters that the merges put together first begin as their tokens, all else as bytes. Both are written, and one is
// written over: which it is cannot be foreseen. 0 when a byte has no token.
@inline
export function splitBytes(start: usize, end: usize, symbols: usize): i32 {
  let symbol = symbols;
  let all = 0;
  let at = start;
  while (at < end) {
    const lead = <i32>load<u8>(at);
    const first = byteSymbol(at);
    all |= first;
    if (lead < 0xc0 || lead >= 0xf0) {
      store<i32>(symbol, first);
      symbol += 4;
      at++;
      continue;
    }
    const length = 2 + <i32>(lead >= 0xe0);
    const entry = load<i32>(CHARACTERS + (<usize>codePointAt(at, lead) << 2));
    const condition = CONDITIONS + (<usize>(entry >>> ENTRY_ID_BITS) << 5);
    const isWhole = isWholeBetween(condition, start, at, at + length, end);
    const whole = (entry & ((1 << ENTRY_ID_BITS) - 1)) | (length << ID_BITS);
    const second = byteSymbol(at + 1);
    const third = byteSymbol(at + 2);
    all |= second | select<i32>(third, 0, length === 3);
    store<i32>(symbol, select<i32>(whole, first, isWhole));
    store<i32>(symbol, second, 4);
    store<i32>(symbol, third, 8);
    symbol += select<usize>(4, <usize>length << 2, isWhole);
    at += length;
  }
  return all < 0 ? 0 : <i32>((symbol - symbols) >> 2);
}

// Negative when the byte has no token.
@inline
function byteSymbol(at: usize): i32 {
  return load<i32>(BYTE_IDS + (<usize>load<u8>(at) << 2)) | (1 << ID_BITS);
}

// Whether the condition of the character `at` to `next` of the text `start` to `end` holds.
@inline
function isWholeBetween(condition: usize, start: usize, at: usize, next: usize, end: usize): bool {
  const flags = load<i32>(condition, 16);
  const before = <i32>load<u8>(at - 1);
  const after = <i32>load<u8>(next);
  const notAfter = select<i32>(flags & 1, <i32>(load<u64>(condition) >> (before & 63)) & 1, before < 0x80);
  const notBefore = select<i32>(flags >> 1, <i32>(load<u64>(condition, 8) >> (after & 63)), after < 0x80) & 1;
  return ((flags >> 2) | select<i32>(notAfter, 0, at > start) | select<i32>(notBefore, 0, next < end)) === 0;
}

// A character of two or three bytes.
@inline
function codePointAt(at: usize, lead: i32): i32 {
  const two = ((lead & 0x1f) << 6) | (<i32>load<u8>(at, 1) & 0x3f);
  return select<i32>(((two & 0x3ff) << 6) | (<i32>load<u8>(at, 2) & 0x3f), two, lead >= 0xe0);
}

// 0 when a character lies above the table, or is none of the vocabulary and has no bytes there.
@inline
export function splitCharacters(start: usize, end: usize, symbols: usize, hasBytes: bool): i32 {
  let symbol = symbols;
  let at = start;
  while (at < end) {
    const lead = <i32>load<u8>(at);
    let codePoint = lead;
    let length: usize = 1;
    if (lead >= 0xf0) return 0;
    if (lead >= 0xe0) {
      codePoint = ((lead & 0xf) << 12) | ((<i32>load<u8>(at, 1) & 0x3f) << 6) | (<i32>load<u8>(at, 2) & 0x3f);
      length = 3;
    } else if (lead >= 0x80) {
      codePoint = ((lead & 0x1f) << 6) | (<i32>load<u8>(at, 1) & 0x3f);
      length = 2;
    }
    const id = load<i32>(CHARACTERS + (<usize>codePoint << 2));
    if (id >= 0) {
      store<i32>(symbol, id | (<i32>length << ID_BITS));
      symbol += 4;
      at += length;
    } else {
      if (!hasBytes) return 0;
      for (const next = at + length; at < next; at++) {
        store<i32>(symbol, byteSymbol(at));
        symbol += 4;
      }
    }
  }
  return <i32>((symbol - symbols) >> 2);
}
