// Confidence intervals by the bootstrap (Efron 1979; Efron and Tibshirani 1993, chapter 13), over sampled documents.

/** Fewer documents than this say nothing about others like them: no interval. */
export const MIN_INTERVAL_DOCUMENTS = 30;
/** Documents that intervals are computed from, at most. */
export const SAMPLE_DOCUMENTS = 10_000;
const RESAMPLES = 1000;
const LEVEL = 0.95;

export interface FertilityInterval {
  readonly level: number;
  readonly low: number;
  readonly high: number;
  readonly method: string;
  /** Documents resampled. */
  readonly documents: number;
}

export const INTERVAL_METHOD =
  "bootstrap over documents, 1000 resamples, sfc32, deviations centred on the exact fertility";

/** Tokens of each sampled document under each tokenizer, and words of each. */
export interface DocumentFigures {
  readonly tokens: readonly Float64Array[];
  readonly words: Float64Array;
}

/**
 * The interval of tokens per word of each tokenizer: what similar text would give. All tokenizers see the same resamples.
 * Undefined below 30 documents, or where a resample has no word.
 * @param exact fertility over the whole corpus, on which the deviations of the resamples are centred
 */
export function fertilityIntervals(
  figures: DocumentFigures,
  exact: readonly (number | undefined)[],
  seed: number,
): readonly (FertilityInterval | undefined)[] {
  const documents = figures.words.length;
  if (documents < MIN_INTERVAL_DOCUMENTS) return exact.map(() => undefined);
  const ratios = resampledRatios(figures, seed);
  return exact.map((fertility, t) => {
    const sampled = sum(figures.tokens[t]!) / sum(figures.words);
    const deviations = ratios[t]!.map((ratio) => ratio - sampled).sort();
    if (fertility === undefined || !deviations.every(Number.isFinite)) return undefined;
    // The 25th and the 975th of 1,000 in order.
    const tail = Math.round(((1 - LEVEL) / 2) * RESAMPLES);
    return {
      level: LEVEL,
      low: fertility + deviations[tail - 1]!,
      high: fertility + deviations[RESAMPLES - tail - 1]!,
      method: INTERVAL_METHOD,
      documents,
    };
  });
}

function resampledRatios({ tokens, words }: DocumentFigures, seed: number): Float64Array[] {
  const documents = words.length;
  const ratios = tokens.map(() => new Float64Array(RESAMPLES));
  const drawn = new Int32Array(documents);
  const random = new Sfc32(seed);
  for (let r = 0; r < RESAMPLES; r++) {
    random.fill(drawn, documents);
    const resampledWords = sumDrawn(words, drawn);
    for (let t = 0; t < tokens.length; t++) ratios[t]![r] = sumDrawn(tokens[t]!, drawn) / resampledWords;
  }
  return ratios;
}

function sumDrawn(values: Float64Array, drawn: Int32Array): number {
  let sum = 0;
  for (let k = 0; k < drawn.length; k++) sum += values[drawn[k]!]!;
  return sum;
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

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
