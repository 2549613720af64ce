// Text on its way through the normalizers, as UTF-8 bytes that remember which bytes of the original they come from.

/** `starts[i]`, `ends[i]`: the range of the original under byte i. Both absent while nothing has moved. */
export interface AlignedText {
  readonly bytes: Uint8Array;
  readonly starts?: Int32Array;
  readonly ends?: Int32Array;
}

/** Start in the original of the byte at `at`. */
export function originalStart(text: AlignedText, at: number): number {
  return text.starts === undefined ? at : text.starts[at]!;
}

/** End in the original of the byte before `at`. */
export function originalEnd(text: AlignedText, at: number): number {
  return text.ends === undefined ? at : text.ends[at - 1]!;
}

export class AlignedTextBuilder {
  private bytes: number[] = [];
  private starts: number[] = [];
  private ends: number[] = [];

  add(bytes: Uint8Array, start: number, end: number): void {
    for (const byte of bytes) {
      this.bytes.push(byte);
      this.starts.push(start);
      this.ends.push(end);
    }
  }

  copy(text: AlignedText, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      this.bytes.push(text.bytes[i]!);
      this.starts.push(originalStart(text, i));
      this.ends.push(originalEnd(text, i + 1));
    }
  }

  /** Takes away every `suffix` that the text ends with. */
  dropEnd(suffix: Uint8Array): void {
    const endsSo = () =>
      suffix.every((byte, i) => this.bytes[this.bytes.length - suffix.length + i] === byte);
    while (this.bytes.length >= suffix.length && endsSo()) {
      for (const part of [this.bytes, this.starts, this.ends]) part.length -= suffix.length;
    }
  }

  build(): AlignedText {
    return {
      bytes: Uint8Array.from(this.bytes),
      starts: Int32Array.from(this.starts),
      ends: Int32Array.from(this.ends),
    };
  }
}

/** `text` with `prefix` before it; the prefix lies over nothing of the original. */
export function prepend(text: AlignedText, prefix: string): AlignedText {
  const builder = new AlignedTextBuilder();
  const start = originalStart(text, 0);
  builder.add(Buffer.from(prefix, "utf8"), start, start);
  builder.copy(text, 0, text.bytes.length);
  return builder.build();
}

/** Replaces every occurrence of `pattern`, left to right. */
export function replaceAll(text: AlignedText, pattern: Buffer, content: Buffer): AlignedText {
  const haystack = Buffer.from(text.bytes.buffer, text.bytes.byteOffset, text.bytes.byteLength);
  let found = haystack.indexOf(pattern);
  if (found < 0) return text;
  const builder = new AlignedTextBuilder();
  let done = 0;
  while (found >= 0) {
    builder.copy(text, done, found);
    builder.add(content, originalStart(text, found), originalEnd(text, found + pattern.length));
    done = found + pattern.length;
    found = haystack.indexOf(pattern, done);
  }
  builder.copy(text, done, text.bytes.length);
  return builder.build();
}

/** `text.bytes[start, end)` with its alignment. */
export function slice(text: AlignedText, start: number, end: number): AlignedText {
  const starts = Int32Array.from({ length: end - start }, (_, i) => originalStart(text, start + i));
  const ends = Int32Array.from({ length: end - start }, (_, i) => originalEnd(text, start + i + 1));
  return { bytes: text.bytes.subarray(start, end), starts, ends };
}
