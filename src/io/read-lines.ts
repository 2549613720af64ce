// Reads the lines of a file that begin in a byte range, so that workers share a file without cutting or doubling a line.

import { type OnBytes, type Reserve, readRange, type Take } from "./read-chunks.ts";
import type { FileToRead } from "./stored-file.ts";

const LINE_FEED = 0x0a;

/**
 * Reads the bytes of all lines that begin in `[start, end)`, the last of them to its end. A line begins at byte 0 or
 * behind a line feed. Works like `readRange`; `take` gets only bytes of those lines.
 */
export function readLineRange(
  file: FileToRead,
  start: number,
  end: number,
  reserve: Reserve,
  take: Take,
  onBytes: OnBytes = () => {},
): void {
  if (start >= end) return;
  let at = Math.max(0, start - 1);
  let isInside = start === 0;
  let room: Uint8Array;
  readRange(
    file,
    at,
    Number.MAX_SAFE_INTEGER,
    (size) => {
      room = reserve(size);
      return room;
    },
    (size) => {
      let skipped = 0;
      if (!isInside) {
        skipped = indexOfLineFeed(room, 0, size) + 1;
        if (skipped === 0) {
          at += size;
          return at < end;
        }
        if (at + skipped >= end) return false;
        isInside = true;
        room.copyWithin(0, skipped, size);
      }
      const kept = size - skipped;
      const first = at + skipped;
      at += size;
      if (at < end) return take(kept, first);
      const last = indexOfLineFeed(room, Math.max(0, end - 1 - first), kept);
      return take(last < 0 ? kept : last + 1, first) && last < 0;
    },
    onBytes,
  );
}

function indexOfLineFeed(bytes: Uint8Array, from: number, end: number): number {
  const found = bytes.subarray(from, end).indexOf(LINE_FEED);
  return found < 0 ? -1 : from + found;
}

/** Takes the line `bytes[start, end)`, without its line end (LF or CRLF). `offset` is where it begins in the file. */
export type LineSink = (bytes: Uint8Array, start: number, end: number, offset: number) => void;

/** Collects pieces of a file into whole lines. Used where a line must be looked at before it is counted. */
export class LineCollector {
  private buffer = new Uint8Array(1 << 19);
  private length = 0;
  private offset = 0;
  private tailOffset = 0;
  private searched = 0;
  private readonly sink: LineSink;

  constructor(sink: LineSink) {
    this.sink = sink;
  }

  readonly reserve: Reserve = (size) => {
    if (this.length + size > this.buffer.length) {
      const larger = new Uint8Array(Math.max(2 * this.buffer.length, this.length + size));
      larger.set(this.buffer.subarray(0, this.length));
      this.buffer = larger;
    }
    return this.buffer.subarray(this.length);
  };

  /**
   * `size` bytes were written to what `reserve` returned; they lie at `offset` in the file. Returns the bytes of the line
   * that has not ended yet.
   */
  advance(size: number, offset: number): number {
    this.offset = offset - this.length;
    this.length += size;
    const text = this.buffer.subarray(0, this.length);
    let start = 0;
    for (;;) {
      const end = text.indexOf(LINE_FEED, Math.max(start, this.searched));
      if (end < 0) break;
      this.emit(start, end);
      start = end + 1;
    }
    this.buffer.copyWithin(0, start, this.length);
    this.length -= start;
    this.tailOffset = this.offset + start;
    this.searched = this.length;
    return this.length;
  }

  /** Ends the file: what is left is its last line. */
  end(): void {
    if (this.length > 0) this.sink(this.buffer, 0, this.length, this.tailOffset);
    this.length = 0;
  }

  private emit(start: number, end: number): void {
    const hasReturn = end > start && this.buffer[end - 1] === 0x0d;
    this.sink(this.buffer, start, hasReturn ? end - 1 : end, this.offset + start);
  }
}
