// Finds the token that is spelt by a stretch of bytes, in the arrays of tokenizer/vocabulary-index.ts and as it does.

// Where encode-loop.ts notes the addresses of those arrays, what hashes are cut to, and the longest spelling.
const WHOLE_SLOTS: usize = 6148;
const WHOLE_OFFSETS: usize = 6152;
const WHOLE_ARENA: usize = 6156;
const WHOLE_FILTER: usize = 6160;
const WHOLE_MASK: usize = 6164;
const WHOLE_SHIFT: usize = 6168;
const WHOLE_LONGEST: usize = 6172;

/** The id of the token spelt by the bytes between two addresses, or -1. */
export function findWhole(start: usize, end: usize): i32 {
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
