// Spellings of one language that differ by keyboard and code page only: Persian text is often typed with the Arabic letters
// yeh and kaf. To a tokenizer they are other letters.

export type Orthography = "fa";

export const ORTHOGRAPHIES: readonly Orthography[] = ["fa"];

/**
 * The letters that change, each in two bytes of UTF-8, as the one that it becomes: ي → ی, ك → ک. Nothing else does; the
 * zero width non-joiner stays, and so does alef maksura (ى).
 */
const LETTERS: Readonly<Record<Orthography, readonly (readonly [from: string, to: string])[]>> = {
  fa: [
    ["\u064a", "\u06cc"],
    ["\u0643", "\u06a9"],
  ],
};

/** Writes the letters of an orthography over the others of a text of UTF-8, which keeps its length. */
export class OrthographyWriter {
  /** By the two bytes of the letter that changes. */
  private readonly letters: ReadonlyMap<number, Buffer>;
  private readonly leads = new Uint8Array(256);

  constructor(orthography: Orthography) {
    this.letters = new Map(
      LETTERS[orthography].map(([from, to]) => [Buffer.from(from).readUInt16BE(), Buffer.from(to)]),
    );
    for (const pair of this.letters.keys()) this.leads[pair >> 8] = 1;
  }

  /** Changes `bytes[start, end)`; returns how many letters it has changed. */
  write(bytes: Uint8Array, start: number, end: number): number {
    const { leads, letters } = this;
    let changed = 0;
    for (let at = start; at < end - 1; at++) {
      // A lead byte stands nowhere but at the start of a character.
      if (leads[bytes[at]!] !== 1) continue;
      const to = letters.get((bytes[at]! << 8) | bytes[at + 1]!);
      if (to === undefined) continue;
      bytes.set(to, at);
      changed++;
    }
    return changed;
  }
}
