// The merging of short pre-tokens of tokenizer/bpe-encoder.ts in WebAssembly (AssemblyScript): the same table, cache and
// filter, which tokenizer/merge-table.ts makes, and the same order of merges.

// Fixed places; tokenizer/merge-table.ts has the same.
const IDS: usize = 1024;
const LENGTHS: usize = 2048;
const RANKS: usize = 3072;
const PRODUCTS: usize = 4096;
const BYTE_IDS: usize = 5120;
// Of the pre-tokens that are encoded together: tokens of each, where each begins, which are meant, and their text.
const COUNTS: usize = 8192;
const OFFSETS: usize = 24576;
const MARKS: usize = 45056;
const TEXT: usize = 1638400;
// The tokens of all, and the bytes under each.
const OUT_LENGTHS: usize = 1671232;
const OUT_IDS: usize = 1704000;
const CHARACTERS: usize = 1835072;
// What must not stand beside a character that is whole elsewhere (tokenizer/whole-characters.ts), 32 bytes each.
const CONDITIONS: usize = 2097216;
const ID_BITS: i32 = 20;
const CACHE: usize = 65536;
const FILTER: usize = 589824;
const SLOTS: usize = 2162752;

const CACHE_MASK: i32 = (1 << 15) - 1;
const FILTER_SHIFT: i32 = 9;
const NO_RANK: i32 = 0x7fffffff;

/** Merges the first `count` (at most 64) symbols in place; returns how many are left. */
export function merge(symbols: i32, mask: i32): i32 {
  let count = symbols;
  for (let i = 0; i + 1 < count; i++) consider(i, mask);
  for (;;) {
    let best = NO_RANK;
    let at = -1;
    for (let i = 0; i + 1 < count; i++) {
      const rank = load<i32>(RANKS + (<usize>i << 2));
      if (rank < best) {
        best = rank;
        at = i;
      }
    }
    if (at < 0) break;
    const symbol = <usize>at << 2;
    store<i32>(IDS + symbol, load<i32>(PRODUCTS + symbol));
    store<i32>(LENGTHS + symbol, load<i32>(LENGTHS + symbol) + load<i32>(LENGTHS + symbol, 4));
    count--;
    for (let i = symbol + 4, end = <usize>count << 2; i < end; i += 4) {
      store<i32>(IDS + i, load<i32>(IDS + i, 4));
      store<i32>(LENGTHS + i, load<i32>(LENGTHS + i, 4));
      store<i32>(RANKS + i, load<i32>(RANKS + i, 4));
      store<i32>(PRODUCTS + i, load<i32>(PRODUCTS + i, 4));
    }
    if (at + 1 < count) consider(at, mask);
    if (at > 0) consider(at - 1, mask);
  }
  return count;
}

// What the symbols are that the merging begins with; tokenizer/encode-loop.ts has the same.
const BYTES: i32 = 0;
const CHARACTERS_OR_BYTES: i32 = 2;

/** Encodes the marked ones of `pre` pre-tokens of at most 64 bytes; tokenizer/encode-loop.ts says where things lie. */
export function encode(pre: i32, symbols: i32, mask: i32): void {
  let out: usize = 0;
  for (let i = 0; i < pre; i++) {
    let count = 0;
    if (load<u8>(MARKS + i) !== 0) {
      const start = TEXT + load<i32>(OFFSETS + (<usize>i << 2));
      const end = TEXT + load<i32>(OFFSETS + (<usize>i << 2), 4);
      if (symbols === BYTES) count = splitBytes(start, end);
      else count = splitCharacters(start, end, symbols === CHARACTERS_OR_BYTES);
      count = merge(count, mask);
      for (let k = 0; k < count; k++) {
        store<i32>(OUT_IDS + (out << 2), load<i32>(IDS + (<usize>k << 2)));
        store<u8>(OUT_LENGTHS + out, load<i32>(LENGTHS + (<usize>k << 2)));
        out++;
      }
    }
    store<i32>(COUNTS + (<usize>i << 2), count);
  }
}

// Characters that the merges put together first begin as their tokens, all else as bytes.
@inline
function splitBytes(start: usize, end: usize): i32 {
  let symbol: usize = 0;
  let at = start;
  while (at < end) {
    const lead = <i32>load<u8>(at);
    let length: usize = 1;
    let entry = -1;
    if (lead >= 0xc0 && lead < 0xf0) {
      length = lead >= 0xe0 ? 3 : 2;
      entry = load<i32>(CHARACTERS + (<usize>codePointAt(at, lead) << 2));
      if (entry < -1) {
        const condition = CONDITIONS + (<usize>((-2 - entry) >> ID_BITS) << 5);
        entry = isWholeBetween(condition, start, at, at + length, end) ? (-2 - entry) & ((1 << ID_BITS) - 1) : -1;
      }
    }
    if (entry >= 0) {
      store<i32>(IDS + symbol, entry);
      store<i32>(LENGTHS + symbol, <i32>length);
      symbol += 4;
      at += length;
    } else {
      for (const next = at + length; at < next; at++) {
        store<i32>(IDS + symbol, load<i32>(BYTE_IDS + (<usize>load<u8>(at) << 2)));
        store<i32>(LENGTHS + symbol, 1);
        symbol += 4;
      }
    }
  }
  return <i32>(symbol >> 2);
}

// Whether the condition of the character `at` to `next` of the text `start` to `end` holds.
@inline
function isWholeBetween(condition: usize, start: usize, at: usize, next: usize, end: usize): bool {
  const ascii = load<i32>(condition, 16);
  if (at > start) {
    const before = load<u8>(at - 1);
    if (before < 0x80) {
      if ((ascii & 1) !== 0) return false;
    } else if (((load<u64>(condition) >> (before & 63)) & 1) !== 0) return false;
  }
  if (next < end) {
    const after = load<u8>(next);
    if (after < 0x80) return (ascii & 2) === 0;
    return ((load<u64>(condition, 8) >> (after & 63)) & 1) === 0;
  }
  return true;
}

// A character of at most three bytes.
@inline
function codePointAt(at: usize, lead: i32): i32 {
  if (lead >= 0xe0)
    return ((lead & 0xf) << 12) | ((<i32>load<u8>(at, 1) & 0x3f) << 6) | (<i32>load<u8>(at, 2) & 0x3f);
  if (lead >= 0x80) return ((lead & 0x1f) << 6) | (<i32>load<u8>(at, 1) & 0x3f);
  return lead;
}

// 0 when a character lies above the table, or is none of the vocabulary and has no bytes there.
@inline
function splitCharacters(start: usize, end: usize, hasBytes: bool): i32 {
  let symbol: usize = 0;
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
      store<i32>(IDS + symbol, id);
      store<i32>(LENGTHS + symbol, <i32>length);
      symbol += 4;
      at += length;
    } else {
      if (!hasBytes) return 0;
      for (const next = at + length; at < next; at++) {
        store<i32>(IDS + symbol, load<i32>(BYTE_IDS + (<usize>load<u8>(at) << 2)));
        store<i32>(LENGTHS + symbol, 1);
        symbol += 4;
      }
    }
  }
  return <i32>(symbol >> 2);
}

// Notes rank and product of the pair of symbols `at` and `at + 1`.
@inline
function consider(at: i32, mask: i32): void {
  const symbol = <usize>at << 2;
  const left = load<i32>(IDS + symbol);
  const right = load<i32>(IDS + symbol, 4);
  const mixed = (left * <i32>0x9e3779b1) ^ (right * <i32>0x85ebca6b);
  const hash = mixed ^ (mixed >>> 15);
  const cached = CACHE + (<usize>((hash >>> 4) & CACHE_MASK) << 4);
  if (load<i32>(cached) !== left || load<i32>(cached, 4) !== right) {
    store<i32>(cached, left);
    store<i32>(cached, right, 4);
    find(left, right, hash, mask, cached);
  }
  store<i32>(RANKS + symbol, load<i32>(cached, 8));
  store<i32>(PRODUCTS + symbol, load<i32>(cached, 12));
}

// Puts rank and product of the pair, or NO_RANK, where the cache has them.
function find(left: i32, right: i32, hash: i32, mask: i32, cached: usize): void {
  const bit = hash >>> FILTER_SHIFT;
  if ((load<i32>(FILTER + (<usize>(bit >>> 5) << 2)) & (1 << (bit & 31))) !== 0) {
    let at = hash & mask;
    for (;;) {
      const slot = SLOTS + (<usize>at << 4);
      const key = load<i32>(slot);
      if (key === 0) break;
      if (key === left + 1 && load<i32>(slot, 4) === right) {
        store<i64>(cached, load<i64>(slot, 8), 8);
        return;
      }
      at = (at + 1) & mask;
    }
  }
  store<i32>(cached, NO_RANK, 8);
}
