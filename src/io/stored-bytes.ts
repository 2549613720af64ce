// A file that a decoder reads forward, as many bytes at a time as it asks for.

import { CHUNK_BYTES, type ReadListeners } from "./read-chunks.ts";
import { type FileToRead, type OpenBytes, openBytes } from "./stored-file.ts";

export class StoredBytes {
  private readonly source: OpenBytes;
  private readonly listeners: ReadListeners;
  private window = new Uint8Array(2 * CHUNK_BYTES);
  private start = 0;
  private end = 0;
  /** Where the window's first byte lies in the file. */
  private offset: number;

  /**
   * @param start where to begin
   * @param end what lies behind is not wanted; it may be read nevertheless
   * @throws VocabError `unreadable`
   */
  constructor(file: FileToRead, listeners: ReadListeners = {}, start = 0, end = Number.MAX_SAFE_INTEGER) {
    this.offset = start;
    this.listeners = listeners;
    this.source = openBytes(file, start, end);
  }

  /** Where the next byte lies in the file. */
  get position(): number {
    return this.offset + this.start;
  }

  get isAtEnd(): boolean {
    return this.peek(1).length === 0;
  }

  /** The next `size` bytes, or fewer where the file ends. They are valid until the next call. */
  peek(size: number): Uint8Array {
    if (this.end - this.start < size) this.fill(size);
    return this.window.subarray(this.start, Math.min(this.end, this.start + size));
  }

  /** Passes over bytes that were looked at. */
  skip(size: number): void {
    this.start += size;
  }

  close(): void {
    this.source.close();
  }

  private fill(size: number): void {
    const kept = this.window.subarray(this.start, this.end);
    if (size + CHUNK_BYTES > this.window.length) this.window = new Uint8Array(2 * size + CHUNK_BYTES);
    this.window.set(kept);
    this.offset += this.start;
    this.end = kept.length;
    this.start = 0;
    while (this.end < size) {
      const room = this.window.subarray(this.end);
      const at = this.offset + this.end;
      const read = this.source.read(room, CHUNK_BYTES, at);
      if (read === 0) return;
      this.listeners.onBytes?.(read);
      this.listeners.onStored?.(room.subarray(0, read), at);
      this.end += read;
    }
  }
}
