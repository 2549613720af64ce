// What there is to do with a shard: its documents go to the scanner, its stored bytes into a hash, or both at once.

import type { CorpusFile } from "../corpus/files.ts";
import { isHashedByText, type Shard } from "../corpus/shards.ts";
import { countShard, type ReadOptions } from "./count-shard.ts";
import type { TextSink } from "./document-collector.ts";
import { hashRange } from "./hash-range.ts";
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
  if (!isHashedByText(file)) return { invalid: await countShard(sink, file, shard, read), digests: [] };
  const hash = new StoredHash(file);
  const invalid = await countShard(sink, file, shard, { ...read, onStored: hash.take });
  return { invalid, digests: hash.end().map((digest) => ({ file: index, ...digest })) };
}
