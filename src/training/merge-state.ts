// The words and their pairs while merges are applied: each merge touches the cells where its pair stands and the counts of
// the pairs beside them, and nothing else. No memory is allocated for a merge but the lists of the pairs it makes.

import { grown, PairTable } from "./pair-table.ts";
import type { SymbolRules } from "./symbol-rules.ts";
import { BORDER, type WordCells } from "./word-cells.ts";

export class MergeState {
  readonly cells: WordCells;
  readonly pairs: PairTable;
  /** By channel the tokens saved so far. */
  readonly saved: Float64Array;
  /** Numbers of the pairs that the last merge made. */
  readonly created: number[] = [];
  private readonly rules: SymbolRules;
  readonly weights: readonly Float64Array[];
  private readonly minCount: number;
  private positions: Int32Array;
  private used = 0;
  /** Neighbours met in the merge at hand: by symbol their weight per channel and number, and which symbols. */
  private leftWeights: Float64Array;
  private rightWeights: Float64Array;
  private leftUses: Int32Array;
  private rightUses: Int32Array;
  private readonly lefts: number[] = [];
  private readonly rights: number[] = [];
  /** Of each new pair, as it is met: the symbol on the left, or `~symbol` for one on the right, and its first cell. */
  private metSymbols = new Int32Array(1 << 12);
  private metCells = new Int32Array(1 << 12);
  private met = 0;
  private readonly undone: Float64Array;

  /** @param weights by channel the weight of each word */
  constructor(cells: WordCells, rules: SymbolRules, weights: readonly Float64Array[], minCount: number) {
    this.cells = cells;
    this.rules = rules;
    this.weights = weights;
    this.minCount = minCount;
    this.pairs = new PairTable(weights.length);
    this.saved = new Float64Array(weights.length);
    this.undone = new Float64Array(weights.length);
    // At first there are fewer pairs than cells, and a merge makes at most two for the cell that it takes.
    this.positions = new Int32Array(3 * cells.size);
    const symbols = rules.symbols.size + 256;
    this.leftWeights = new Float64Array(symbols * weights.length);
    this.rightWeights = new Float64Array(symbols * weights.length);
    this.leftUses = new Int32Array(symbols);
    this.rightUses = new Int32Array(symbols);
    this.countPairs();
  }

  private countPairs(): void {
    const { cells, pairs, rules, weights } = this;
    const { symbols, wordOf, size } = cells;
    const channels = weights.length;
    // The pair that begins at each cell.
    const pairAt = new Int32Array(size).fill(-1);
    for (let at = 1; at + 1 < size; at++) {
      const left = symbols[at]!;
      const right = symbols[at + 1]!;
      if (left < 0 || right < 0 || !rules.mayJoin(left, right)) continue;
      let pair = pairs.find(left, right);
      if (pair < 0) pair = pairs.add(left, right);
      pairAt[at] = pair;
      pairs.lengths[pair]!++;
      for (let c = 0; c < channels; c++) pairs.counts[pair * channels + c]! += weights[c]![wordOf[at]!]!;
    }
    for (let pair = 0; pair < pairs.size; pair++) {
      pairs.starts[pair] = this.used;
      if (this.isCommon(pairs.counts, pair)) this.used += pairs.lengths[pair]!;
      pairs.lengths[pair] = 0;
    }
    for (let at = 0; at < size; at++) {
      const pair = pairAt[at]!;
      if (pair >= 0 && this.isCommon(pairs.counts, pair))
        this.positions[pairs.starts[pair]! + pairs.lengths[pair]!++] = at;
    }
  }

  private isCommon(counts: Float64Array, index: number): boolean {
    const channels = this.weights.length;
    for (let c = 0; c < channels; c++) if (counts[index * channels + c]! >= this.minCount) return true;
    return false;
  }

  /** Where the pair stands now: the first cells of its left symbols. */
  cellsOf(pair: number): number[] {
    const { symbols, spans } = this.cells;
    const { lefts, rights, starts, lengths } = this.pairs;
    const found: number[] = [];
    let end = 0;
    for (let k = starts[pair]!; k < starts[pair]! + lengths[pair]!; k++) {
      const at = this.positions[k]!;
      if (at < end || symbols[at] !== lefts[pair]) continue;
      const next = at + spans[at]!;
      if (symbols[next] !== rights[pair]) continue;
      found.push(at);
      end = next + spans[next]!;
    }
    return found;
  }

  /** A pair that is too rare to be kept, with the cells where it stands; made anew. */
  findRare(left: number, right: number): number {
    const { symbols, spans, size } = this.cells;
    const { pairs } = this;
    let pair = pairs.find(left, right);
    if (pair < 0) pair = pairs.add(left, right);
    if (pairs.lengths[pair]! > 0) return pair;
    const found: number[] = [];
    for (let at = 1; at < size; at += symbols[at] === BORDER ? 1 : spans[at]!)
      if (symbols[at] === left && symbols[at + spans[at]!] === right) found.push(at);
    this.place(pair, found);
    return pair;
  }

  /** Joins the pair everywhere. `product` is a new symbol; the pairs it makes are in `created`. */
  merge(pair: number, product: number): void {
    const { pairs } = this;
    const start = pairs.starts[pair]!;
    const length = pairs.lengths[pair]!;
    this.begin(length);
    const isOpen = this.rules.isOpen(product);
    this.join(
      start,
      start + length,
      pairs.lefts[pair]!,
      pairs.rights[pair]!,
      product,
      isOpen ? product : ~product,
    );
    this.refuse(pair);
    this.settle(product, pairs.lefts[pair]!, pairs.rights[pair]!, isOpen);
  }

  /** Makes a token of the character in the given cells. */
  uncover(character: number, positions: readonly number[]): void {
    const { symbols, wordOf } = this.cells;
    this.begin(positions.length);
    const parts = this.rules.symbols.constituentsOf[character]!.length;
    const isOpen = this.rules.isOpen(character);
    for (const at of positions) {
      symbols[at] = isOpen ? character : ~character;
      const word = wordOf[at]!;
      this.weights.forEach((weights, c) => {
        this.saved[c]! += (parts - 1) * weights[word]!;
      });
      if (isOpen) this.meet(at, at + 1, -1, character, word);
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
    const all = [...this.positions.subarray(start, start + pairs.lengths[pair]!), ...cells];
    this.place(pair, Int32Array.from(all).sort());
    this.created.push(pair);
  }

  private place(pair: number, cells: ArrayLike<number>): void {
    this.reserve(cells.length);
    this.positions.set(cells, this.used);
    this.pairs.starts[pair] = this.used;
    this.pairs.lengths[pair] = cells.length;
    this.used += cells.length;
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
    const symbols = this.rules.symbols.size;
    if (symbols <= this.leftUses.length) return;
    const capacity = 2 * symbols;
    const channels = this.weights.length;
    this.leftUses = new Int32Array(capacity);
    this.rightUses = new Int32Array(capacity);
    this.leftWeights = new Float64Array(capacity * channels);
    this.rightWeights = new Float64Array(capacity * channels);
  }

  // The hot loop. Positions ascend, so in "aaaa" the left pair is joined first, as the encoder does.
  private join(from: number, to: number, left: number, right: number, product: number, mark: number): void {
    const { symbols, spans, wordOf } = this.cells;
    const { positions, weights, saved } = this;
    const first = weights[0]!;
    const channels = weights.length;
    for (let k = from; k < to; k++) {
      const at = positions[k]!;
      if (symbols[at] !== left) continue;
      const span = spans[at]!;
      const next = at + span;
      if (symbols[next] !== right) continue;
      const whole = span + spans[next]!;
      const last = at + whole - 1;
      const word = wordOf[at]!;
      // Inner cells must not look like the start of a symbol.
      symbols[next - 1] = BORDER;
      symbols[next] = BORDER;
      symbols[at] = mark;
      symbols[last] = mark;
      spans[at] = whole;
      spans[last] = whole;
      saved[0]! += first[word]!;
      for (let c = 1; c < channels; c++) saved[c]! += weights[c]![word]!;
      this.meet(at, last + 1, left, product, word);
    }
  }

  // Two pairs end at a joined symbol, that of the neighbour before it with `left` and that of what was on the right with
  // the neighbour behind it; two begin. The cells from `at` to `behind` are the symbol's.
  private meet(at: number, behind: number, left: number, product: number, word: number): void {
    const { symbols, spans } = this.cells;
    const before = symbols[at - 1]!;
    const after = symbols[behind]!;
    if (before >= 0) {
      // What stands before was joined a moment ago: its pair with `left` was only met, never counted.
      if (before === product) this.undo(left, word);
      if (this.leftUses[before]!++ === 0) this.lefts.push(before);
      this.add(this.leftWeights, before, word);
      this.metSymbols[this.met] = before;
      this.metCells[this.met++] = at - spans[at - 1]!;
    }
    if (after >= 0) {
      if (this.rightUses[after]!++ === 0) this.rights.push(after);
      this.add(this.rightWeights, after, word);
      this.metSymbols[this.met] = ~after;
      this.metCells[this.met++] = at;
    }
  }

  private add(sums: Float64Array, symbol: number, word: number): void {
    const { weights } = this;
    const channels = weights.length;
    if (channels === 1) sums[symbol]! += weights[0]![word]!;
    else for (let c = 0; c < channels; c++) sums[symbol * channels + c]! += weights[c]![word]!;
  }

  private undo(left: number, word: number): void {
    if (left < 0) return;
    this.weights.forEach((weights, c) => {
      this.undone[c]! += weights[word]!;
    });
  }

  // Takes the ended pairs from the counts, makes the new ones that are common enough, and notes where they stand.
  private settle(product: number, left: number, right: number, isOpen: boolean): void {
    const { pairs, rules, leftWeights, rightWeights, leftUses, rightUses } = this;
    this.reserve(this.met);
    for (const before of this.lefts) {
      if (left >= 0 && before !== product) this.subtract(pairs.find(before, left), leftWeights, before);
      const isNew = isOpen && rules.mayJoin(before, product) && this.isCommon(leftWeights, before);
      leftUses[before] = isNew ? this.create(before, product, leftWeights, before, leftUses[before]!) : -1;
    }
    for (const after of this.rights) {
      if (right >= 0) this.subtract(pairs.find(right, after), rightWeights, after);
      if (after === left)
        this.undone.forEach((weight, c) => {
          rightWeights[after * this.undone.length + c]! -= weight;
        });
      const isNew = isOpen && rules.mayJoin(product, after) && this.isCommon(rightWeights, after);
      rightUses[after] = isNew ? this.create(product, after, rightWeights, after, rightUses[after]!) : -1;
    }
    this.distribute();
    const channels = this.weights.length;
    for (const before of this.lefts) {
      leftUses[before] = 0;
      leftWeights.fill(0, before * channels, (before + 1) * channels);
    }
    for (const after of this.rights) {
      rightUses[after] = 0;
      rightWeights.fill(0, after * channels, (after + 1) * channels);
    }
    this.lefts.length = 0;
    this.rights.length = 0;
  }

  private subtract(pair: number, sums: Float64Array, symbol: number): void {
    if (pair < 0) return;
    const channels = this.weights.length;
    for (let c = 0; c < channels; c++)
      this.pairs.counts[pair * channels + c]! -= sums[symbol * channels + c]!;
  }

  private create(left: number, right: number, sums: Float64Array, symbol: number, uses: number): number {
    const { pairs } = this;
    const channels = this.weights.length;
    const pair = pairs.add(left, right);
    for (let c = 0; c < channels; c++) pairs.counts[pair * channels + c] = sums[symbol * channels + c]!;
    pairs.starts[pair] = this.used;
    pairs.lengths[pair] = 0;
    this.used += uses;
    this.created.push(pair);
    return pair;
  }

  private distribute(): void {
    const { pairs, metSymbols, metCells, positions, leftUses, rightUses } = this;
    for (let i = 0; i < this.met; i++) {
      const symbol = metSymbols[i]!;
      const pair = symbol >= 0 ? leftUses[symbol]! : rightUses[~symbol]!;
      if (pair >= 0) positions[pairs.starts[pair]! + pairs.lengths[pair]!++] = metCells[i]!;
    }
  }

  private reserve(more: number): void {
    if (this.used + more > this.positions.length)
      this.positions = grown(this.positions, Math.max(2 * this.positions.length, this.used + more));
  }
}
