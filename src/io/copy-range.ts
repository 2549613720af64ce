// Copies a range of bytes from one open file into another, in bounded memory: a piece is read while the one before it is
// written. (Node has no copy_file_range for parts of files.)

import type { FileHandle } from "node:fs/promises";

/** Measured on 4 GB in the page cache: 1 MiB took 8 % longer, 16 MiB the same. */
const PIECE_BYTES = 4 * 2 ** 20;

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Told of every piece that has been written. */
export type OnCopied = (bytes: number) => void;

/**
 * @param at where in `to` the range begins
 * @throws RangeError when `from` ends before the range does
 */
export async function copyRange(
  from: FileHandle,
  { start, end }: Range,
  to: FileHandle,
  at: number,
  onCopied: OnCopied = () => {},
): Promise<void> {
  const size = Math.min(PIECE_BYTES, end - start);
  const buffers = [Buffer.allocUnsafeSlow(size), Buffer.allocUnsafeSlow(size)] as const;
  let writing: Promise<void> = Promise.resolve();
  for (let done = 0, turn = 0; done < end - start; turn ^= 1) {
    const piece = buffers[turn as 0 | 1].subarray(0, Math.min(size, end - start - done));
    // Both are waited for, so that neither fails unheard.
    const [read, written] = await Promise.allSettled([readFully(from, piece, start + done), writing]);
    if (written.status === "rejected") throw written.reason;
    if (read.status === "rejected") throw read.reason;
    const place = at + done;
    writing = writeFully(to, piece, place).then(() => onCopied(piece.length));
    done += piece.length;
  }
  await writing;
}

/** Writes all of the bytes, however many calls that takes. */
export async function writeFully(to: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await to.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
}

async function readFully(from: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await from.read(bytes, done, bytes.length - done, at + done);
    if (bytesRead === 0) throw new RangeError(`the file ends at byte ${at + done}`);
    done += bytesRead;
  }
}
