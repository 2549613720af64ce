// Reads a compressed file as the bytes that were compressed, whatever the way.

import { PieceOutput } from "./piece-output.ts";
import { decodeBzip2 } from "./read-bzip2.ts";
import { type ReadListeners, type Reserve, readGzip, type Take } from "./read-chunks.ts";
import { decodeXz } from "./read-xz.ts";
import { decodeZstd } from "./read-zstd.ts";
import { StoredBytes } from "./stored-bytes.ts";
import { type FileToRead, pathOf } from "./stored-file.ts";

export type Compression = "gzip" | "zstd" | "xz" | "bzip2";

type Decoder = (path: string, stored: StoredBytes, output: PieceOutput) => Promise<void>;

// gzip is Node's own, which reads the file by itself.
const DECODERS: Readonly<Record<Exclude<Compression, "gzip">, Decoder>> = {
  zstd: decodeZstd,
  xz: decodeXz,
  bzip2: decodeBzip2,
};

/**
 * Reads all members, frames or streams of the file in pieces, in bounded memory.
 * @throws VocabError `corrupt-gzip`, `corrupt-zstd`, `corrupt-xz`, `corrupt-bzip2`, `unreadable`, …
 */
export async function readCompressed(
  file: FileToRead,
  compression: Compression,
  reserve: Reserve,
  take: Take,
  listeners: ReadListeners = {},
): Promise<void> {
  if (compression === "gzip") return await readGzip(file, reserve, take, listeners);
  const stored = new StoredBytes(file, listeners);
  try {
    await DECODERS[compression](pathOf(file), stored, new PieceOutput(reserve, take));
  } finally {
    stored.close();
  }
}
