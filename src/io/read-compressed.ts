// Reads a compressed file as the bytes that were compressed, whatever the way.

import { readBzip2 } from "./read-bzip2.ts";
import { type OnBytes, type Reserve, readGzip, type Take } from "./read-chunks.ts";
import { readXz } from "./read-xz.ts";
import { readZstd } from "./read-zstd.ts";
import type { FileToRead } from "./stored-file.ts";

export type Compression = "gzip" | "zstd" | "xz" | "bzip2";

type Reader = (file: FileToRead, reserve: Reserve, take: Take, onBytes?: OnBytes) => Promise<void>;

const READERS: Readonly<Record<Compression, Reader>> = {
  gzip: readGzip,
  zstd: readZstd,
  xz: readXz,
  bzip2: readBzip2,
};

/**
 * Reads all members, frames or streams of the file in pieces, in bounded memory.
 * @throws VocabError `corrupt-gzip`, `corrupt-zstd`, `corrupt-xz`, `corrupt-bzip2`, `unreadable`, …
 */
export function readCompressed(
  file: FileToRead,
  compression: Compression,
  reserve: Reserve,
  take: Take,
  onBytes?: OnBytes,
): Promise<void> {
  return READERS[compression](file, reserve, take, onBytes);
}
