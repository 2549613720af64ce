// Encodes a pre-token too long for one heap window by window. Why the windows joined are the encoding of the whole: a merge
// is always the lowest-ranked, leftmost one there is, so what happens to two neighbouring tokens does not depend on what
// lies beyond them as long as no merge crosses the borders. Tokens of which any two neighbours are the encoding of their
// own bytes are therefore, together, the encoding of all. Two tokens of one window are such neighbours; and a window that
// begins at a border inside the one before, with the very token that followed there, continues it. Windows begin where
// characters do: a character that the vocabulary lacks may be several byte tokens, and is nothing when cut between them.

/** Tokens of a window: ids, and bytes under each. */
export interface Window {
  readonly ids: Int32Array;
  readonly lengths: Int32Array;
}

/** Encodes `bytes[from, to)` by merges alone. */
export type EncodeWindow = (from: number, to: number) => Window;

/** Receives the first `count` tokens of a window. */
export type TakeTokens = (window: Window, count: number) => void;

/** Bytes from the end of a window within which the text behind it may change the tokens, at the first try. */
const FIRST_MARGIN = 1 / 16;

/**
 * Hands over all tokens of `bytes[start, end)` in order. `windowBytes` is at least 16.
 * @returns false when no border was found at which two windows agree; then some tokens have not been handed over.
 */
export function encodeByWindows(
  bytes: Uint8Array,
  start: number,
  end: number,
  windowBytes: number,
  encode: EncodeWindow,
  take: TakeTokens,
): boolean {
  const endOf = (from: number) => characterStart(bytes, Math.min(end, from + windowBytes));
  let from = start;
  let window = encode(from, endOf(from));
  while (endOf(from) < end) {
    const next = nextWindow(bytes, window, from, windowBytes, (at) => encode(at, endOf(at)));
    if (next === undefined) return false;
    take(window, next.kept);
    ({ from, window } = next);
  }
  take(window, window.ids.length);
  return true;
}

// The window that begins at a border of this one and continues it: the last border of tokens and characters before a margin
// that doubles.
function nextWindow(
  bytes: Uint8Array,
  window: Window,
  from: number,
  windowBytes: number,
  encode: (at: number) => Window,
): { readonly from: number; readonly window: Window; readonly kept: number } | undefined {
  for (let margin = windowBytes * FIRST_MARGIN; margin < windowBytes; margin *= 2) {
    let kept = 0;
    let at = from;
    while (at + window.lengths[kept]! <= from + windowBytes - margin) at += window.lengths[kept++]!;
    while (kept > 0 && isInsideCharacter(bytes, at)) at -= window.lengths[--kept]!;
    if (kept === 0) return undefined;
    const next = encode(at);
    if (next.ids[0] === window.ids[kept] && next.lengths[0] === window.lengths[kept])
      return { from: at, window: next, kept };
  }
  return undefined;
}

// `at`, or the start of the character that it lies in.
function characterStart(bytes: Uint8Array, at: number): number {
  let start = at;
  while (start > 0 && start < bytes.length && isInsideCharacter(bytes, start)) start--;
  return start;
}

function isInsideCharacter(bytes: Uint8Array, at: number): boolean {
  return (bytes[at]! & 0xc0) === 0x80;
}
