// Merges many pre-tokens in turn, so that what one looks up in the table is there when the others had theirs.

import {
  CACHE,
  CACHE_MASK,
  COUNTS,
  FILTER,
  FILTER_SHIFT,
  ID_MASK,
  INDEX_BITS,
  INDEX_MASK,
  NOWHERE,
  NO_RANK,
  PLACES,
  PRODUCTS,
  QUEUE,
  RANKS,
  SLOTS,
  SYMBOLS,
  WAITING,
} from "./merge-places";

// Bytes that a pre-token of so many symbols takes in each array: eight pairs are compared and eight symbols moved at least.
@inline
export function roomFor(count: i32): usize {
  return <usize>((count + 11) & ~3) << 2;
}

// Looks all pairs of a pre-token up; returns how many wait for `findQueued`.
@inline
export function considerAll(place: usize, count: i32, queuedBefore: i32): i32 {
  let queued = queuedBefore;
  const pairs = place + (<usize>max(count - 1, 0) << 2);
  for (let at = place; at < pairs; at += 4) queued = consider(at, true, queued);
  const none = i32x4.splat(NO_RANK);
  const end = place + roomFor(count);
  for (let at = pairs; at < end; at += 16) v128.store(RANKS + at, none);
  return queued;
}

// One merge of each pre-token that waits, again and again: what one of them looks up is there when the others are done.
export function mergeAll(waitingBefore: i32, queuedBefore: i32, mask: i32): void {
  let waiting = waitingBefore;
  let queued = queuedBefore;
  while (waiting > 0) {
    findQueued(queued, mask);
    queued = 0;
    let kept = 0;
    for (let i = 0; i < waiting; i++) {
      const pre = load<i32>(WAITING + (<usize>i << 2));
      const place = <usize>load<i32>(PLACES + (<usize>pre << 2));
      const count = load<i32>(COUNTS + (<usize>pre << 2));
      const best = leastPair(place, count);
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

// Rank and index of each pair in one number: the least is the leftmost of the lowest rank.
@inline
function leastPair(place: usize, count: i32): i32 {
  const four = i32x4.splat(4);
  let index = i32x4(0, 1, 2, 3);
  let least = v128.or(i32x4.shl(v128.load(RANKS + place), INDEX_BITS), index);
  for (let pair = 4; pair < 8 || pair + 1 < count; pair += 4) {
    index = i32x4.add(index, four);
    least = i32x4.min_s(least, v128.or(i32x4.shl(v128.load(RANKS + place + (<usize>pair << 2)), INDEX_BITS), index));
  }
  least = i32x4.min_s(least, i32x4.shuffle(least, least, 2, 3, 0, 1));
  least = i32x4.min_s(least, i32x4.shuffle(least, least, 1, 0, 3, 2));
  return i32x4.extract_lane(least, 0);
}

// Moves four symbols, and their pairs, one place to the left.
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
  // All are free: none of the pairs is a merge.
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
