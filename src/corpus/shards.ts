// Divides the files of a corpus into shards: the units of work that workers take one after another.

import type { CorpusFile } from "./files.ts";

/** How much of a text file is one shard. Small enough that two workers end at about the same time. */
const SHARD_BYTES = 8 * 1024 * 1024;
/** The same on a hub, where each shard is a request and its end fetches more than is read. */
const REMOTE_SHARD_BYTES = 64 * 1024 * 1024;

/** Chunk of a file whose SHA-256 is taken by itself, so that a file can be hashed in parallel (CONTRACT, corpus.sha256). */
export const HASH_CHUNK_BYTES = 64 * 1024 * 1024;

/**
 * `text`: count the documents that begin in `[start, end)`; of a parquet file, those of the row groups whose text begins
 * there. `hash`: digest the stored bytes `[start, end)`. The text of a compressed file brings its digests with it.
 */
export interface Shard {
  readonly task: "text" | "hash";
  /** Index of the file in the corpus. */
  readonly file: number;
  readonly start: number;
  readonly end: number;
}

/**
 * An unfinished count goes on by the numbers of its shards: a change here needs another name of its schema (StoredJob).
 * @param splitsFiles whether documents end at line ends, so that a plain file can be read from the middle
 */
export function planShards(files: readonly CorpusFile[], splitsFiles: boolean): Shard[] {
  const shards: Shard[] = [];
  files.forEach((file, index) => {
    const shardBytes = file.remote === undefined ? SHARD_BYTES : REMOTE_SHARD_BYTES;
    const step = canSplit(file, splitsFiles) ? shardBytes : Number.MAX_SAFE_INTEGER;
    const text = ranges(file.size, step).map(
      ([start, end]): Shard => ({ task: "text", file: index, start, end }),
    );
    // The hub says what its hash is.
    const hasOwnHash = file.remote === undefined && !isHashedByText(file);
    const hash = hasOwnHash ? ranges(file.size, HASH_CHUNK_BYTES) : [];
    const digests = hash.map(([start, end]): Shard => ({ task: "hash", file: index, start, end }));
    // Each chunk is hashed behind the text that lies in it, while the system still has it in memory.
    shards.push(...[...text, ...digests].sort((a, b) => a.end - b.end));
  });
  return shards;
}

/** Whether a text shard reads all that is stored, so that it is hashed on the way and read once. */
export function isHashedByText({ compression, remote }: CorpusFile): boolean {
  return compression !== undefined && remote === undefined;
}

// A sentence of a treebank has many lines, and its errors name them.
function canSplit({ format, compression }: CorpusFile, splitsFiles: boolean): boolean {
  if (format === "parquet") return true;
  return compression === undefined && (format === "jsonl" || (format === "txt" && splitsFiles));
}

function ranges(size: number, step: number): [start: number, end: number][] {
  const result: [number, number][] = [];
  for (let start = 0; start < size; start += step) result.push([start, Math.min(size, start + step)]);
  return result.length > 0 ? result : [[0, 0]];
}
