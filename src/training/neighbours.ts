// The neighbours of the symbols that one merge makes: how often each was met, and the weight of the words.

export class Neighbours {
  /** Symbols met, in order. */
  readonly met: number[] = [];
  /** By symbol, at `symbol * stride`: how often it was met; then its weight in each channel. */
  sums: Float64Array;
  readonly stride: number;
  private readonly weights: readonly Float64Array[];

  /** @param weights by channel the weight of each word */
  constructor(weights: readonly Float64Array[]) {
    this.weights = weights;
    this.stride = 1 + weights.length;
    this.sums = new Float64Array(this.stride << 10);
  }

  /** Makes room for symbols below `size`; nothing may be noted at the time. */
  reserve(size: number): void {
    if (size * this.stride > this.sums.length) this.sums = new Float64Array(2 * size * this.stride);
  }

  add(symbol: number, word: number): void {
    const { sums, weights } = this;
    const at = symbol * this.stride;
    if (sums[at] === 0) this.met.push(symbol);
    sums[at]!++;
    sums[at + 1]! += weights[0]![word]!;
    for (let c = 1; c < weights.length; c++) sums[at + 1 + c]! += weights[c]![word]!;
  }

  clear(): void {
    const { met, stride, sums } = this;
    for (let i = 0; i < met.length; i++)
      for (let at = met[i]! * stride, end = at + stride; at < end; at++) sums[at] = 0;
    met.length = 0;
  }
}
