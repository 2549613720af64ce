// The bootstrap of a ratio of two sums (Efron 1979; Efron and Tibshirani 1993, chapter 13): the units of a text are drawn
// anew with replacement, the ratio is taken each time, and its deviations say how much similar text would differ.

/** Fewer units than this say nothing about others like them: no interval. */
export const MIN_INTERVAL_UNITS = 30;
const RESAMPLES = 1000;
export const LEVEL = 0.95;

/** What every method says of the resampling. */
export const RESAMPLING = `${RESAMPLES} resamples, sfc32`;

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/**
 * The sums of each array of values over the units drawn in each resample. All arrays, and all calls with as many units and
 * the same seed, see the same resamples.
 */
export function resampledSums(values: readonly Float64Array[], units: number, seed: number): Float64Array[] {
  const sums = values.map(() => new Float64Array(RESAMPLES));
  const drawn = new Int32Array(units);
  const random = new Sfc32(seed);
  for (let r = 0; r < RESAMPLES; r++) {
    random.fill(drawn, units);
    for (let v = 0; v < values.length; v++) sums[v]![r] = sumDrawn(values[v]!, drawn);
  }
  return sums;
}

/**
 * The interval of a ratio: the deviations of the resampled ratios from that of the sample, put around the exact ratio.
 * Undefined where a resample has no ratio.
 * @param exact over the whole text, of which the units may be a sample
 */
export function ratioBounds(
  exact: number,
  sampled: number,
  above: Float64Array,
  below: Float64Array,
): Bounds | undefined {
  const deviations = above.map((sum, r) => sum / below[r]! - sampled).sort();
  if (!deviations.every(Number.isFinite)) return undefined;
  // The 25th and the 975th of 1,000 in order.
  const tail = Math.round(((1 - LEVEL) / 2) * RESAMPLES);
  return { low: exact + deviations[tail - 1]!, high: exact + deviations[RESAMPLES - tail - 1]! };
}

export function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

function sumDrawn(values: Float64Array, drawn: Int32Array): number {
  // Four sums, so that one addition need not wait for the one before: whole numbers add up the same in any order.
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = drawn.length & ~3;
  for (let k = 0; k < whole; k += 4) {
    a += values[drawn[k]!]!;
    b += values[drawn[k + 1]!]!;
    c += values[drawn[k + 2]!]!;
    d += values[drawn[k + 3]!]!;
  }
  for (let k = whole; k < drawn.length; k++) a += values[drawn[k]!]!;
  return a + b + c + d;
}

/** sfc32 (Doty-Humphrey, PractRand): 32 random bits a step, seeded by one integer below 2⁵³. */
export class Sfc32 {
  private a: number;
  private b: number;
  private c = 0x9e3779b9 | 0;
  private counter = 1;

  constructor(seed: number) {
    this.a = seed | 0;
    this.b = Math.floor(seed / 2 ** 32) | 0;
    this.fill(new Int32Array(15), 1);
  }

  /** Fills `out` with integers in [0, limit): floor(bits · limit / 2³²). */
  fill(out: Int32Array, limit: number): void {
    let { a, b, c, counter } = this;
    const scale = limit / 2 ** 32;
    for (let k = 0; k < out.length; k++) {
      const bits = (((a + b) | 0) + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + bits) | 0;
      out[k] = (bits >>> 0) * scale;
    }
    this.a = a;
    this.b = b;
    this.c = c;
    this.counter = counter;
  }
}
