// Reads a compressed file as the bytes that were compressed, whatever the way.

import { readBzip2 } from "./read-bzip2.ts";
import { type OnBytes, type Reserve, readGzip, type Take } from "./read-chunks.ts";
import { readXz } from "./read-xz.ts";
import { readZstd } from "./read-zstd.ts";

export type Compression = "gzip" | "zstd" | "xz" | "bzip2";

type Reader = (path: string, reserve: Reserve, take: Take, onBytes?: OnBytes) => Promise<void>;

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
  path: string,
  compression: Compression,
  reserve: Reserve,
  take: Take,
  onBytes?: OnBytes,
): Promise<void> {
  return READERS[compression](path, reserve, take, onBytes);
}
