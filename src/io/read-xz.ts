// Decompresses an xz file with xz-decompress, which has the decoder of the Linux kernel as WebAssembly. It checks CRC32 and
// CRC64, and reads several streams one behind the other.

import { createRequire } from "node:module";
import { ReadableStream } from "node:stream/web";
import type Xz from "xz-decompress";
import { VocabError } from "../errors.ts";
import type { PieceOutput } from "./piece-output.ts";
import { CHUNK_BYTES } from "./read-chunks.ts";
import type { StoredBytes } from "./stored-bytes.ts";

/** @throws VocabError `corrupt-xz` when it is cut off or damaged, `xz-options`, `unreadable` */
export async function decodeXz(path: string, stored: StoredBytes, output: PieceOutput): Promise<void> {
  if (stored.isAtEnd) throw corruptXz(path, CUT_OFF);
  await passAll(path, stored, output);
}

async function passAll(path: string, stored: StoredBytes, output: PieceOutput): Promise<void> {
  // A CommonJS module, whose names an import does not see.
  const { XzReadableStream } = createRequire(import.meta.url)("xz-decompress") as typeof Xz;
  const reader = new XzReadableStream(storedStream(stored)).getReader();
  try {
    while (!output.isDone) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw wrapped(path, stored.position, cause);
      });
      if (done) return;
      output.pass(value);
    }
  } finally {
    // Only one file is decoded at a time: the next one would wait for this one for ever.
    await reader.cancel().catch(() => {});
  }
}

function storedStream(stored: StoredBytes): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const bytes = stored.peek(CHUNK_BYTES);
        if (bytes.length === 0) return controller.close();
        controller.enqueue(bytes.slice());
        stored.skip(bytes.length);
      },
    },
    { highWaterMark: 0 },
  );
}

const CUT_OFF = "ends in the middle: it is cut off";

/** The codes of the decoder, which is XZ Embedded. */
const REASONS: Readonly<Record<string, string>> = {
  "5": "something stands where a stream should begin that is none",
  "7": "a checksum or the data is wrong",
};

// What reading or the caller throw stays what it is.
function wrapped(path: string, position: number, cause: unknown): unknown {
  const { message } = cause as Error;
  const code = /error code (\d+)$/.exec(message)?.[1];
  if (code === undefined && (cause as Error).name !== "RuntimeError") return cause;
  if (code === "8") return corruptXz(path, `${CUT_OFF}, or something else follows it`, cause);
  if (code === "4" || code === "6")
    return new VocabError(
      "xz-options",
      `${path}: the xz data needs ${code === "4" ? "a dictionary above 64 MiB" : "a filter or a check other than LZMA2, CRC32 and CRC64"}`,
      { cause, hint: "compress it again: `xz -dc FILE | xz -6 > OTHER`" },
    );
  return corruptXz(path, `is damaged before byte ${position} (${REASONS[code ?? ""] ?? message})`, cause);
}

function corruptXz(path: string, what: string, cause?: unknown): VocabError {
  return new VocabError("corrupt-xz", `${path}: the xz data ${what}`, {
    cause,
    hint: "fetch or compress the file again; `xz -t` checks it",
  });
}
