// The slow twin of the byte-level word functions: decode, go by code point, encode each word to know its bytes.

const WHITE_SPACE = new Set([
  0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005,
  0x2006, 0x2007, 0x2008, 0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000,
]);

/** Byte ranges of the words in the UTF-8 of a text: "é b" → [[0, 2], [3, 4]]. */
export function whitespaceWordsSlowly(text: string): [number, number][] {
  const ranges: [number, number][] = [];
  let offset = 0;
  let inWord = false;
  for (const character of text) {
    const start = offset;
    offset += Buffer.byteLength(character);
    if (WHITE_SPACE.has(character.codePointAt(0)!)) {
      inWord = false;
    } else if (inWord) {
      ranges[ranges.length - 1][1] = offset;
    } else {
      ranges.push([start, offset]);
      inWord = true;
    }
  }
  return ranges;
}
