// Hashes a file while a decoder reads it, so that it is read once.

import { createHash } from "node:crypto";
import type { CorpusFile } from "../corpus/files.ts";
import { HASH_CHUNK_BYTES } from "../corpus/shards.ts";
import type { OnStored } from "../io/read-chunks.ts";
import { readStored } from "./hash-range.ts";

/** SHA-256 of a chunk of stored bytes, and where it starts. */
export interface StoredDigest {
  readonly start: number;
  readonly digest: Uint8Array;
}

/** The hashes of a file's chunks, in order. What lies behind the size that was listed is no part of it. */
export class StoredHash {
  private readonly file: Pick<CorpusFile, "path" | "size">;
  private readonly chunkBytes: number;
  private readonly digests: StoredDigest[] = [];
  private hash = createHash("sha256");
  /** Where the open chunk starts, and the byte that comes next. */
  private start = 0;
  private next = 0;

  /** @param chunkBytes default: that of corpus.sha256 */
  constructor(file: Pick<CorpusFile, "path" | "size">, chunkBytes = HASH_CHUNK_BYTES) {
    this.file = file;
    this.chunkBytes = chunkBytes;
  }

  /** Bytes that were taken before are passed over: a file may be read twice, from its beginning. */
  readonly take: OnStored = (bytes, offset) => {
    if (offset > this.next) return;
    const end = Math.min(this.file.size, offset + bytes.length);
    while (this.next < end) {
      const until = Math.min(end, this.start + this.chunkBytes);
      this.hash.update(bytes.subarray(this.next - offset, until - offset));
      this.next = until;
      if (until === this.start + this.chunkBytes) this.closeChunk();
    }
  };

  /**
   * Reads what no decoder had to read. To be called once.
   * @throws VocabError `file-changed` where the file is shorter than was listed, `unreadable`
   */
  end(): readonly StoredDigest[] {
    const { path, size } = this.file;
    if (this.next < size) readStored(path, this.next, size, this.take);
    // An empty file has one chunk.
    if (this.next > this.start || size === 0) this.closeChunk();
    return this.digests;
  }

  private closeChunk(): void {
    this.digests.push({ start: this.start, digest: this.hash.digest() });
    this.hash = createHash("sha256");
    this.start = this.next;
  }
}
