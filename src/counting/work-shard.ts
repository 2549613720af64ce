// What there is to do with a shard: its documents go to the scanner, its stored bytes into a hash, or both at once.

import { statSync } from "node:fs";
import type { CorpusFile } from "../corpus/files.ts";
import { isHashedByText, type Shard } from "../corpus/shards.ts";
import { VocabError } from "../errors.ts";
import { countShard, type ReadOptions } from "./count-shard.ts";
import type { TextSink } from "./document-collector.ts";
import { becameShorter, hashRange } from "./hash-range.ts";
import { StoredHash } from "./stored-hash.ts";

export interface ChunkDigest {
  readonly file: number;
  readonly start: number;
  /** SHA-256 of the chunk's stored bytes. */
  readonly digest: Uint8Array;
}

export interface WorkedShard {
  /** Ill-formed sequences that were replaced, or documents skipped. */
  readonly invalid: number;
  readonly digests: readonly ChunkDigest[];
}

/** @throws VocabError as `countShard`, or `file-changed` */
export async function workShard(
  sink: TextSink,
  files: readonly CorpusFile[],
  shard: Shard,
  read: ReadOptions,
): Promise<WorkedShard> {
  const { file: index, start, end } = shard;
  const file = files[index]!;
  if (shard.task === "hash")
    return { invalid: 0, digests: [{ file: index, start, digest: hashRange(file.path, start, end) }] };
  if (!isHashedByText(file)) return { invalid: await countText(sink, file, shard, read), digests: [] };
  const hash = new StoredHash(file);
  const invalid = await countText(sink, file, shard, { ...read, onStored: hash.take });
  return { invalid, digests: hash.end().map((digest) => ({ file: index, ...digest })) };
}

// What is wrong with a file that became shorter while it was read is that, whatever it looks like.
async function countText(sink: TextSink, file: CorpusFile, shard: Shard, read: ReadOptions): Promise<number> {
  try {
    return await countShard(sink, file, shard, read);
  } catch (error) {
    const size = file.remote === undefined ? statSync(file.path, { throwIfNoEntry: false })?.size : undefined;
    if (!(error instanceof VocabError) || size === undefined || size >= file.size) throw error;
    throw becameShorter(file.path, size);
  }
}
