// Divides all code points into the classes that a group of patterns can tell apart, e.g. letters, digits, line ends.

import { VocabError } from "../errors.ts";
import { type CodePointSet, has } from "../text/code-point-set.ts";

const CODE_POINTS = 0x110000;
const MAX_CLASSES = 255;
/** Different sets in one group of patterns; the largest known groups have about 30. */
const MAX_SETS = 1000;

export interface CodePointClasses {
  readonly count: number;
  /** Class of each code point, 0x110000 entries. */
  readonly table: Uint8Array;
  /** 1 for each class whose code points lie in `set`, which must be one of the sets given at the start. */
  membership(set: CodePointSet): Uint8Array;
}

/**
 * Two code points share a class when they lie in the same ones of `allSets`.
 * @throws VocabError `pattern-unsupported` above 255 classes.
 */
export function divideCodePoints(allSets: readonly CodePointSet[]): CodePointClasses {
  const sets = [...new Map(allSets.map((set) => [set.ranges.join(), set])).values()];
  if (sets.length > MAX_SETS)
    throw new VocabError(
      "pattern-unsupported",
      `patterns with more than ${MAX_SETS} different classes of characters are not supported`,
    );
  const borders = [...new Set([0, ...sets.flatMap((set) => [...set.ranges])])]
    .filter((at) => at < CODE_POINTS)
    .sort((a, b) => a - b);
  const classOfSignature = new Map<string, number>();
  const samples: number[] = [];
  const table = new Uint8Array(CODE_POINTS);
  const signatures = borderSignatures(sets, borders);
  borders.forEach((start, i) => {
    let id = classOfSignature.get(signatures[i]!);
    if (id === undefined) {
      id = samples.push(start) - 1;
      if (id >= MAX_CLASSES)
        throw new VocabError(
          "pattern-unsupported",
          "patterns that distinguish more than 255 classes of characters are not supported",
        );
      classOfSignature.set(signatures[i]!, id);
    }
    table.fill(id, start, borders[i + 1] ?? CODE_POINTS);
  });
  return {
    count: samples.length,
    table,
    membership: (set) => Uint8Array.from(samples, (codePoint) => (has(set, codePoint) ? 1 : 0)),
  };
}

// For each stretch between two borders, in which sets it lies: one sweep per set over its ranges.
function borderSignatures(sets: readonly CodePointSet[], borders: readonly number[]): string[] {
  const signatures = borders.map(() => "");
  for (const set of sets) {
    let at = 0;
    borders.forEach((start, i) => {
      while (at < set.ranges.length && set.ranges[at + 1]! <= start) at += 2;
      signatures[i] += at < set.ranges.length && set.ranges[at]! <= start ? "1" : "0";
    });
  }
  return signatures;
}
