// Characters that a byte-level model puts together before anything else touches their bytes: merging may begin with their
// tokens, at half the symbols or a third.

import type { BpeModel } from "./definition.ts";
import { type MergeTable, NO_RANK } from "./merge-table.ts";

/** The entry of a character that must be spelt in bytes. */
const IN_BYTES = -1;

/** How the bytes of a character become one token. */
interface Assembly {
  readonly id: number;
  /** The highest rank among its merges. */
  readonly rank: number;
  /** Symbols that stand at its left end, and at its right end, before it is whole. */
  readonly leftEnds: readonly number[];
  readonly rightEnds: readonly number[];
}

/** Lowest rank of the merges that each token has a part in. */
interface LowestRanks {
  readonly asLeft: Int32Array;
  readonly asRight: Int32Array;
  /** As right part, where the left one does not end in an ASCII byte; of what stands at the left end of a character. */
  readonly asRightAfterOther: Int32Array;
}

/**
 * Entries of all code points below 0x10000: the id of the character's token where the merges always make it of its bytes
 * first; −2 − id where they do unless an ASCII byte stands before it ("Ġ" + "Ù" is often an early merge); else −1.
 *
 * A character is whole first when, with M the highest rank among its own merges, every merge of a part at its left or right
 * end with a symbol outside has a higher rank, and so has every merge of its token. While it is not whole, its next merge
 * has rank M at most, and merges are taken in the order of ranks: none of those others comes before.
 */
export function wholeCharacters(model: BpeModel, table: MergeTable, byteIds: Int32Array): Int32Array {
  const assemblies = new Map<number, Assembly>();
  assembleTwoBytes(table, byteIds, assemblies);
  assembleThreeBytes(table, byteIds, assemblies);
  const leftEnds = new Uint8Array(model.tokens.length);
  for (const assembly of assemblies.values()) for (const end of assembly.leftEnds) leftEnds[end] = 1;
  const ranks = lowestRanks(model, leftEnds);
  const entries = new Int32Array(0x10000).fill(IN_BYTES);
  for (const [codePoint, assembly] of assemblies) entries[codePoint] = entryOf(assembly, ranks);
  return entries;
}

function entryOf({ id, rank, leftEnds, rightEnds }: Assembly, ranks: LowestRanks): number {
  const isFirst =
    ranks.asLeft[id]! > rank &&
    ranks.asRight[id]! > rank &&
    rightEnds.every((end) => ranks.asLeft[end]! > rank) &&
    leftEnds.every((end) => ranks.asRightAfterOther[end]! > rank);
  if (!isFirst) return IN_BYTES;
  return leftEnds.every((end) => ranks.asRight[end]! > rank) ? id : -2 - id;
}

function assembleTwoBytes(table: MergeTable, byteIds: Int32Array, assemblies: Map<number, Assembly>): void {
  for (let codePoint = 0x80; codePoint < 0x800; codePoint++) {
    const first = byteIds[0xc0 | (codePoint >> 6)]!;
    const second = byteIds[0x80 | (codePoint & 0x3f)]!;
    const slot = table.find(first, second);
    if (slot < 0) continue;
    const [rank, id] = [table.rankAt(slot), table.productAt(slot)];
    assemblies.set(codePoint, { id, rank, leftEnds: [first], rightEnds: [second] });
  }
}

// Of the pairs of bytes that meet, the one of lower rank is merged first.
function assembleThreeBytes(table: MergeTable, byteIds: Int32Array, assemblies: Map<number, Assembly>): void {
  const backs = new Int32Array(0x1000);
  for (let low = 0; low < 0x1000; low++)
    backs[low] = table.find(byteIds[0x80 | (low >> 6)]!, byteIds[0x80 | (low & 0x3f)]!);
  let front = -1;
  for (let codePoint = 0x800; codePoint < 0x10000; codePoint++) {
    const first = byteIds[0xe0 | (codePoint >> 12)]!;
    const third = byteIds[0x80 | (codePoint & 0x3f)]!;
    if ((codePoint & 0x3f) === 0) front = table.find(first, byteIds[0x80 | ((codePoint >> 6) & 0x3f)]!);
    const back = backs[codePoint & 0xfff]!;
    if (front < 0 && back < 0) continue;
    const isFrontFirst = back < 0 || (front >= 0 && table.rankAt(front) < table.rankAt(back));
    const pair = isFrontFirst ? front : back;
    const part = table.productAt(pair);
    const slot = isFrontFirst ? table.find(part, third) : table.find(first, part);
    if (slot < 0) continue;
    assemblies.set(codePoint, {
      id: table.productAt(slot),
      rank: Math.max(table.rankAt(pair), table.rankAt(slot)),
      leftEnds: isFrontFirst ? [first, part] : [first],
      rightEnds: isFrontFirst ? [third] : [third, part],
    });
  }
}

function lowestRanks({ merges, ranks, tokens }: BpeModel, leftEnds: Uint8Array): LowestRanks {
  const asLeft = new Int32Array(tokens.length).fill(NO_RANK);
  const asRight = asLeft.slice();
  const asRightAfterOther = asLeft.slice();
  const lower = (table: Int32Array, id: number, rank: number) => {
    if (rank < table[id]!) table[id] = rank;
  };
  for (let i = 0; 3 * i < merges.length; i++) {
    const left = merges[3 * i]!;
    const right = merges[3 * i + 1]!;
    const rank = ranks?.[i] ?? i;
    lower(asLeft, left, rank);
    lower(asRight, right, rank);
    if (leftEnds[right] === 1 && !endsInAscii(tokens[left]!)) lower(asRightAfterOther, right, rank);
  }
  return { asLeft, asRight, asRightAfterOther };
}

// In the byte-level alphabet, U+0100 to U+0121 are the control characters, the space and DEL.
function endsInAscii(token: string): boolean {
  const last = token.charCodeAt(token.length - 1);
  return last < 0x7f || (last >= 0x100 && last <= 0x121);
}
