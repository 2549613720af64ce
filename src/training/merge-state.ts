// The words and their pairs while merges are applied: each merge touches the cells where its pair stands and the counts of
// the pairs beside them, and nothing else. No memory is allocated for a merge but the lists of the pairs it makes.

import { Neighbours } from "./neighbours.ts";
import { PairPlaces } from "./pair-places.ts";
import { PairTable } from "./pair-table.ts";
import type { SymbolRules } from "./symbol-rules.ts";
import { CELL, INNER, LENGTH_BITS, LENGTH_MASK, type WordCells } from "./word-cells.ts";

export class MergeState {
  readonly laidOut: WordCells;
  readonly pairs: PairTable;
  /** By channel the tokens saved so far. */
  readonly saved: Float64Array;
  /** Numbers of the pairs that the last merge made. */
  readonly created: number[] = [];
  /** By channel the weight of each word. */
  readonly weights: readonly Float64Array[];
  private readonly rules: SymbolRules;
  private readonly minCount: number;
  readonly places: PairPlaces;
  private readonly lefts: Neighbours;
  private readonly rights: Neighbours;
  /** Of each new pair, as it is met: the symbol on the left, or `~symbol` for one on the right, and its address. */
  private metSymbols = new Int32Array(1 << 12);
  private metCells = new Int32Array(1 << 12);
  private met = 0;
  private readonly undone: Float64Array;

  constructor(laidOut: WordCells, rules: SymbolRules, weights: readonly Float64Array[], minCount: number) {
    this.laidOut = laidOut;
    this.rules = rules;
    this.weights = weights;
    this.minCount = minCount;
    this.pairs = new PairTable(weights.length);
    this.saved = new Float64Array(weights.length);
    this.undone = new Float64Array(weights.length);
    this.places = new PairPlaces(laidOut, this.pairs);
    this.lefts = new Neighbours(weights);
    this.rights = new Neighbours(weights);
    this.countPairs();
  }

  private countPairs(): void {
    const { pairs, places, rules, weights } = this;
    const { cells, size } = this.laidOut;
    const channels = weights.length;
    // The pair that begins at each cell.
    const pairAt = new Int32Array(size / CELL).fill(-1);
    for (let at = CELL; at + CELL < size; at += CELL) {
      const left = cells[at]! >> LENGTH_BITS;
      const right = cells[at + CELL]! >> LENGTH_BITS;
      if (left < 0 || right < 0) continue;
      let pair = pairs.find(left, right);
      if (pair < 0) {
        if (!rules.mayJoin(left, right)) continue;
        pair = pairs.add(left, right);
      }
      pairAt[at / CELL] = pair;
      pairs.lengths[pair]!++;
      for (let c = 0; c < channels; c++) pairs.counts[pair * channels + c]! += weights[c]![cells[at + 1]!]!;
    }
    // Where the next cell of each pair is noted; -1 where the pair is too rare.
    const ends = new Int32Array(pairs.size).fill(-1);
    for (let pair = 0; pair < pairs.size; pair++) {
      if (this.isCommon(pairs.counts, pair * channels)) ends[pair] = places.allot(pair, pairs.lengths[pair]!);
      else pairs.lengths[pair] = 0;
    }
    for (let at = CELL; at < size; at += CELL) {
      const pair = pairAt[at / CELL]!;
      if (pair >= 0 && ends[pair]! >= 0) places.addresses[ends[pair]!++] = at;
    }
  }

  private isCommon(counts: Float64Array, from: number): boolean {
    const { minCount } = this;
    for (let at = from; at < from + this.weights.length; at++) if (counts[at]! >= minCount) return true;
    return false;
  }

  /** Joins the pair everywhere. `product` is a new symbol; the pairs it makes are in `created`. */
  merge(pair: number, product: number): void {
    const { pairs } = this;
    const left = pairs.lefts[pair]!;
    const right = pairs.rights[pair]!;
    const isOpen = this.rules.isOpen(product);
    this.begin(pairs.lengths[pair]!);
    this.join(pair, product, isOpen ? product : ~product);
    this.refuse(pair);
    this.settle(product, left, right, isOpen);
  }

  /** Makes a token of the character at the given addresses. */
  uncover(character: number, addresses: readonly number[]): void {
    const { cells } = this.laidOut;
    this.begin(addresses.length);
    const parts = this.rules.symbols.constituentsOf[character]!.length;
    const isOpen = this.rules.isOpen(character);
    for (const at of addresses) {
      cells[at] = ((isOpen ? character : ~character) << LENGTH_BITS) | CELL;
      const word = cells[at + 1]!;
      this.weights.forEach((weights, c) => {
        this.saved[c]! += (parts - 1) * weights[word]!;
      });
      if (isOpen) this.meet(at, at + CELL, -1, character, word);
    }
    this.settle(character, -1, -1, isOpen);
  }

  /** Occurrences of a pair that come (with the cells where they begin) or go otherwise than by `merge`. */
  change(left: number, right: number, weights: readonly number[], cells: readonly number[]): void {
    const { pairs } = this;
    let pair = pairs.find(left, right);
    if (pair < 0 && cells.length === 0) return;
    if (pair < 0) pair = pairs.add(left, right);
    weights.forEach((weight, c) => {
      pairs.counts[pair * weights.length + c]! += weight;
    });
    if (cells.length === 0) return;
    const start = pairs.starts[pair]!;
    const before = this.places.addresses.subarray(start, start + pairs.lengths[pair]!);
    this.places.put(pair, Int32Array.from([...before, ...cells]).sort());
    this.created.push(pair);
  }

  /** The pair is never offered again. */
  refuse(pair: number): void {
    const channels = this.weights.length;
    this.pairs.counts.fill(0, pair * channels, (pair + 1) * channels);
  }

  private begin(length: number): void {
    if (this.metSymbols.length < 2 * length + 2) {
      this.metSymbols = new Int32Array(4 * length);
      this.metCells = new Int32Array(4 * length);
    }
    this.met = 0;
    this.created.length = 0;
    this.undone.fill(0);
    this.lefts.reserve(this.rules.symbols.size);
    this.rights.reserve(this.rules.symbols.size);
  }

  // The hot loop. Positions ascend, so in "aaaa" the left pair is joined first, as the encoder does.
  private join(pair: number, product: number, mark: number): void {
    const { cells } = this.laidOut;
    const { weights, saved } = this;
    const { addresses } = this.places;
    const left = this.pairs.lefts[pair]!;
    const right = this.pairs.rights[pair]!;
    const start = this.pairs.starts[pair]!;
    const end = start + this.pairs.lengths[pair]!;
    // The processor waits for memory in the big loop; this small one makes it wait for many cells at once.
    let stale = 0;
    for (let k = start; k < end; k++) if (cells[addresses[k]!]! >> LENGTH_BITS !== left) stale++;
    if (stale === end - start) return;
    for (let k = start; k < end; k++) {
      const at = addresses[k]!;
      const first = cells[at]!;
      if (first >> LENGTH_BITS !== left) continue;
      const next = at + (first & LENGTH_MASK);
      const second = cells[next]!;
      if (second >> LENGTH_BITS !== right) continue;
      const length = (first & LENGTH_MASK) + (second & LENGTH_MASK);
      const behind = at + length;
      const word = cells[at + 1]!;
      // Inner cells must not look like the start of a symbol.
      cells[next - CELL] = INNER;
      cells[next] = INNER;
      cells[at] = cells[behind - CELL] = (mark << LENGTH_BITS) | length;
      for (let c = 0; c < weights.length; c++) saved[c]! += weights[c]![word]!;
      this.meet(at, behind, left, product, word);
    }
  }

  // Two pairs end at a joined symbol, that of the neighbour before it with `left` and that of what was on the right with
  // the neighbour behind it; two begin. The cells from `at` to `behind` are the symbol's.
  private meet(at: number, behind: number, left: number, product: number, word: number): void {
    const { cells } = this.laidOut;
    const packed = cells[at - CELL]!;
    const after = cells[behind]! >> LENGTH_BITS;
    let met = this.met;
    if (packed >= 0) {
      const before = packed >> LENGTH_BITS;
      // What stands before was joined a moment ago: its pair with `left` was only met, never counted.
      if (before === product && left >= 0) this.undo(word);
      this.lefts.add(before, word);
      this.metSymbols[met] = before;
      this.metCells[met++] = at - (packed & LENGTH_MASK);
    }
    if (after >= 0) {
      this.rights.add(after, word);
      this.metSymbols[met] = ~after;
      this.metCells[met++] = at;
    }
    this.met = met;
  }

  private undo(word: number): void {
    this.weights.forEach((weights, c) => {
      this.undone[c]! += weights[word]!;
    });
  }

  // Takes the ended pairs from the counts, makes the new ones that are common enough, and notes where they stand.
  private settle(product: number, left: number, right: number, isOpen: boolean): void {
    const { pairs, rules, lefts, rights } = this;
    this.places.reserve(this.met);
    for (const before of lefts.met) {
      const at = before * lefts.stride;
      if (left >= 0 && before !== product) this.subtract(pairs.find(before, left), lefts.sums, at + 1);
      const isNew = isOpen && rules.mayJoin(before, product) && this.isCommon(lefts.sums, at + 1);
      lefts.sums[at] = isNew ? this.create(before, product, lefts.sums, at) : -1;
    }
    for (const after of rights.met) {
      const at = after * rights.stride;
      if (right >= 0) this.subtract(pairs.find(right, after), rights.sums, at + 1);
      if (after === left)
        for (let c = 0; c < this.undone.length; c++) rights.sums[at + 1 + c]! -= this.undone[c]!;
      const isNew = isOpen && rules.mayJoin(product, after) && this.isCommon(rights.sums, at + 1);
      rights.sums[at] = isNew ? this.create(product, after, rights.sums, at) : -1;
    }
    this.distribute();
    lefts.clear();
    rights.clear();
  }

  private subtract(pair: number, sums: Float64Array, from: number): void {
    if (pair < 0) return;
    const channels = this.weights.length;
    for (let c = 0; c < channels; c++) this.pairs.counts[pair * channels + c]! -= sums[from + c]!;
  }

  // `sums` from `at` on: how often the pair was met, then its counts. Returns where its first cell is to be noted.
  private create(left: number, right: number, sums: Float64Array, at: number): number {
    const { pairs } = this;
    const channels = this.weights.length;
    const pair = pairs.add(left, right);
    for (let c = 0; c < channels; c++) pairs.counts[pair * channels + c] = sums[at + 1 + c]!;
    this.created.push(pair);
    return this.places.allot(pair, sums[at]!);
  }

  private distribute(): void {
    const { metSymbols, metCells } = this;
    const { addresses } = this.places;
    const { sums: lefts, stride } = this.lefts;
    const rights = this.rights.sums;
    for (let i = 0; i < this.met; i++) {
      const symbol = metSymbols[i]!;
      const ends = symbol >= 0 ? lefts : rights;
      const at = (symbol >= 0 ? symbol : ~symbol) * stride;
      if (ends[at]! >= 0) addresses[ends[at]!++] = metCells[i]!;
    }
  }
}
