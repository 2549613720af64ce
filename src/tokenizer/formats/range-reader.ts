// Reads a file from front to back, from memory or by ranges from the disk: a GGUF file holds many gigabytes of weights
// behind the few megabytes that are wanted.

import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { VocabError } from "../../errors.ts";
import { shown } from "../json-reader.ts";
import { invalidFile, unsupportedFile } from "./file-place.ts";

/** As in io/read-chunks.ts. */
const WINDOW_BYTES = 256 * 1024;

export class RangeReader {
  readonly file: string;
  private readonly descriptor: number | undefined;
  /** Nothing is read behind it: the size of the file, or less. */
  private readonly end: number;
  /** `window[at]` is the next byte; `window[0]` is byte `base` of the file. */
  private window: Uint8Array;
  private view: DataView;
  private base = 0;
  private at = 0;

  /**
   * @param maxBytes no read may reach behind this many bytes of the file, whatever its counts and sizes promise
   * @throws VocabError `unreadable`
   */
  constructor(source: Uint8Array | string, file: string, maxBytes: number) {
    this.file = file;
    this.descriptor = typeof source === "string" ? this.attempt(() => openSync(source, "r")) : undefined;
    this.window = typeof source === "string" ? new Uint8Array(0) : source;
    const size = this.descriptor === undefined ? this.window.length : this.sizeOf(this.descriptor);
    this.end = Math.min(size, maxBytes);
    this.view = viewOf(this.window);
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
  }

  /** Offset in the file of the next byte. */
  get offset(): number {
    return this.base + this.at;
  }

  get bytesLeft(): number {
    return this.end - this.offset;
  }

  /** The next bytes: a view, good until the next call. `name` says what they are. */
  bytes(size: number, name: string): Uint8Array {
    const start = this.take(size, name);
    return this.window.subarray(start, start + size);
  }

  /** A number of `size` bytes through `read`. */
  number<T>(size: number, name: string, read: (view: DataView, at: number) => T): T {
    const start = this.take(size, name);
    return read(this.view, start);
  }

  invalid(what: string, name: string, offset = this.offset): VocabError {
    return invalidFile(this.file, placeOf(name, offset), what);
  }

  unsupported(what: string, name: string, offset = this.offset): VocabError {
    return unsupportedFile(this.file, placeOf(name, offset), what);
  }

  /** Why `size` bytes cannot follow; `offset` is where they were announced. */
  tooLittle(size: number, name: string, offset = this.offset): VocabError {
    const left = `${this.bytesLeft} are left up to byte ${this.end}`;
    return this.invalid(`${size} bytes are announced, but ${left}`, name, offset);
  }

  /** Index in the window of the next `size` bytes, which count as read. */
  private take(size: number, name: string): number {
    if (size > this.bytesLeft) throw this.tooLittle(size, name);
    if (this.at + size > this.window.length) this.refill(size, name);
    const start = this.at;
    this.at += size;
    return start;
  }

  private refill(size: number, name: string): void {
    const wanted = Math.min(Math.max(size, WINDOW_BYTES), this.bytesLeft);
    const window = new Uint8Array(wanted);
    for (let filled = 0; filled < wanted; ) {
      const read = this.attempt(() =>
        readSync(this.descriptor!, window, filled, wanted - filled, this.offset + filled),
      );
      if (read === 0) throw this.invalid("the file became shorter while it was read", name);
      filled += read;
    }
    this.base = this.offset;
    this.at = 0;
    this.window = window;
    this.view = viewOf(window);
  }

  private sizeOf(descriptor: number): number {
    return this.attempt(() => fstatSync(descriptor).size);
  }

  private attempt<T>(action: () => T): T {
    try {
      return action();
    } catch (cause) {
      const message = `${this.file} cannot be read: ${(cause as Error).message}`;
      throw new VocabError("unreadable", message, {
        cause,
        hint: "check that the file is still there, its permissions and its disk",
      });
    }
  }
}

// Names come from the file: they can be long, or hold line ends.
function placeOf(name: string, offset: number): string {
  return `byte ${offset} (${shown(name).slice(1, -1)})`;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
