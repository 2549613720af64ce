// Runs: sorted counts that a worker has put on the disk because its table was full, or so that a killed count need not begin
// anew. Each segment is stored as what it does not share with the one before it, then its count; numbers are LEB128.

import { closeSync, fsyncSync, openSync, writeFileSync } from "node:fs";
import { VocabError } from "../errors.ts";
import { CHUNK_BYTES } from "../io/read-chunks.ts";
import { StoredBytes } from "../io/stored-bytes.ts";
import { cannotWrite } from "./counts-parquet.ts";
import type { SegmentCounts } from "./segment-counts.ts";
import { BlockBuilder, type SortedSource } from "./sorted-counts.ts";

/** Longest LEB128 number below 2⁵³. */
const MAX_NUMBER_BYTES = 8;
/** What a reader hands on at once: small, since a merge reads many runs. */
const BLOCK_ROWS = 2048;
const BLOCK_BYTES = 1 << 16;

/** Writes a run; segments come in the order of `compareSegments`, and may stand twice. */
export class RunWriter {
  private readonly path: string;
  private readonly descriptor: number;
  private buffer = new Uint8Array(2 * CHUNK_BYTES);
  private length = 0;
  private last = new Uint8Array(1 << 10);
  private lastLength = 0;

  /** @throws VocabError `cannot-write` */
  constructor(path: string) {
    this.path = path;
    this.descriptor = this.writing(() => openSync(path, "w"));
  }

  add(bytes: Uint8Array, start: number, end: number, count: number): void {
    const length = end - start;
    const common = Math.min(length, this.lastLength);
    let shared = 0;
    while (shared < common && this.last[shared] === bytes[start + shared]) shared++;
    this.reserve(length - shared + 3 * MAX_NUMBER_BYTES);
    this.number(shared);
    this.number(length - shared);
    for (let at = start + shared; at < end; at++) this.buffer[this.length++] = bytes[at]!;
    this.number(count);
    if (length > this.last.length) this.last = new Uint8Array(2 * length);
    for (let at = shared; at < length; at++) this.last[at] = bytes[start + at]!;
    this.lastLength = length;
  }

  /** Ends the run, which is on the disk then. @throws VocabError `cannot-write` */
  finish(): void {
    this.flush();
    this.writing(() => fsyncSync(this.descriptor));
    closeSync(this.descriptor);
  }

  private number(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.buffer[this.length++] = (rest % 0x80) | 0x80;
    this.buffer[this.length++] = rest;
  }

  private reserve(more: number): void {
    if (this.length + more <= this.buffer.length) return;
    this.flush();
    if (more > this.buffer.length) this.buffer = new Uint8Array(2 * more);
  }

  private flush(): void {
    this.writing(() => writeFileSync(this.descriptor, this.buffer.subarray(0, this.length)));
    this.length = 0;
  }

  private writing<T>(write: () => T): T {
    try {
      return write();
    } catch (cause) {
      throw cannotWrite(this.path, cause);
    }
  }
}

/** Reads a run; each block is valid until the next. */
export class RunReader implements SortedSource {
  private readonly path: string;
  private readonly keeps: (bytes: Uint8Array, start: number, end: number) => boolean;
  private stored: StoredBytes | undefined;
  private readonly builder = new BlockBuilder();
  private last = new Uint8Array(1 << 10);

  /** @param keeps which segments are handed on. Default: all. */
  constructor(path: string, keeps: (bytes: Uint8Array, start: number, end: number) => boolean = () => true) {
    this.path = path;
    this.keeps = keeps;
  }

  /** @throws VocabError `unreadable`, `run-damaged` */
  next(): SegmentCounts | undefined {
    this.stored ??= new StoredBytes(this.path);
    const { builder, stored } = this;
    builder.clear();
    while (builder.size < BLOCK_ROWS && builder.length < BLOCK_BYTES && !stored.isAtEnd) this.readRow(stored);
    return builder.size > 0 ? builder.block() : undefined;
  }

  close(): void {
    this.stored?.close();
    this.stored = undefined;
  }

  private readRow(stored: StoredBytes): void {
    const shared = this.number(stored);
    const rest = this.number(stored);
    const length = shared + rest;
    if (length > this.last.length) {
      const larger = new Uint8Array(2 * length);
      larger.set(this.last);
      this.last = larger;
    }
    const bytes = stored.peek(rest);
    if (bytes.length < rest) throw this.damaged();
    for (let i = 0; i < rest; i++) this.last[shared + i] = bytes[i]!;
    stored.skip(rest);
    const count = this.number(stored);
    if (this.keeps(this.last, 0, length)) this.builder.add(this.last, 0, length, count);
  }

  private number(stored: StoredBytes): number {
    const bytes = stored.peek(MAX_NUMBER_BYTES);
    let value = 0;
    let scale = 1;
    for (let i = 0; i < bytes.length; i++) {
      value += (bytes[i]! & 0x7f) * scale;
      if (bytes[i]! < 0x80) {
        stored.skip(i + 1);
        return value;
      }
      scale *= 0x80;
    }
    throw this.damaged();
  }

  private damaged(): VocabError {
    return new VocabError("run-damaged", `${this.path} is damaged`, {
      hint: "--restart counts anew",
    });
  }
}
