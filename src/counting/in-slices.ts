// A long loop in slices. V8 compiles a loop that runs once over everything while it runs, and throws that code away at its end,
// where it meets what it has not seen yet: each tokenizer paid for the compiler again (docs/log.md). The first slice is short,
// so that the end is met before anything is compiled.

const FIRST_SLICE = 64;
const SLICE = 256;

/** Calls `loop` with ranges `[from, to)` that follow each other from 0 to `size`. */
export function inSlices(size: number, loop: (from: number, to: number) => void): void {
  let from = Math.min(size, FIRST_SLICE);
  loop(0, from);
  for (; from < size; from += SLICE) loop(from, Math.min(size, from + SLICE));
}
