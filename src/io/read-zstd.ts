// Decompresses a Zstandard file (RFC 8878) with fzstd, frame by frame. The frames are found here, and their sizes and checks
// compared, since fzstd looks at neither: a flipped byte in a literal would go through it unseen.

import { setImmediate } from "node:timers/promises";
import type { Decompress } from "fzstd";
import { VocabError } from "../errors.ts";
import type { PieceOutput } from "./piece-output.ts";
import { CHUNK_BYTES } from "./read-chunks.ts";
import type { StoredBytes } from "./stored-bytes.ts";
import { XxHash64 } from "./xxh64.ts";

const FRAME_MAGIC = 0xfd2fb528;
/** The lowest of sixteen, of frames that hold no text. */
const SKIPPABLE_MAGIC = 0x184d2a50;
const MAX_HEADER_BYTES = 18;
/** No block may give more, and none be stored larger. */
const MAX_BLOCK_BYTES = 128 * 1024;
/** The largest window that the zstd program takes without being told to: it is held in memory. */
const MAX_WINDOW_BYTES = 128 * 1024 * 1024;
/** After so many blocks signals and timers are let through. */
const BREATH_BLOCKS = 32;
const BLOCK_TYPE_RLE = 1;
const BLOCK_TYPE_RESERVED = 3;

interface Frame {
  /** Where it begins in the file. */
  readonly offset: number;
  readonly headerBytes: number;
  readonly contentBytes: number | undefined;
  readonly hasCheck: boolean;
}

/**
 * @throws VocabError `corrupt-zstd` when it is cut off or damaged, `zstd-window`, `unreadable`
 */
export async function decodeZstd(path: string, stored: StoredBytes, output: PieceOutput): Promise<void> {
  if (stored.isAtEnd) throw cutOff(path, 0);
  while (!output.isDone && !stored.isAtEnd) await readFrame(path, stored, output);
}

async function readFrame(path: string, stored: StoredBytes, output: PieceOutput): Promise<void> {
  const start = stored.peek(8);
  const magic = start.length < 4 ? 0 : littleEndian(start, 0, 4);
  const isSkippable = magic >= SKIPPABLE_MAGIC && magic < SKIPPABLE_MAGIC + 16;
  if (magic !== FRAME_MAGIC && !isSkippable) throw notAFrame(path, stored.position);
  if (start.length < 8) throw cutOff(path, stored.position);
  if (isSkippable) return skipBytes(path, stored, 8 + littleEndian(start, 4, 4));
  const frame = parseHeader(path, stored.peek(MAX_HEADER_BYTES), stored.position);
  await decodeBlocks(path, stored, frame, output);
}

function skipBytes(path: string, stored: StoredBytes, size: number): void {
  const { position } = stored;
  for (let left = size; left > 0; ) {
    const piece = stored.peek(Math.min(left, CHUNK_BYTES));
    if (piece.length === 0) throw cutOff(path, position);
    stored.skip(piece.length);
    left -= piece.length;
  }
}

function parseHeader(path: string, header: Uint8Array, offset: number): Frame {
  const flags = header[4]!;
  const isSingleSegment = (flags & 0x20) !== 0;
  if ((flags & 8) !== 0) throw damaged(path, offset, "a reserved bit is set");
  const dictionaryAt = isSingleSegment ? 5 : 6;
  const dictionaryBytes = [0, 1, 2, 4][flags & 3]!;
  const sizeAt = dictionaryAt + dictionaryBytes;
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][flags >> 6]!;
  if (header.length < sizeAt + sizeBytes) throw cutOff(path, offset);
  if (header.subarray(dictionaryAt, sizeAt).some((byte) => byte !== 0)) throw needsDictionary(path, offset);
  const stated = littleEndian(header, sizeAt, sizeBytes);
  const contentBytes = sizeBytes === 0 ? undefined : sizeBytes === 2 ? stated + 256 : stated;
  const windowBytes = isSingleSegment ? contentBytes! : windowOf(header[5]!);
  if (windowBytes > MAX_WINDOW_BYTES) throw windowTooLarge(path, offset, windowBytes);
  return { offset, headerBytes: sizeAt + sizeBytes, contentBytes, hasCheck: (flags & 4) !== 0 };
}

/** Eighths of a power of two: 0b00001_010 → 2¹¹ + 2 · 2⁸ */
function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function littleEndian(bytes: Uint8Array, start: number, size: number): number {
  let value = 0;
  for (let i = size - 1; i >= 0; i--) value = value * 256 + bytes[start + i]!;
  return value;
}

async function decodeBlocks(
  path: string,
  stored: StoredBytes,
  frame: Frame,
  output: PieceOutput,
): Promise<void> {
  const pieces: Uint8Array[] = [];
  const { Decompress } = await import("fzstd");
  const decoder = new Decompress((piece) => void pieces.push(piece));
  const hash = frame.hasCheck ? new XxHash64() : undefined;
  let length = 0;
  let check = 0;
  let blocks = 0;
  for (let isFirst = true, isLast = false; !isLast; isFirst = false) {
    const before = isFirst ? frame.headerBytes : 0;
    const { position } = stored;
    const block = blockAt(path, stored, before, position + before);
    isLast = block.isLast;
    const size = before + block.bytes + (isLast && frame.hasCheck ? 4 : 0);
    const bytes = stored.peek(size);
    if (bytes.length < size) throw cutOff(path, position);
    if (isLast && frame.hasCheck) check = littleEndian(bytes, size - 4, 4);
    pushBlock(path, position + before, decoder, bytes, isLast);
    stored.skip(size);
    for (const piece of pieces.splice(0)) {
      length += piece.length;
      hash?.update(piece);
      output.pass(piece);
    }
    if (output.isDone) return;
    if (++blocks % BREATH_BLOCKS === 0) await setImmediate();
  }
  if (frame.contentBytes !== undefined && length !== frame.contentBytes)
    throw damaged(path, frame.offset, `it should give ${frame.contentBytes} bytes and gives ${length}`);
  if (hash !== undefined && hash.low32() !== check)
    throw damaged(path, frame.offset, "its checksum is wrong");
}

function blockAt(
  path: string,
  stored: StoredBytes,
  before: number,
  offset: number,
): { readonly isLast: boolean; readonly bytes: number } {
  const header = stored.peek(before + 3).subarray(before);
  if (header.length < 3) throw cutOff(path, offset);
  const type = (header[0]! >> 1) & 3;
  const size = littleEndian(header, 0, 3) >> 3;
  if (type === BLOCK_TYPE_RESERVED || size > MAX_BLOCK_BYTES)
    throw damaged(path, offset, "a block has a header that none can have");
  return { isLast: (header[0]! & 1) === 1, bytes: 3 + (type === BLOCK_TYPE_RLE ? 1 : size) };
}

function pushBlock(
  path: string,
  offset: number,
  decoder: Decompress,
  bytes: Uint8Array,
  isLast: boolean,
): void {
  try {
    // It waits for more of what is shorter, and keeps it: the bytes are valid until the next ones are read.
    decoder.push(bytes.length < MAX_HEADER_BYTES ? bytes.slice() : bytes, isLast);
  } catch (cause) {
    throw damaged(path, offset, (cause as Error).message, cause);
  }
  // It also keeps an empty piece of all that it has finished: of a large frame they would fill the memory.
  if (decoder["l"] === 0) decoder["c"] = [];
}

function corruptZstd(path: string, what: string, cause?: unknown): VocabError {
  return new VocabError("corrupt-zstd", `${path}: the zstd data ${what}`, {
    cause,
    hint: "fetch or compress the file again; `zstd -t` checks it",
  });
}

function cutOff(path: string, offset: number): VocabError {
  return corruptZstd(path, `ends in the middle of what begins at byte ${offset}: it is cut off`);
}

function damaged(path: string, offset: number, what: string, cause?: unknown): VocabError {
  return corruptZstd(path, `is damaged at byte ${offset} or behind it (${what})`, cause);
}

function notAFrame(path: string, offset: number): VocabError {
  return corruptZstd(path, `has something else at byte ${offset}, where a frame should begin`);
}

function needsDictionary(path: string, offset: number): VocabError {
  return new VocabError("zstd-dictionary", `${path}: the frame at byte ${offset} needs a dictionary`, {
    hint: "decompress it with `zstd -d -D DICTIONARY` and compress it without one",
  });
}

function windowTooLarge(path: string, offset: number, bytes: number): VocabError {
  return new VocabError(
    "zstd-window",
    `${path}: the frame at byte ${offset} needs a window of ${bytes} bytes; ${MAX_WINDOW_BYTES} are the limit`,
    { hint: "compress it again without --long or --ultra: `zstd -d --long=31 -c FILE | zstd -o OTHER`" },
  );
}
