// The hot loop in TypeScript: takes the segments that fit an inline key and end in U+0020 or a line feed, and hands
// everything else back. wasm/assembly/scan.ts is the same in WebAssembly, 16 bytes at a time.

import { cutKindBefore, cutKindOfPair, NO_CUT, UNDECIDED } from "../text/cut-rule.ts";
import {
  AT,
  AT_DOCUMENT_START,
  DOCUMENT_AT,
  type EndDocument,
  FRONT_MASK,
  FRONT_WORDS,
  HASH_A,
  HASH_B,
  REACHED_LIMIT,
  SLOW_SEGMENT,
} from "./scan-memory.ts";
import { hashInline, type SegmentTable } from "./segment-table.ts";

/** A document's two hashes: h ← (h ⊕ segment) · A, and h ← h · B + segment. */
export const DOCUMENT_FACTOR_A = 0x9e3779b1;
export const DOCUMENT_FACTOR_B = 0x85ebca6b;

const SPACE = 0x20;
const LINE_FEED = 0x0a;

/**
 * Takes segments from the state's position on, while their ends lie before `limit`. Returns why it stopped; the segment
 * at the state's position is not taken. The first byte of a segment never ends it and is masked; every other byte below
 * 0x21 ends it or sends it to the slow way.
 */
export function scanFast(
  table: SegmentTable,
  limit: number,
  lines: boolean,
  endDocument: EndDocument,
): number {
  let memory = table.memory;
  const { state } = memory;
  let { view, text, front } = memory;
  let p = state[AT]!;
  let hashA = state[HASH_A]!;
  let hashB = state[HASH_B]!;
  let atDocumentStart = state[AT_DOCUMENT_START]!;
  let documentAt = state[DOCUMENT_AT]!;
  let stop = REACHED_LIMIT;
  while (p < limit) {
    let w0 = view.getInt32(p, true);
    let w1 = 0;
    let w2 = 0;
    let w3 = 0;
    let word = p;
    let low = lowBytes(w0 | 0xff);
    if (low === 0) {
      word = p + 4;
      w1 = view.getInt32(word, true);
      low = lowBytes(w1);
      if (low === 0) {
        word = p + 8;
        w2 = view.getInt32(word, true);
        low = lowBytes(w2);
        if (low === 0) {
          word = p + 12;
          w3 = view.getInt32(word, true);
          low = lowBytes(w3);
        }
      }
    }
    const i = firstByte(low);
    const q = word + i;
    const byte = low !== 0 && q > p + 1 && q < limit ? text[q]! : 0;
    const ends = byte === SPACE ? cutsBeforeBlank(text, view, q) : byte === LINE_FEED && lines;
    if (!ends || (atDocumentStart === 1 && text[p]! <= SPACE)) {
      stop = SLOW_SEGMENT;
      break;
    }
    const mask = (1 << (i << 3)) - 1;
    if (word === p + 4) w1 &= mask;
    else if (word === p + 8) w2 &= mask;
    else if (word === p) w0 &= mask;
    else w3 &= mask;
    const hash = hashInline(w0, w1, w2, w3);
    const f = (hash & FRONT_MASK) * FRONT_WORDS;
    if (front[f] === w0 && front[f + 1] === w1 && front[f + 2] === w2 && front[f + 3] === w3) front[f + 4]!++;
    else {
      table.countMiss(w0, w1, w2, w3, hash, f);
      if (table.memory !== memory) ({ view, text, front } = memory = table.memory);
    }
    hashA = Math.imul(hashA ^ hash, DOCUMENT_FACTOR_A);
    hashB = (Math.imul(hashB, DOCUMENT_FACTOR_B) + hash) | 0;
    atDocumentStart = 0;
    p = q;
    if (byte === SPACE) continue;
    endDocument(documentAt, q, hashA, hashB);
    p = q + 1;
    documentAt = p;
    atDocumentStart = 1;
    hashA = 0;
    hashB = 0;
  }
  memory.state.set([p, hashA, hashB, atDocumentStart, documentAt], AT);
  return stop;
}

/** Marks (0x80) every byte below 0x21 of a word; marks above the lowest true one may be false (Warren, Hacker's Delight, 6-1). */
function lowBytes(word: number): number {
  return (word - 0x21212121) & ~word & 0x80808080;
}

/** Index of the lowest marked byte. */
function firstByte(marks: number): number {
  return (31 - Math.clz32(marks & -marks)) >>> 3;
}

// Whether U+0020 at `at` begins a segment.
function cutsBeforeBlank(bytes: Uint8Array, view: DataView, at: number): boolean {
  const kind = cutKindOfPair[view.getUint16(at - 2, true)]!;
  return kind === UNDECIDED ? cutKindBefore(bytes, at) !== NO_CUT : kind !== NO_CUT;
}
