// How the bytes of a shard are read: a range of a plain file, or a whole compressed one.

import type { CorpusFile } from "../corpus/files.ts";
import type { Shard } from "../corpus/shards.ts";
import { limitExpansion } from "../io/expansion-limit.ts";
import { readRange } from "../io/read-chunks.ts";
import { readCompressed } from "../io/read-compressed.ts";
import { readLineRange } from "../io/read-lines.ts";
import type { ReadOptions } from "./count-shard.ts";
import type { Read } from "./file-lines.ts";

/** @param isByLine whether documents are lines, so that a range is read from the first that begins in it */
export function shardReader(
  file: CorpusFile,
  { start, end }: Pick<Shard, "start" | "end">,
  isByLine: boolean,
  { onBytes, onStored, maxExpansion }: Pick<ReadOptions, "onBytes" | "onStored" | "maxExpansion">,
): Read {
  const { compression, path, size } = file;
  return (reserve, take, told = onBytes) => {
    if (compression !== undefined) {
      const limited = limitExpansion(path, size, maxExpansion, take);
      return readCompressed(file, compression, reserve, limited, { onBytes: told, onStored });
    }
    if (isByLine) return readLineRange(file, start, end, reserve, take, told);
    return readRange(file, start, end, reserve, take, told);
  };
}
