// Decompresses a bzip2 file with the decoder of unbzip2-stream. Bits are read here: as a stream it collects a list of
// single bytes and is half as fast (7 MB a second against 12), and says of a file that is cut off that it has no `length`.

import { createRequire } from "node:module";
import { setImmediate } from "node:timers/promises";
import type Decoder from "unbzip2-stream/lib/bzip2.js";
import { VocabError } from "../errors.ts";
import type { PieceOutput } from "./piece-output.ts";
import { CHUNK_BYTES } from "./read-chunks.ts";
import type { StoredBytes } from "./stored-bytes.ts";

const BLOCK_UNIT = 100_000;
const MAX_BLOCK = 9 * BLOCK_UNIT;

/** @throws VocabError `corrupt-bzip2` when it is cut off or damaged, `unreadable` */
export async function decodeBzip2(path: string, stored: StoredBytes, output: PieceOutput): Promise<void> {
  const decoder = createRequire(import.meta.url)("unbzip2-stream/lib/bzip2.js") as typeof Decoder;
  const bits = new BitReader(path, stored);
  const bytes = new ByteOutput(output);
  const buffer = new Int32Array(MAX_BLOCK);
  do {
    const start = bits.position;
    const size = guarded(path, start, bits, bytes, () => decoder.header(bits.read)) * BLOCK_UNIT;
    for (let checksum: number | null = 0; checksum !== null && !bytes.isDone; ) {
      const before: number = checksum;
      checksum = guarded(path, start, bits, bytes, () =>
        decoder.decompress(bits.read, bytes.put, buffer, size, before),
      );
      // Lets signals and timers through.
      await setImmediate();
    }
  } while (!bytes.isDone && !bits.isAtEnd);
  bytes.flush();
}

// What the decoder throws becomes an error of the file; what reading or the caller throw stays what it is.
function guarded<T>(path: string, start: number, bits: BitReader, output: ByteOutput, decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    if (cause === bits.failure || cause === output.failure) throw cause;
    throw wrapped(path, start, bits.position, cause);
  }
}

/** Collects bytes into pieces. */
class ByteOutput {
  /** What the caller threw. */
  failure: unknown;
  private readonly output: PieceOutput;
  private readonly piece = new Uint8Array(CHUNK_BYTES);
  private filled = 0;

  constructor(output: PieceOutput) {
    this.output = output;
  }

  get isDone(): boolean {
    return this.output.isDone;
  }

  readonly put = (byte: number): void => {
    this.piece[this.filled++] = byte;
    if (this.filled === CHUNK_BYTES) this.flush();
  };

  flush(): void {
    try {
      this.output.pass(this.piece.subarray(0, this.filled));
    } catch (error) {
      this.failure = error;
      throw error;
    }
    this.filled = 0;
  }
}

/** Bits from the highest of each byte down. */
class BitReader {
  /** What reading threw. */
  failure: unknown;
  private readonly path: string;
  private readonly stored: StoredBytes;
  private chunk: Uint8Array = new Uint8Array(0);
  private at = 0;
  private held = 0;
  private heldBits = 0;

  constructor(path: string, stored: StoredBytes) {
    this.path = path;
    this.stored = stored;
  }

  /** Where the next byte lies in the file that no bit was read of. */
  get position(): number {
    return this.stored.position + this.at;
  }

  /** Never more than seven bits are held, so that between streams all bytes have been seen. */
  get isAtEnd(): boolean {
    return this.at === this.chunk.length && !this.fill();
  }

  readonly read = (count: number | null): number => {
    if (count === null) {
      this.heldBits = 0;
      return 0;
    }
    if (count > 16) return (this.read(count - 16) << 16) | this.read(16);
    while (this.heldBits < count) {
      if (this.at === this.chunk.length && !this.fill()) this.failAtEnd();
      this.held = (this.held << 8) | this.chunk[this.at++]!;
      this.heldBits += 8;
    }
    this.heldBits -= count;
    return (this.held >>> this.heldBits) & ((1 << count) - 1);
  };

  private failAtEnd(): never {
    this.failure = corruptBzip2(this.path, `ends in the middle: it is cut off at byte ${this.position}`);
    throw this.failure;
  }

  private fill(): boolean {
    this.stored.skip(this.chunk.length);
    this.at = 0;
    try {
      this.chunk = this.stored.peek(CHUNK_BYTES);
    } catch (error) {
      this.failure = error;
      throw error;
    }
    return this.chunk.length > 0;
  }
}

function wrapped(path: string, start: number, position: number, cause: unknown): VocabError {
  const { message } = cause as Error;
  if (message === "No magic number found" && start > 0)
    return corruptBzip2(path, `has something else at byte ${start}, where a stream should begin`, cause);
  return corruptBzip2(path, `is damaged before byte ${position} (${MESSAGES[message] ?? message})`, cause);
}

/** The decoder makes fun of damaged files. */
const MESSAGES: Readonly<Record<string, string>> = {
  "No magic number found": "it does not begin as bzip2 does",
  "Error in bzip2: crc32 do not match": "a checksum is wrong",
  "eek not valid bzip data": "no block begins where one should",
  "another error": "a block has a number of code tables that none can have",
  meh: "a block has no selectors",
  "whoops another error": "a selector names no code table",
  "I gave up a while ago on writing error messages": "a code has a length that none can have",
  "meow i'm a kitty, that's an error": "a block has too few selectors",
  "rawr i'm a dinosaur": "a code is none of its table",
  "moo i'm a cow": "a code is none of its table",
  "Boom.": "a block is larger than the stream allows",
  "I can't think of anything. Error": "a block is larger than the stream allows",
  "I'm a monkey and I'm throwing something at someone, namely you": "a block begins outside itself",
};

function corruptBzip2(path: string, what: string, cause?: unknown): VocabError {
  return new VocabError("corrupt-bzip2", `${path}: the bzip2 data ${what}`, {
    cause,
    hint: "fetch or compress the file again; `bzip2 -t` checks it",
  });
}
