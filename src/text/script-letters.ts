// Letters of a text, and which of them belong to a script.

import { type CodePointSet, union } from "./code-point-set.ts";
import { codePointSet, fillTable } from "./unicode.ts";

const LETTER = 1;
const OWN = 2;

export interface LetterCount {
  readonly letters: number;
  /** Those of the script. */
  readonly own: number;
}

export class ScriptLetters {
  private readonly kinds = new Uint8Array(0x110000);

  /** @param properties of the script: "sc=Arab", or several */
  constructor(properties: readonly string[]) {
    fillTable(codePointSet("L")!, this.kinds, LETTER);
    const own: CodePointSet = union(...properties.map((name) => codePointSet(name)!));
    for (let i = 0; i < own.ranges.length; i += 2)
      for (let codePoint = own.ranges[i]!; codePoint < own.ranges[i + 1]!; codePoint++)
        if (this.kinds[codePoint] === LETTER) this.kinds[codePoint] = OWN;
  }

  /** Counts in `bytes[start, end)`, which is well-formed UTF-8. */
  count(bytes: Uint8Array, start: number, end: number): LetterCount {
    const { kinds } = this;
    let letters = 0;
    let own = 0;
    for (let at = start; at < end; ) {
      const lead = bytes[at]!;
      const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
      let codePoint = length === 1 ? lead : lead & (0xff >> (length + 1));
      for (let k = 1; k < length; k++) codePoint = (codePoint << 6) | (bytes[at + k]! & 0x3f);
      const kind = kinds[codePoint]!;
      if (kind !== 0) letters++;
      if (kind === OWN) own++;
      at += length;
    }
    return { letters, own };
  }
}
