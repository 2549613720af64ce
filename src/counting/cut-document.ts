// Cuts one document into its segments, in order: the scanner's job without the counting.

import { CUT_BEFORE_SPACES, cutKindBefore, isCutSpace, NO_CUT } from "../text/cut-rule.ts";

/** Whether a segment ends before the white space at `at` (at least 1). */
export function cutsAt(bytes: Uint8Array, at: number): boolean {
  const kind = cutKindBefore(bytes, at);
  return kind === CUT_BEFORE_SPACES || (kind !== NO_CUT && bytes[at] === 0x20);
}

/** Calls `take` for each segment of a document of well-formed UTF-8. */
export function cutDocument(bytes: Uint8Array, take: (start: number, end: number) => void): void {
  let start = 0;
  for (let at = 1; at < bytes.length; at++) {
    if (!isCutSpace(bytes[at]!) || !cutsAt(bytes, at)) continue;
    take(start, at);
    start = at;
  }
  if (start < bytes.length) take(start, bytes.length);
}
