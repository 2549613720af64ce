// The UTF-8 decoder of the WHATWG Encoding Standard (section "UTF-8 decoder"), step by step, on bytes that are all there.

export interface DecodedText {
  readonly text: string;
  /** Where each ill-formed sequence begins. */
  readonly invalid: readonly number[];
}

export function decodeSlowly(bytes: Uint8Array): DecodedText {
  const invalid: number[] = [];
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at]!;
    const needed = lead < 0x80 ? 0 : lead < 0xc2 || lead > 0xf4 ? -1 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    let codePoint = needed <= 0 ? lead : lead & (0x3f >> needed);
    let lower = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    let upper = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    let seen = 0;
    while (seen < needed && at + 1 + seen < bytes.length) {
      const byte = bytes[at + 1 + seen]!;
      if (byte < lower || byte > upper) break;
      codePoint = (codePoint << 6) | (byte & 0x3f);
      lower = 0x80;
      upper = 0xbf;
      seen++;
    }
    if (seen === needed) text += String.fromCodePoint(codePoint);
    else {
      invalid.push(at);
      text += "\ufffd";
    }
    at += 1 + seen;
  }
  return { text, invalid };
}
