// The merging of short pre-tokens in WebAssembly (AssemblyScript), as tokenizer/merge-linear.ts does it: the same table, cache
// and filter, which tokenizer/merge-table.ts makes, and the same order of merges.

import {
  COUNTS,
  IDS,
  ID_BITS,
  ID_MASK,
  LAST_PLACE,
  LEAVES_OUT,
  LENGTHS,
  OFFSETS,
  OUT_IDS,
  OUT_LENGTHS,
  PLACES,
  SPACES,
  STATES,
  SYMBOLS,
  TEXT,
  WAITING,
} from "./merge-places";
import { splitBytes, splitCharacters } from "./merge-symbols";
import { considerAll, mergeAll, roomFor } from "./merge-turns";
import { findWhole } from "./whole-tokens";

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
