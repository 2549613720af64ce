// Where pairs stand: the addresses of the cells that each began at when it was made, one pair behind the other. They stay
// when the text around them changes, so each is looked at before it is used.

import { grown, type PairTable } from "./pair-table.ts";
import { CELL, eachSymbol, LENGTH_BITS, LENGTH_MASK, type WordCells } from "./word-cells.ts";

export class PairPlaces {
  /** Those of pair p: `addresses[starts[p], starts[p] + lengths[p])`, in ascending order. Replaced when it grows. */
  addresses: Int32Array;
  private used = 0;
  private readonly laidOut: WordCells;
  private readonly pairs: PairTable;

  constructor(laidOut: WordCells, pairs: PairTable) {
    this.laidOut = laidOut;
    this.pairs = pairs;
    // At first there are fewer pairs than cells, and a merge makes at most two for the cell that it takes.
    this.addresses = new Int32Array((3 * laidOut.size) / CELL);
  }

  /** Gives the pair room, to be written by the caller; returns its start. */
  allot(pair: number, length: number): number {
    const start = this.used;
    this.pairs.starts[pair] = start;
    this.pairs.lengths[pair] = length;
    this.used = start + length;
    return start;
  }

  /** Must be called before `allot` with what it will allot. */
  reserve(more: number): void {
    if (this.used + more > this.addresses.length)
      this.addresses = grown(this.addresses, Math.max(2 * this.addresses.length, this.used + more));
  }

  put(pair: number, addresses: ArrayLike<number>): void {
    this.reserve(addresses.length);
    this.addresses.set(addresses, this.allot(pair, addresses.length));
  }

  /** Where the pair stands now: the addresses of its left symbols, none overlapping. */
  of(pair: number): number[] {
    const { cells } = this.laidOut;
    const { lefts, rights, starts, lengths } = this.pairs;
    const found: number[] = [];
    let end = 0;
    for (let k = starts[pair]!; k < starts[pair]! + lengths[pair]!; k++) {
      const at = this.addresses[k]!;
      if (at < end || cells[at]! >> LENGTH_BITS !== lefts[pair]) continue;
      const next = at + (cells[at]! & LENGTH_MASK);
      if (cells[next]! >> LENGTH_BITS !== rights[pair]) continue;
      found.push(at);
      end = next + (cells[next]! & LENGTH_MASK);
    }
    return found;
  }

  /**
   * The number of a pair with its places and counts, even if it is too rare to have been kept.
   * @param weights by channel the weight of each word
   */
  find(left: number, right: number, weights: readonly Float64Array[]): number {
    const { pairs, laidOut } = this;
    let pair = pairs.find(left, right);
    if (pair >= 0 && pairs.lengths[pair]! > 0) return pair;
    if (pair < 0) pair = pairs.add(left, right);
    const found: number[] = [];
    eachSymbol(laidOut, (mark, _, at) => {
      if (mark !== left) return;
      const next = at + (laidOut.cells[at]! & LENGTH_MASK);
      if (laidOut.cells[next]! >> LENGTH_BITS === right) found.push(at);
    });
    this.put(pair, found);
    weights.forEach((weight, c) => {
      pairs.counts[pair * weights.length + c] = found.reduce(
        (sum, at) => sum + weight[laidOut.cells[at + 1]!]!,
        0,
      );
    });
    return pair;
  }
}
