// The numbers of added tokens that a sweep looks at.

const MANTISSAS = [1, 1.5, 2, 3, 5, 7];
/** The first step is about this part of the last. */
const FIRST_PART = 200;

/** 0, then 1, 1.5, 2, 3, 5, 7 times powers of ten from about max / 200 on, then max. (1000) → 0, 5, 7, 10, 15, …, 700, 1000 */
export function sweepSteps(max: number): number[] {
  const steps = new Set([0]);
  for (let power = 1; power <= max; power *= 10) {
    for (const mantissa of MANTISSAS) {
      const step = mantissa * power;
      if (Number.isInteger(step) && step <= max && step * FIRST_PART >= max) steps.add(step);
    }
  }
  return [...steps, max].filter((step, i, all) => all.indexOf(step) === i);
}
