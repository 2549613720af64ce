// The documents from which intervals are computed: those with the smallest seeded hashes, so that any number of workers
// and any order of the files choose the same ones ("bottom-k" sampling, Cohen and Kaplan 2007).

import type { DocumentObserver } from "./document-observer.ts";

export interface SampledDocument {
  /** Seeded hash, an integer of 53 bits. */
  readonly hash: number;
  /** The document; undefined when it was too large to keep. */
  readonly bytes: Uint8Array | undefined;
  /** Index of its file, and where it lies in the (decompressed) file, in bytes. */
  readonly file: number;
  readonly offset: number;
  readonly length: number;
}

/** Sampled documents up to this size are kept in memory, … */
const KEEP_DOCUMENT_BYTES = 64 * 1024;
/** … as long as all of them together stay below this; the others are read again from their files. */
const KEEP_TOTAL_BYTES = 48 * 1024 * 1024;

// A sampled document while counting goes on: its bytes lie in the arena, or nowhere (start -1).
interface Entry {
  readonly hash: number;
  readonly file: number;
  readonly offset: number;
  readonly length: number;
  start: number;
}

export class DocumentSample implements DocumentObserver {
  readonly keepBytes: number;
  private readonly capacity: number;
  private readonly seed: number;
  /** Documents that may belong to the sample: at most twice as many as it has. */
  private readonly held: Entry[] = [];
  /** No document of a larger hash belongs to the sample. */
  private limit = Number.POSITIVE_INFINITY;
  private arena = new Uint8Array(1 << 20);
  private arenaLength = 0;
  private keptBytes = 0;
  private file = 0;

  constructor(capacity: number, seed: number) {
    this.capacity = capacity;
    this.seed = seed;
    this.keepBytes = capacity > 0 ? KEEP_DOCUMENT_BYTES : 0;
  }

  /** The file, by its index, that the documents offered from now on come from. */
  enterFile(file: number): void {
    this.file = file;
  }

  offer(
    hashA: number,
    hashB: number,
    buffer: Uint8Array,
    start: number,
    end: number,
    bufferOffset: number,
  ): void {
    if (this.capacity === 0) return;
    const hash = documentKey(hashA, hashB, end - start, this.seed);
    if (hash > this.limit) return;
    const entry = { hash, file: this.file, offset: bufferOffset + start, length: end - start, start: -1 };
    if (start >= 0) this.keep(entry, buffer, start, end);
    this.held.push(entry);
    if (this.held.length >= 2 * this.capacity) this.select();
  }

  // Keeps the first in order. Doing so once in a while costs less than a heap, which moves for every document taken.
  private select(): void {
    this.held.sort(byHashAndPlace);
    for (const entry of this.held.splice(this.capacity)) if (entry.start >= 0) this.keptBytes -= entry.length;
    if (this.capacity > 0 && this.held.length === this.capacity)
      this.limit = this.held[this.capacity - 1]!.hash;
  }

  /** The sample, in order of hash; equal hashes in order of place. All bytes lie in one buffer, to be moved between threads. */
  documents(): SampledDocument[] {
    this.select();
    const bytesOf = (entry: Entry) =>
      entry.start < 0 ? undefined : this.arena.subarray(entry.start, entry.start + entry.length);
    return sortSample(
      this.held.map((entry) => ({
        hash: entry.hash,
        file: entry.file,
        offset: entry.offset,
        length: entry.length,
        bytes: bytesOf(entry),
      })),
    );
  }

  private keep(entry: Entry, buffer: Uint8Array, start: number, end: number): void {
    if (entry.length > KEEP_DOCUMENT_BYTES || this.keptBytes + entry.length > KEEP_TOTAL_BYTES) return;
    if (this.arenaLength + entry.length > this.arena.length) this.compact(entry.length);
    this.arena.set(buffer.subarray(start, end), this.arenaLength);
    entry.start = this.arenaLength;
    this.arenaLength += entry.length;
    this.keptBytes += entry.length;
  }

  // Drops the bytes of documents that left the sample, into an arena with room for as much again.
  private compact(needed: number): void {
    const arena = new Uint8Array(Math.max(1 << 20, 2 * (this.keptBytes + needed)));
    let length = 0;
    for (const entry of this.held) {
      if (entry.start < 0) continue;
      arena.set(this.arena.subarray(entry.start, entry.start + entry.length), length);
      entry.start = length;
      length += entry.length;
    }
    this.arena = arena;
    this.arenaLength = length;
  }
}

/** The `capacity` documents of smallest hash out of the samples of several workers. */
export function mergeSamples(
  samples: readonly (readonly SampledDocument[])[],
  capacity: number,
): SampledDocument[] {
  return sortSample(samples.flat()).slice(0, capacity);
}

function sortSample(documents: SampledDocument[]): SampledDocument[] {
  return documents.sort(byHashAndPlace);
}

// Equal texts have equal hashes: their place decides, so that any workers keep the same ones.
function byHashAndPlace(
  a: Pick<SampledDocument, "hash" | "file" | "offset">,
  b: Pick<SampledDocument, "hash" | "file" | "offset">,
): number {
  return a.hash - b.hash || a.file - b.file || a.offset - b.offset;
}

/** A seeded hash of a document of 53 bits, from the two hashes of its segments: equal texts have equal ones. */
export function documentKey(a: number, b: number, length: number, seed: number): number {
  const high = mix(a ^ mix(seed ^ 0x5bd1e995));
  const low = mix(b ^ mix(length ^ Math.imul(seed, 0x9e3779b1)) ^ high);
  return (high >>> 0) * 2 ** 21 + (low >>> 11);
}

// The finalizer of MurmurHash3 (Appleby), which spreads every bit over all 32.
function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
