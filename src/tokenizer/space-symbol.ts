// The pieces of a text without a pre-tokenizer, for the floor.

/** U+2581, "▁", in UTF-8: what SentencePiece writes for a space. */
function isSpaceSymbol(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xe2 && bytes[at + 1] === 0x96 && bytes[at + 2] === 0x81;
}

/** Maximal pieces: one before each run of `▁`, and one that begins the text. @param continues the text goes on from a cut */
export function countPieces(bytes: Uint8Array, continues: boolean): number {
  let pieces = bytes.length > 0 && !isSpaceSymbol(bytes, 0) && !continues ? 1 : 0;
  for (let at = 0; at < bytes.length; at++) {
    if (isSpaceSymbol(bytes, at) && (at < 3 || !isSpaceSymbol(bytes, at - 3))) pieces++;
  }
  return pieces;
}
