// SentencePiece's precompiled_charsmap: which strings the normalizer replaces by which. Its layout: the size of the trie
// (4 bytes, little-endian), the trie as a double array of darts-clone, then the replacements, each ended by a NUL.

import { isUtf8 } from "node:buffer";
import { invalidFile } from "./file-place.ts";

export interface CharsmapMatch {
  /** Bytes of the text that are replaced. */
  readonly length: number;
  /** It may be empty. */
  readonly replacement: Uint8Array;
}

/** The library looks at that many matches of one place, shortest first (kMaxTrieResultsSize). */
const MAX_MATCHES = 32;

const HEADER_BYTES = 4;

/** The library (0.2.3) demands whole blocks of 256 units. */
const BLOCK_BYTES = 1024;

// A unit of the double array: a leaf holds a value in its lower 31 bits and has the highest bit set; another unit holds
// its label in the lowest byte, "has a leaf" in bit 8, and in the rest the offset to its children.
const LEAF = 0x80000000;
const LABEL_MASK = 0x800000ff;
const HAS_LEAF = 0x100;

export class Charsmap {
  readonly replacements: Uint8Array;
  private readonly units: Uint32Array;

  /** Of parts that were checked: see `readCharsmap`. */
  constructor(units: Uint32Array, replacements: Uint8Array) {
    this.units = units;
    this.replacements = replacements;
  }

  /**
   * The longest string of the map that `bytes[start, end)` begins with. Without one the library copies one character.
   * The text can be any bytes, and keys may end inside a character where the file's keys do.
   */
  longestPrefix(bytes: Uint8Array, start: number, end: number): CharsmapMatch | undefined {
    return this.prefix(bytes, start, end, MAX_MATCHES);
  }

  /** The shortest one, which is what the tokenizers library takes. */
  shortestPrefix(bytes: Uint8Array, start: number, end: number): CharsmapMatch | undefined {
    return this.prefix(bytes, start, end, 1);
  }

  private prefix(
    bytes: Uint8Array,
    start: number,
    end: number,
    maxMatches: number,
  ): CharsmapMatch | undefined {
    const { units } = this;
    let node = offsetOf(units[0]!);
    let length = 0;
    let value = 0;
    let matches = 0;
    for (let at = start; at < end && matches < maxMatches; at++) {
      const byte = bytes[at]!;
      node ^= byte;
      const unit = units[node]!;
      if ((unit & LABEL_MASK) >>> 0 !== byte) break;
      node ^= offsetOf(unit);
      if ((unit & HAS_LEAF) === 0) continue;
      matches++;
      length = at + 1 - start;
      value = units[node]! & 0x7fffffff;
    }
    if (length === 0) return undefined;
    return { length, replacement: this.replacements.subarray(value, this.replacements.indexOf(0, value)) };
  }
}

/**
 * @param place what errors call the map: "normalizer_spec.precompiled_charsmap"
 * @returns undefined for no bytes, which is how a model says that it replaces nothing
 * @throws VocabError `tokenizer-invalid`
 */
export function readCharsmap(blob: Uint8Array, file: string, place: string): Charsmap | undefined {
  if (blob.length === 0) return undefined;
  const fail = (what: string) => invalidFile(file, place, what);
  if (blob.length <= HEADER_BYTES) throw fail(`${blob.length} bytes are too few for a charsmap`);
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const trieBytes = view.getUint32(0, true);
  const left = blob.length - HEADER_BYTES;
  if (trieBytes >= left) throw fail(`the trie has ${trieBytes} bytes, but the charsmap only ${left}`);
  if (trieBytes < BLOCK_BYTES || trieBytes % BLOCK_BYTES !== 0)
    throw fail(`the size of the trie, ${trieBytes}, is no multiple of ${BLOCK_BYTES}`);
  const units = new Uint32Array(trieBytes / 4);
  for (let i = 0; i < units.length; i++) units[i] = view.getUint32(HEADER_BYTES + 4 * i, true);
  const replacements = blob.subarray(HEADER_BYTES + trieBytes);
  if (replacements.at(-1) !== 0) throw fail("the last replacement is not ended by a NUL");
  if (!isUtf8(replacements)) throw fail("the replacements are not valid UTF-8");
  const fault = faultyUnit(units, replacements);
  if (fault >= 0) throw fail(`unit ${fault} of the trie leads out of it, or to no replacement`);
  return new Charsmap(units, replacements);
}

// What a search can reach from a unit must lie in the array: all children of a unit share one block of 256 units. The
// same checks as in the library (darts.h, validate), and that no replacement begins inside a character.
function faultyUnit(units: Uint32Array, replacements: Uint8Array): number {
  const root = units[0]!;
  const rootChildren = offsetOf(root);
  if ((root & (LABEL_MASK | HAS_LEAF)) !== 0 || rootChildren === 0 || !hasBlock(units, rootChildren))
    return 0;
  for (let i = 1; i < units.length; i++) {
    const unit = units[i]!;
    if (isLeaf(unit)) {
      const value = unit & 0x7fffffff;
      if (value >= replacements.length || (replacements[value]! & 0xc0) === 0x80) return i;
      continue;
    }
    const children = (i ^ offsetOf(unit)) >>> 0;
    if (!hasBlock(units, children)) return i;
    if ((unit & HAS_LEAF) !== 0 && !isLeaf(units[children]!)) return i;
  }
  return -1;
}

function hasBlock(units: Uint32Array, index: number): boolean {
  return (index | 0xff) >>> 0 < units.length;
}

function isLeaf(unit: number): boolean {
  return (unit & LEAF) !== 0;
}

/** 22 bits, in units or, where bit 9 is set, in blocks of 256 units. */
function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6);
}
