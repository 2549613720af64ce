// The byte-level alphabet of GPT-2: every byte written as one printable character, so that 0x20 is "Ġ" and 0x0A is "Ċ".

/** Character of each byte (github.com/openai/gpt-2, src/encoder.py, `bytes_to_unicode`). */
export const BYTE_CHARACTERS: readonly string[] = (() => {
  const isPrintable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xff && byte !== 0xad);
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : next++));
})();

const BYTE_OF_UNIT: Int16Array = (() => {
  const table = new Int16Array(0x144).fill(-1);
  BYTE_CHARACTERS.forEach((character, byte) => {
    table[character.charCodeAt(0)] = byte;
  });
  return table;
})();

/** The byte that a character (a UTF-16 unit) of the alphabet stands for, or -1. */
export function byteOfCharacter(unit: number): number {
  return unit < BYTE_OF_UNIT.length ? BYTE_OF_UNIT[unit]! : -1;
}

/** The bytes that a token in the byte-level alphabet stands for; undefined when a character is not of the alphabet. */
export function bytesOfByteLevelToken(token: string): Uint8Array | undefined {
  const bytes = new Uint8Array(token.length);
  for (let i = 0; i < token.length; i++) {
    const byte = byteOfCharacter(token.charCodeAt(i));
    if (byte < 0) return undefined;
    bytes[i] = byte;
  }
  return bytes;
}
