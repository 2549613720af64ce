// The merging of short pre-tokens in WebAssembly (AssemblyScript), as tokenizer/merge-linear.ts does it: the same table, cache
// and filter, which tokenizer/merge-table.ts makes, and the same order of merges.

// Fixed places; tokenizer/merge-table.ts and tokenizer/encode-loop.ts have the same. Behind what is written 16 bytes at a time
// there is room for as many more.
const IDS: usize = 1024;
const LENGTHS: usize = 2048;
const BYTE_IDS: usize = 5120;
/** Where a pre-token has no token outside of its white space. */
const LEAVES_OUT: usize = 6144;
// Of the tokens that pre-tokens may be as they are (tokenizer/vocabulary-index.ts): addresses, and what hashes are cut to.
const WHOLE_SLOTS: usize = 6148;
const WHOLE_OFFSETS: usize = 6152;
const WHOLE_ARENA: usize = 6156;
const WHOLE_FILTER: usize = 6160;
const WHOLE_MASK: usize = 6164;
const WHOLE_SHIFT: usize = 6168;
const WHOLE_LONGEST: usize = 6172;
// Of the pre-tokens that are encoded together (tokenizer/encode-loop.ts): tokens of each, where each begins, its state, its
// white space, and their text.
const COUNTS: usize = 8192;
const OFFSETS: usize = 24576;
const STATES: usize = 45056;
const SPACES: usize = 53248;
const CACHE: usize = 65536;
const FILTER: usize = 589824;
const TEXT: usize = 1638400;
// The tokens of all, and the bytes under each.
const OUT_LENGTHS: usize = 1671232;
const OUT_IDS: usize = 1704064;
const CHARACTERS: usize = 1835200;
// What must not stand beside a character that is whole elsewhere (tokenizer/whole-characters.ts), 32 bytes each.
const CONDITIONS: usize = 2097344;
const ENTRY_ID_BITS: i32 = 20;
// Of the pre-tokens that are merged in turn: symbols, rank and product of each pair; where each begins, which wait, and the
// pairs that wait for the table.
const SYMBOLS: usize = 2162880;
const RANKS: usize = 2179328;
const PRODUCTS: usize = 2195776;
const PLACES: usize = 2212224;
const WAITING: usize = 2228608;
const QUEUE: usize = 2244992;
const SLOTS: usize = 2261376;
/** The offset of a pair that is none. */
const NOWHERE: usize = 16384;
/** Pre-tokens begin before this offset: 64 symbols and what is moved behind them fit after it. */
const LAST_PLACE: usize = 16384 - 320;

const CACHE_MASK: i32 = (1 << 15) - 1;
const FILTER_SHIFT: i32 = 9;
const NO_RANK: i32 = 0x1ffffff;
/** Bits of an id; the bytes under a symbol stand above them. */
const ID_BITS: i32 = 25;
const ID_MASK: i32 = (1 << ID_BITS) - 1;
const INDEX_BITS: i32 = 6;
const INDEX_MASK: i32 = (1 << INDEX_BITS) - 1;

/** Merges the first `count` (at most 64) symbols in place; returns how many are left. */
export function merge(symbols: i32, mask: i32): i32 {
  for (let i: usize = 0; i < <usize>symbols << 2; i += 4)
    store<i32>(SYMBOLS + i, load<i32>(IDS + i) | (load<i32>(LENGTHS + i) << ID_BITS));
  store<i32>(PLACES, 0);
  store<i32>(COUNTS, symbols);
  store<i32>(WAITING, 0);
  mergeAll(symbols > 1 ? 1 : 0, considerAll(0, symbols, 0), mask);
  const count = load<i32>(COUNTS);
  for (let i: usize = 0; i < <usize>count << 2; i += 4) {
    store<i32>(IDS + i, load<i32>(SYMBOLS + i) & ID_MASK);
    store<i32>(LENGTHS + i, load<i32>(SYMBOLS + i) >>> ID_BITS);
  }
  return count;
}

// What the symbols are that the merging begins with, and which pre-tokens are looked up as a whole; tokenizer/encode-loop.ts
// has the same.
const BYTES: i32 = 0;
const CHARACTERS_OR_BYTES: i32 = 2;
const NO_WHOLES: i32 = 0;
const ALL_WHOLES: i32 = 2;

// States of a pre-token and its white space: metrics/encoded-pre-tokens.ts and metrics/pre-token-spaces.ts.
const NEEDED: i32 = 1;
const SPACE_BITS: i32 = 3;
const MANY_IN_SPACE: i32 = (1 << SPACE_BITS) - 1;
const BLANK: i32 = 255;
const LONGEST: i32 = 64;

/**
 * Encodes those of `pre` pre-tokens that are needed and have at most 64 bytes, and notes their states and places: their tokens
 * will lie from `base` on. `offset` is that of the text's first byte. Returns how many tokens there are.
 */
export function encode(pre: i32, offset: i32, symbols: i32, wholes: i32, mask: i32, base: i32): i32 {
  const text = TEXT - <usize>offset;
  let out = 0;
  for (let from = 0; from < pre; ) {
    let place: usize = 0;
    let waiting = 0;
    let queued = 0;
    let to = from;
    for (; to < pre && place < LAST_PLACE; to++) {
      let count = 0;
      const start = text + load<i32>(OFFSETS + (<usize>to << 2));
      const end = text + load<i32>(OFFSETS + (<usize>to << 2), 4);
      if (<i32>load<u16>(STATES + (<usize>to << 1)) === NEEDED && <i32>(end - start) <= LONGEST) {
        if (symbols === BYTES) count = splitBytes(start, end, SYMBOLS + place);
        else count = splitCharacters(start, end, SYMBOLS + place, symbols === CHARACTERS_OR_BYTES);
        queued = considerAll(place, count, queued);
        store<i32>(PLACES + (<usize>to << 2), <i32>place);
        store<i32>(WAITING + (<usize>waiting << 2), to);
        waiting += <i32>(count > 1);
        place += roomFor(count);
      }
      store<i32>(COUNTS + (<usize>to << 2), count);
    }
    mergeAll(waiting, queued, mask);
    for (; from < to; from++) out += take(from, text, wholes, base, out);
  }
  return out;
}

// Puts the tokens of a pre-token behind the others; returns how many.
@inline
function take(pre: i32, text: usize, wholes: i32, base: i32, out: i32): i32 {
  let count = load<i32>(COUNTS + (<usize>pre << 2));
  if (count === 0) return 0;
  const place = PLACES + (<usize>pre << 2);
  const symbols = SYMBOLS + load<i32>(place);
  if (wholes !== NO_WHOLES && (count > 1 || wholes === ALL_WHOLES)) {
    const start = text + load<i32>(OFFSETS + (<usize>pre << 2));
    const end = text + load<i32>(OFFSETS + (<usize>pre << 2), 4);
    const id = findWhole(start, end);
    if (id >= 0) {
      store<i32>(symbols, id | (<i32>(end - start) << ID_BITS));
      count = 1;
    }
  }
  for (let k = 0; k < count; k += 4) {
    const tokens = v128.load(symbols + (<usize>k << 2));
    v128.store(OUT_IDS + (<usize>(out + k) << 2), v128.and(tokens, i32x4.splat(ID_MASK)));
    const lengths = i32x4.shr_u(tokens, ID_BITS);
    const narrow = i16x8.narrow_i32x4_u(lengths, lengths);
    store<i32>(OUT_LENGTHS + out + k, i32x4.extract_lane(i8x16.narrow_i16x8_u(narrow, narrow), 0));
  }
  const space = <i32>load<u8>(SPACES + pre);
  const inSpace = space === BLANK ? count : space === 0 ? 0 : tokensWithin(space, OUT_LENGTHS + out, count);
  if (inSpace === count && space !== BLANK) store<i32>(LEAVES_OUT, 1);
  store<u16>(STATES + (<usize>pre << 1), ((count + 1) << SPACE_BITS) | min(MANY_IN_SPACE, inSpace));
  store<i32>(place, base + out);
  return count;
}

// Of `count` tokens with their lengths at an address, those that end within the first `bytes`.
@inline
function tokensWithin(bytes: i32, lengths: usize, count: i32): i32 {
  let covered = <i32>load<u8>(lengths);
  let tokens = 0;
  while (tokens < count && covered <= bytes) covered += <i32>load<u8>(lengths + ++tokens);
  return tokens;
}

// The id of the token spelt by the bytes between two addresses, or -1: tokenizer/vocabulary-index.ts.
function findWhole(start: usize, end: usize): i32 {
  const length = <i32>(end - start);
  if (length > load<i32>(WHOLE_LONGEST)) return -1;
  let hash: i32 = <i32>0x811c9dc5;
  for (let at = start; at < end; at++) hash = (hash ^ <i32>load<u8>(at)) * 0x01000193;
  hash ^= hash >>> 15;
  const bit = (hash * <i32>0x9e3779b1) >>> load<i32>(WHOLE_SHIFT);
  const filter = <usize>load<i32>(WHOLE_FILTER);
  if (((load<i32>(filter + (<usize>(bit >>> 5) << 2)) >>> (bit & 31)) & 1) === 0) return -1;
  const slots = <usize>load<i32>(WHOLE_SLOTS);
  const offsets = <usize>load<i32>(WHOLE_OFFSETS);
  const arena = <usize>load<i32>(WHOLE_ARENA);
  const mask = load<i32>(WHOLE_MASK);
  for (let at = hash & mask; ; at = (at + 1) & mask) {
    const id = load<i32>(slots + (<usize>at << 2)) - 1;
    if (id < 0) return -1;
    const spelling = load<i32>(offsets + (<usize>id << 2));
    if (load<i32>(offsets + (<usize>id << 2), 4) - spelling !== length) continue;
    if (areEqual(arena + spelling, start, length)) return id;
  }
  return -1;
}

function areEqual(one: usize, other: usize, length: i32): bool {
  for (let i = 0; i < length; i++) if (load<u8>(one + i) !== load<u8>(other + i)) return false;
  return true;
}

// Bytes that a pre-token of so many symbols takes in each array: four pairs are compared at once, four symbols moved.
@inline
function roomFor(count: i32): usize {
  return <usize>((count + 11) & ~3) << 2;
}

// Looks all pairs of a pre-token up; returns how many wait for `findQueued`.
@inline
function considerAll(place: usize, count: i32, queuedBefore: i32): i32 {
  let queued = queuedBefore;
  const pairs = place + (<usize>max(count - 1, 0) << 2);
  for (let at = place; at < pairs; at += 4) queued = consider(at, true, queued);
  const none = i32x4.splat(NO_RANK);
  const end = place + roomFor(count);
  for (let at = pairs; at < end; at += 16) v128.store(RANKS + at, none);
  return queued;
}

// One merge of each pre-token that waits, again and again: what one of them looks up is there when the others are done.
function mergeAll(waitingBefore: i32, queuedBefore: i32, mask: i32): void {
  let waiting = waitingBefore;
  let queued = queuedBefore;
  const first = i32x4(0, 1, 2, 3);
  const four = i32x4.splat(4);
  while (waiting > 0) {
    findQueued(queued, mask);
    queued = 0;
    let kept = 0;
    for (let i = 0; i < waiting; i++) {
      const pre = load<i32>(WAITING + (<usize>i << 2));
      const place = <usize>load<i32>(PLACES + (<usize>pre << 2));
      const count = load<i32>(COUNTS + (<usize>pre << 2));
      // Rank and index of each pair in one number: the least is the leftmost of the lowest rank.
      let index = i32x4.add(first, four);
      let least = i32x4.min_s(
        v128.or(i32x4.shl(v128.load(RANKS + place), INDEX_BITS), first),
        v128.or(i32x4.shl(v128.load(RANKS + place, 16), INDEX_BITS), index),
      );
      for (let pair = 8; pair + 1 < count; pair += 4) {
        index = i32x4.add(index, four);
        least = i32x4.min_s(least, v128.or(i32x4.shl(v128.load(RANKS + place + (<usize>pair << 2)), INDEX_BITS), index));
      }
      least = i32x4.min_s(least, i32x4.shuffle(least, least, 2, 3, 0, 1));
      least = i32x4.min_s(least, i32x4.shuffle(least, least, 1, 0, 3, 2));
      const best = i32x4.extract_lane(least, 0);
      if (best >>> INDEX_BITS === NO_RANK) continue;
      const at = place + (<usize>(best & INDEX_MASK) << 2);
      const left = load<i32>(SYMBOLS + at);
      const right = load<i32>(SYMBOLS + at, 4);
      store<i32>(SYMBOLS + at, load<i32>(PRODUCTS + at) + (left & ~ID_MASK) + (right & ~ID_MASK));
      const end = place + (<usize>(count - 1) << 2);
      move(at + 4);
      move(at + 20);
      for (let moved = at + 36; moved < end; moved += 16) move(moved);
      store<i32>(RANKS + end - 4, NO_RANK);
      queued = consider(at, at + 4 < end, queued);
      queued = consider(at - 4, at > place, queued);
      store<i32>(COUNTS + (<usize>pre << 2), count - 1);
      store<i32>(WAITING + (<usize>kept << 2), pre);
      if (count > 2) kept++;
    }
    waiting = kept;
  }
}

// Characters that the merges put together first begin as their tokens, all else as bytes. Both are written, and one is
// written over: which it is cannot be foreseen. 0 when a byte has no token.
@inline
function splitBytes(start: usize, end: usize, symbols: usize): i32 {
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
function splitCharacters(start: usize, end: usize, symbols: usize, hasBytes: bool): i32 {
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

@inline
function move(at: usize): void {
  v128.store(SYMBOLS + at, v128.load(SYMBOLS + at, 4));
  v128.store(RANKS + at, v128.load(RANKS + at, 4));
  v128.store(PRODUCTS + at, v128.load(PRODUCTS + at, 4));
}

// Notes rank and product of the pair of symbols at an offset, if the cache has them: else they wait for `findQueued`.
@inline
function consider(at: usize, isPair: bool, queued: i32): i32 {
  const left = load<i32>(SYMBOLS + at) & ID_MASK;
  const right = load<i32>(SYMBOLS + at, 4) & ID_MASK;
  const cached = CACHE + (<usize>((hashPair(left, right) >>> 4) & CACHE_MASK) << 4);
  const target = select<usize>(at, NOWHERE, isPair);
  store<i32>(RANKS + target, load<i32>(cached, 8));
  store<i32>(PRODUCTS + target, load<i32>(cached, 12));
  store<i32>(QUEUE + (<usize>queued << 2), <i32>at);
  return queued + (<i32>(((load<i32>(cached) ^ left) | (load<i32>(cached, 4) ^ right)) !== 0) & <i32>isPair);
}

// Looks up in the table what was not in the cache: first by the filter, as most pairs are no merges. The slots of the others
// are far apart and seldom in a cache: they are read without a branch between, so that the processor waits for many at once.
function findQueued(queued: i32, mask: i32): void {
  let left = 0;
  for (let i = 0; i < queued; i++) {
    const at = load<i32>(QUEUE + (<usize>i << 2));
    const hash = hashAt(at);
    const bit = hash >>> FILTER_SHIFT;
    store<i32>(QUEUE + (<usize>left << 2), at);
    left += (load<i32>(FILTER + (<usize>(bit >>> 5) << 2)) >>> (bit & 31)) & 1;
    put(at, hash, NO_RANK, 0);
  }
  let seen = 0;
  for (let i = 0; i < left; i++)
    seen |= load<i32>(SLOTS + (<usize>(hashAt(load<i32>(QUEUE + (<usize>i << 2))) & mask) << 4));
  // Zero only if no pair was ever a merge: the loads above are not for nothing.
  if (seen === 0) return;
  for (let i = 0; i < left; i++) {
    const at = load<i32>(QUEUE + (<usize>i << 2));
    const hash = hashAt(at);
    const key = (load<i32>(SYMBOLS + <usize>at) & ID_MASK) + 1;
    const right = load<i32>(SYMBOLS + <usize>at, 4) & ID_MASK;
    let slot = SLOTS + (<usize>(hash & mask) << 4);
    for (let next = hash; load<i32>(slot) !== 0; slot = SLOTS + (<usize>(++next & mask) << 4)) {
      if (load<i32>(slot) !== key || load<i32>(slot, 4) !== right) continue;
      put(at, hash, load<i32>(slot, 8), load<i32>(slot, 12));
      break;
    }
  }
}

// Notes what was found of the pair of symbols at an offset, there and in the cache.
@inline
function put(at: i32, hash: i32, rank: i32, product: i32): void {
  const pair = <usize>at;
  const cached = CACHE + (<usize>((hash >>> 4) & CACHE_MASK) << 4);
  store<i32>(cached, load<i32>(SYMBOLS + pair) & ID_MASK);
  store<i32>(cached, load<i32>(SYMBOLS + pair, 4) & ID_MASK, 4);
  store<i32>(cached, rank, 8);
  store<i32>(cached, product, 12);
  store<i32>(RANKS + pair, rank);
  store<i32>(PRODUCTS + pair, product);
}

@inline
function hashAt(at: i32): i32 {
  return hashPair(load<i32>(SYMBOLS + <usize>at) & ID_MASK, load<i32>(SYMBOLS + <usize>at, 4) & ID_MASK);
}

@inline
function hashPair(left: i32, right: i32): i32 {
  const mixed = (left * <i32>0x9e3779b1) ^ (right * <i32>0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
