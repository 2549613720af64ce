// Words that begin alike get neighbouring cells: what one merge changes then lies close together in memory. Measured on
// 121 MB of Persian: 32,000 merges take 0.8 of the time that they take in the order of a hash table.

import type { ByteStringTable } from "../counting/byte-string-table.ts";

/** Bytes looked at, from the second on (the first is a space as a rule), two at a time. */
const SORTED_BYTES = 8;

/** The numbers of the words, ordered by the start of their bytes; what is learned does not depend on it. */
export function alphabeticalOrder({ bytes, offsets, size }: ByteStringTable): Uint32Array {
  let order = new Uint32Array(size).map((_, word) => word);
  let next = new Uint32Array(size);
  const digits = new Uint16Array(size);
  const starts = new Uint32Array(0x10001);
  for (let place = SORTED_BYTES - 1; place > 0; place -= 2) {
    starts.fill(0);
    for (let word = 0; word < size; word++) {
      const at = offsets[word]! + place;
      const end = offsets[word + 1]!;
      const digit = at + 1 < end ? (bytes[at]! << 8) | bytes[at + 1]! : at < end ? bytes[at]! << 8 : 0;
      digits[word] = digit;
      starts[digit + 1]!++;
    }
    for (let i = 1; i < starts.length; i++) starts[i]! += starts[i - 1]!;
    for (let i = 0; i < size; i++) next[starts[digits[order[i]!]!]!++] = order[i]!;
    [order, next] = [next, order];
  }
  return order;
}
