// Characters that a byte-level model puts together before anything else touches their bytes: merging may begin with their
// tokens, at half the symbols or a third.

import { byteOfCharacter } from "../text/byte-alphabet.ts";
import type { BpeModel } from "./definition.ts";
import { type MergeTable, NO_RANK } from "./merge-table.ts";

/** The entry of a character that must be spelt in bytes: its condition never holds. */
export const IN_BYTES = 0;
/** Bits of an entry below the number of its condition. */
const ID_BITS = 20;
/** Conditions, at most: characters with others are spelt in bytes. */
const MAX_CONDITIONS = 2047;
/**
 * Words of a condition: a set of bytes that must not stand before the character (two words, a bit for the low six bits of each
 * byte above ASCII), another of those that must not follow it, and flags.
 */
export const CONDITION_WORDS = 8;
const FLAGS = 4;
const NOT_AFTER_ASCII = 1;
const NOT_BEFORE_ASCII = 2;
const NEVER = 4;

/** Classes of the byte beside a character: its low six bits, or ASCII. */
const CLASSES = 65;
const ASCII = 64;
const UNWATCHED = -1;
const NO_MERGE = -2;

export interface WholeCharacters {
  /**
   * Of all code points below 0x10000: condition · 2²⁰ + the id of the character's token, which the merges make of its bytes
   * first where the condition holds.
   */
  readonly entries: Int32Array;
  /** `CONDITION_WORDS` of each. */
  readonly conditions: Int32Array;
}

/** How the bytes of a character become one token. */
interface Assembly {
  readonly id: number;
  /** The highest rank among its merges. */
  readonly rank: number;
  /** Symbols that stand at its left end, and at its right end, before it is whole. */
  readonly leftEnds: readonly number[];
  readonly rightEnds: readonly number[];
}

/**
 * A character is whole first when, with M the highest rank among its own merges, every merge of a part at its left or right
 * end with a symbol outside has a higher rank, and so has every merge of its token. While it is not whole, its next merge
 * has rank M at most, and merges are taken in the order of ranks: none of those others comes before.
 *
 * A symbol outside ends in the byte before the character, or begins with the byte behind it: where some merges have a lower
 * rank, the character is whole beside all other bytes ("Ġ" + "Ù" is often an early merge, and so is "Ø§" + "Ù").
 */
export function wholeCharacters(model: BpeModel, table: MergeTable, byteIds: Int32Array): WholeCharacters {
  const assemblies = new Map<number, Assembly>();
  assembleTwoBytes(table, byteIds, assemblies);
  assembleThreeBytes(table, byteIds, assemblies);
  const before = new EdgeRanks(model.tokens.length);
  const after = new EdgeRanks(model.tokens.length);
  for (const { leftEnds, rightEnds } of assemblies.values()) {
    for (const end of leftEnds) before.watch(end);
    for (const end of rightEnds) after.watch(end);
  }
  const lowest = lowestRanks(model, before, after);
  const entries = new Int32Array(0x10000).fill(IN_BYTES);
  const conditions = new Conditions();
  const words = new Int32Array(CONDITION_WORDS);
  for (const [codePoint, { id, rank, leftEnds, rightEnds }] of assemblies) {
    if (lowest[id]! <= rank || id >= 1 << ID_BITS) continue;
    words.fill(0);
    before.below(leftEnds, rank, words, 0, NOT_AFTER_ASCII);
    after.below(rightEnds, rank, words, 2, NOT_BEFORE_ASCII);
    const condition = conditions.numberOf(words);
    if (condition < MAX_CONDITIONS) entries[codePoint] = (condition << ID_BITS) | id;
  }
  return { entries, conditions: conditions.words() };
}

/** Lowest ranks of the merges of some tokens with what stands beside them, by the class of the byte next to the token. */
class EdgeRanks {
  /** Of each token: UNWATCHED, NO_MERGE or its place in `ranks`. */
  private readonly rows: Int32Array;
  private readonly ranks: Int32Array[] = [];
  private readonly sorted: (readonly number[] | undefined)[] = [];

  constructor(tokens: number) {
    this.rows = new Int32Array(tokens).fill(UNWATCHED);
  }

  watch(token: number): void {
    this.rows[token] = NO_MERGE;
  }

  watches(token: number): boolean {
    return this.rows[token] !== UNWATCHED;
  }

  /** @param byte of the neighbour next to the token; -1 when it is not known */
  add(token: number, rank: number, byte: number): void {
    if (this.rows[token] === NO_MERGE)
      this.rows[token] = this.ranks.push(new Int32Array(CLASSES).fill(NO_RANK)) - 1;
    const ranks = this.ranks[this.rows[token]!]!;
    if (byte < 0) for (let each = 0; each < CLASSES; each++) ranks[each] = Math.min(ranks[each]!, rank);
    else {
      const each = byte < 0x80 ? ASCII : byte & 0x3f;
      if (rank < ranks[each]!) ranks[each] = rank;
    }
  }

  /** Adds the classes with a merge of one of the tokens that has `rank` at most to a set, at `words[at, at + 2)`. */
  below(tokens: readonly number[], rank: number, words: Int32Array, at: number, asciiBit: number): void {
    for (const token of tokens) {
      const row = this.rows[token]!;
      if (row === NO_MERGE) continue;
      const ranks = this.ranks[row]!;
      this.sorted[row] ??= classesInOrder(ranks);
      for (const each of this.sorted[row]) {
        if (ranks[each]! > rank) break;
        if (each === ASCII) words[FLAGS]! |= asciiBit;
        else words[at + (each >> 5)]! |= 1 << (each & 31);
      }
    }
  }
}

function classesInOrder(ranks: Int32Array): readonly number[] {
  const classes = [...ranks.keys()].filter((each) => ranks[each] !== NO_RANK);
  return classes.sort((a, b) => ranks[a]! - ranks[b]!);
}

class Conditions {
  private readonly numbers = new Map<string, number>();
  private readonly all: Int32Array[] = [];

  constructor() {
    this.numberOf(Int32Array.of(0, 0, 0, 0, NEVER));
    this.numberOf(new Int32Array(CONDITION_WORDS));
  }

  numberOf(words: Int32Array): number {
    const key = words.subarray(0, FLAGS + 1).join(" ");
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    this.numbers.set(key, this.all.length);
    return this.all.push(words.slice()) - 1;
  }

  words(): Int32Array {
    const kept = this.all.slice(0, MAX_CONDITIONS);
    const words = new Int32Array(kept.length * CONDITION_WORDS);
    kept.forEach((condition, i) => {
      words.set(condition, i * CONDITION_WORDS);
    });
    return words;
  }
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

// Notes the merges over the ends of characters; returns the lowest rank of the merges that each token has a part in.
function lowestRanks({ merges, ranks, tokens }: BpeModel, before: EdgeRanks, after: EdgeRanks): Int32Array {
  const lowest = new Int32Array(tokens.length).fill(NO_RANK);
  for (let i = 0; 3 * i < merges.length; i++) {
    const left = merges[3 * i]!;
    const right = merges[3 * i + 1]!;
    const rank = ranks?.[i] ?? i;
    if (rank < lowest[left]!) lowest[left] = rank;
    if (rank < lowest[right]!) lowest[right] = rank;
    // In well-formed text no character follows a byte that begins one, and none is followed by a continuation byte.
    if (before.watches(right)) {
      const token = tokens.at(left)!;
      const last = byteOfCharacter(token.charCodeAt(token.length - 1));
      if (last < 0xc0) before.add(right, rank, last);
    }
    if (after.watches(left)) {
      const first = byteOfCharacter(tokens.at(right)!.charCodeAt(0));
      if (first < 0x80 || first >= 0xc0) after.add(left, rank, first);
    }
  }
  return lowest;
}
