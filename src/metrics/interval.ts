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
    const tail = Math.ceil(((1 - LEVEL) / 2) * RESAMPLES);
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
  const width = tokens.length + 1;
  // Figures of a document lie side by side: one cache miss a draw.
  const rows = new Float64Array(documents * width);
  for (let i = 0; i < documents; i++) {
    rows[i * width] = words[i]!;
    for (let t = 0; t < tokens.length; t++) rows[i * width + 1 + t] = tokens[t]![i]!;
  }
  const random = createRandom(seed);
  const ratios = tokens.map(() => new Float64Array(RESAMPLES));
  const sums = new Float64Array(width);
  for (let r = 0; r < RESAMPLES; r++) {
    sums.fill(0);
    for (let k = 0; k < documents; k++) {
      const row = Math.floor(random() * documents) * width;
      for (let c = 0; c < width; c++) sums[c]! += rows[row + c]!;
    }
    for (let t = 0; t < tokens.length; t++) ratios[t]![r] = sums[t + 1]! / sums[0]!;
  }
  return ratios;
}

/** sfc32 (Doty-Humphrey, PractRand): uniform in [0, 1), 32 bits, seeded by one integer. */
export function createRandom(seed: number): () => number {
  let a = seed | 0;
  let b = Math.floor(seed / 2 ** 32) | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;
  const next = (): number => {
    const result = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + result) | 0;
    return (result >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 15; i++) next();
  return next;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
