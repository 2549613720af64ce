// Copies a range of bytes from one open file into another, in bounded memory. (Node has no copy_file_range.)

import { readSync, writeSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/**
 * Measured on ext4 in a virtual machine, within the page cache: 32 KiB to 1 MiB take the same time, 0.4 to 0.6 s of CPU a GB;
 * with 4 MiB, and by copyFile, it was often several times as much. Promises instead of synchronous calls cost a third more.
 */
const PIECE_BYTES = 256 * 1024;

/** So many pieces between two looks at the signal: some milliseconds. */
const PIECES_AT_ONCE = 16;

export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface CopyOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told of what has been written. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/**
 * @param at where in `to` the range begins
 * @throws RangeError when `from` ends before the range does
 */
export async function copyRange(
  from: FileHandle,
  { start, end }: Range,
  to: FileHandle,
  at: number,
  options: CopyOptions = {},
): Promise<void> {
  const piece = Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, end - start));
  const step = PIECE_BYTES * PIECES_AT_ONCE;
  for (let done = 0; done < end - start; done += step) {
    const size = Math.min(step, end - start - done);
    for (let k = 0; k < size; k += piece.length) {
      const part = piece.subarray(0, Math.min(piece.length, size - k));
      readFully(from, part, start + done + k);
      writeFully(to, part, at + done + k);
    }
    options.onBytes?.(size);
    await otherWork(options.signal);
  }
}

/** Copies a whole file into one that does not exist yet. */
export async function copyWhole(from: string, to: string, options: CopyOptions = {}): Promise<void> {
  const source = await open(from, "r");
  try {
    const { size, mode } = await source.stat();
    const target = await open(to, "wx", mode);
    try {
      await copyRange(source, { start: 0, end: size }, target, 0, options);
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

/** Writes all of the bytes, however many calls that takes. */
export function writeFully(to: FileHandle, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; )
    done += writeSync(to.fd, bytes, done, bytes.length - done, at + done);
}

/** @throws RangeError when the file ends before the buffer is full */
export function readFully(from: FileHandle, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; ) {
    const size = readSync(from.fd, bytes, done, bytes.length - done, at + done);
    if (size === 0) throw new RangeError(`the file ends at byte ${at + done}`);
    done += size;
  }
}

/** Lets a Ctrl-C be heard, and stops for it. */
export async function otherWork(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
}
