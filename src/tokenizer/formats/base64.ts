// Strict base64 (RFC 4648 section 4, with padding): each byte string has one spelling, so that spellings can be compared.

const PAD = 0x3d;
const INVALID = 255;

/** Value of each letter, 255 for what is none. */
const VALUES = new Uint8Array(256).fill(INVALID);
for (const [value, letter] of [
  ..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
].entries())
  VALUES[letter.charCodeAt(0)] = value;

/**
 * Decodes `source[start, end)` to `target` from `at` on; there must be room for three bytes a group of four letters.
 * @returns the end of what was written, or -1 if it is not base64
 */
export function decodeBase64(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): number {
  if ((end - start) % 4 !== 0) return -1;
  const padding = end === start || source[end - 1] !== PAD ? 0 : source[end - 2] !== PAD ? 1 : 2;
  const whole = padding === 0 ? end : end - 4;
  let written = at;
  for (let i = start; i < whole; i += 4) {
    const a = VALUES[source[i]!]!;
    const b = VALUES[source[i + 1]!]!;
    const c = VALUES[source[i + 2]!]!;
    const d = VALUES[source[i + 3]!]!;
    if ((a | b | c | d) === INVALID) return -1;
    target[written++] = (a << 2) | (b >> 4);
    target[written++] = (b << 4) | (c >> 2);
    target[written++] = (c << 6) | d;
  }
  return padding === 0 ? written : decodePadded(source, whole, padding, target, written);
}

// Two or three letters; the bits that no byte takes must be 0, or one byte string would have several spellings.
function decodePadded(
  source: Uint8Array,
  start: number,
  padding: number,
  target: Uint8Array,
  at: number,
): number {
  const a = VALUES[source[start]!]!;
  const b = VALUES[source[start + 1]!]!;
  const c = padding === 1 ? VALUES[source[start + 2]!]! : 0;
  if ((a | b | c) === INVALID) return -1;
  target[at] = (a << 2) | (b >> 4);
  if (padding === 2) return (b & 0x0f) === 0 ? at + 1 : -1;
  target[at + 1] = (b << 4) | (c >> 2);
  return (c & 0x03) === 0 ? at + 2 : -1;
}
