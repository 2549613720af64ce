// Counts the longer segments that scan.ts has queued, in the table of counting/long-keys.ts, which makes room for all of them
// first; its `add` is the twin in TypeScript.

// Words of the state at address 0, and fixed places; counting/long-keys.ts has the same.
const USED: usize = 0;
const LENGTH: usize = 4;
const QUEUE: usize = 1024;
const TEXT: usize = 65536;

/** Keys whose slots are fetched before any of them is looked at: the processor waits for all of them at once. */
const BATCH: i32 = 32;
const BLOCK: i32 = 16;

let fetched: i32 = 0;

/**
 * Adds one occurrence of each of `count` queued keys (16 bytes each: place in the text, size above 16, hash, unused). A slot:
 * hash, place in the bytes, size, number + 1 (0 = free).
 */
export function addQueued(count: i32, slots: usize, mask: i32, counts: usize, ends: usize, bytes: usize): void {
  for (let from = 0; from < count; from += BATCH) {
    const to = min(count, from + BATCH);
    for (let i = from; i < to; i++)
      fetched ^= load<i32>(slots + (<usize>(load<i32>(QUEUE + (<usize>i << 4), 8) & mask) << 4));
    for (let i = from; i < to; i++) {
      const entry = QUEUE + (<usize>i << 4);
      const start = TEXT + load<i32>(entry);
      const number = find(start, load<i32>(entry, 4), load<i32>(entry, 8), slots, mask, ends, bytes);
      const at = counts + (<usize>number << 3);
      store<f64>(at, load<f64>(at) + 1);
    }
  }
}

@inline
function find(start: usize, size: i32, hash: i32, slots: usize, mask: i32, ends: usize, bytes: usize): i32 {
  let slot = slots + (<usize>(hash & mask) << 4);
  let number = load<i32>(slot, 12) - 1;
  while (number >= 0 && !(isKey(slot, start, size, hash, bytes))) {
    slot = slots + (<usize>((((slot - slots) >> 4) + 1) & mask) << 4);
    number = load<i32>(slot, 12) - 1;
  }
  return number < 0 ? insert(slot, start, size, hash, ends, bytes) : number;
}

@inline
function isKey(slot: usize, start: usize, size: i32, hash: i32, bytes: usize): bool {
  return load<i32>(slot) === hash && load<i32>(slot, 8) === size && isEqual(bytes + load<i32>(slot, 4), start, size);
}

// The last block overlaps the one before it.
@inline
function isEqual(a: usize, b: usize, size: i32): bool {
  let at = 0;
  for (; at + BLOCK <= size; at += BLOCK)
    if (v128.any_true(v128.xor(v128.load(a + at), v128.load(b + at)))) return false;
  at = size - BLOCK;
  return !v128.any_true(v128.xor(v128.load(a + at), v128.load(b + at)));
}

function insert(slot: usize, start: usize, size: i32, hash: i32, ends: usize, bytes: usize): i32 {
  const number = load<i32>(USED);
  const from = load<i32>(LENGTH);
  memory.copy(bytes + from, start, size);
  store<i32>(slot, hash);
  store<i32>(slot, from, 4);
  store<i32>(slot, size, 8);
  store<i32>(slot, number + 1, 12);
  store<i32>(ends + (<usize>number << 2), from + size);
  store<i32>(USED, number + 1);
  store<i32>(LENGTH, from + size);
  return number;
}
