// Passes pieces of a text file on to a sink, cut at whole characters, with the byte order mark dropped and invalid UTF-8
// refused or replaced.

import { isUtf8 } from "node:buffer";
import { VocabError } from "../errors.ts";
import type { Reserve, Take } from "../io/read-chunks.ts";
import { firstInvalidByte, incompleteTail, repairUtf8 } from "../text/utf8.ts";
import type { TextSink } from "./document-collector.ts";

const LINE_FEED = 0x0a;
const MARK_BYTES = 3;

export class TextFeeder {
  private readonly sink: TextSink;
  private readonly path: string;
  private readonly isByLine: boolean;
  private readonly onInvalid: "error" | "replace";
  private room: Uint8Array = new Uint8Array(0);
  /** The first bytes of a character that is not complete yet, and where they lie in the file. */
  private carry: Uint8Array = new Uint8Array(0);
  private carryOffset = 0;
  private hasBegun = false;
  private replaced = 0;
  /** A replacement in the open line is not as long as what it replaced: offsets are wrong up to its end. */
  private isShifted = false;

  constructor(sink: TextSink, path: string, isByLine: boolean, onInvalid: "error" | "replace") {
    this.sink = sink;
    this.path = path;
    this.isByLine = isByLine;
    this.onInvalid = onInvalid;
  }

  readonly reserve: Reserve = (size) => {
    this.room = this.sink.reserve(size + this.carry.length);
    this.room.set(this.carry);
    return this.room.subarray(this.carry.length);
  };

  readonly take: Take = (size, offset) => {
    const length = this.carry.length + size;
    const at = offset - this.carry.length;
    if (at === 0 && length < MARK_BYTES) return this.keep(0, length, at);
    const mark = this.begin(length, at);
    const whole = incompleteTail(this.room, 0, length - mark);
    this.keep(whole, length - mark, at + mark + whole);
    this.pass(whole, at + mark);
    return true;
  };

  /** Returns the number of sequences replaced. */
  end(): number {
    const length = this.carry.length;
    if (length > 0) {
      this.room = this.sink.reserve(length);
      this.room.set(this.carry);
      const mark = this.begin(length, this.carryOffset);
      this.pass(length - mark, this.carryOffset + mark);
    }
    if (this.hasBegun) this.sink.end();
    return this.replaced;
  }

  private keep(start: number, end: number, offset: number): true {
    this.carry = this.room.slice(start, end);
    this.carryOffset = offset;
    return true;
  }

  // Begins the text, unless it has begun. Returns the length of the mark that was dropped.
  private begin(length: number, offset: number): number {
    if (this.hasBegun) return 0;
    const mark = markLength(this.room, offset, length, this.path);
    this.room.copyWithin(0, mark, length);
    this.sink.begin(this.path, offset + mark, this.isByLine);
    this.hasBegun = true;
    return mark;
  }

  private pass(length: number, offset: number): void {
    const bytes = this.room.subarray(0, length);
    const isValid = isUtf8(bytes);
    if (isValid && !this.isShifted) return this.sink.advance(length);
    if (!isValid && this.onInvalid === "error")
      throw invalidUtf8(this.path, offset + firstInvalidByte(bytes));
    if (this.isByLine) this.passLines(bytes.slice(), offset);
    else this.passRepaired(bytes);
  }

  // The line behind a replacement begins anew, at its true offset.
  private passLines(bytes: Uint8Array, offset: number): void {
    for (let start = 0; start < bytes.length; ) {
      const lineFeed = bytes.indexOf(LINE_FEED, start);
      const end = lineFeed < 0 ? bytes.length : lineFeed + 1;
      this.isShifted = this.passRepaired(bytes.subarray(start, end)) > 0 || this.isShifted;
      start = end;
      if (lineFeed < 0 || !this.isShifted) continue;
      this.sink.end();
      this.sink.begin(this.path, offset + end, true);
      this.isShifted = false;
    }
  }

  private passRepaired(bytes: Uint8Array): number {
    const repaired = repairUtf8(bytes);
    this.sink.reserve(repaired.bytes.length).set(repaired.bytes);
    this.sink.advance(repaired.bytes.length);
    this.replaced += repaired.replaced;
    return repaired.replaced;
  }
}

/** Length of the byte order mark that opens a file: dropped in UTF-8, refused in UTF-16. */
export function markLength(bytes: Uint8Array, offset: number, length: number, path: string): number {
  if (offset !== 0) return 0;
  if (length >= 2 && ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))) {
    throw new VocabError("utf-16", `${path} is UTF-16, not UTF-8`, {
      hint: `convert it: iconv -f UTF-16 -t UTF-8 '${path}'`,
    });
  }
  return length >= MARK_BYTES && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? MARK_BYTES : 0;
}

export function invalidUtf8(path: string, offset: number): VocabError {
  return new VocabError("invalid-utf8", `${path}: invalid UTF-8 at byte ${offset}`, {
    hint: "--on-invalid replace counts U+FFFD in its place, --on-invalid skip leaves the document out; other encodings: iconv -f … -t UTF-8",
  });
}
