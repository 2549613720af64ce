// Divides a corpus into training text and held-out text while it is counted. Everything is counted once; the documents
// that are held out are scanned again into a table of their own, which is taken off at the end.

import { createHash } from "node:crypto";
import type { DocumentObserver } from "./document-observer.ts";
import { type DocumentSample, documentKey } from "./document-sample.ts";
import { LONG_SEGMENT_BYTES, type LongSegments } from "./long-segments.ts";
import { DOCUMENT_START, type SegmentCounts } from "./segment-counts.ts";
import { SegmentScanner } from "./segment-scanner.ts";
import { hashLong } from "./segment-table.ts";

/**
 * Which documents leave the training text.
 * - `rule`: one in `every`, chosen by a seeded hash of the text, so that equal documents go the same way, whatever the
 *   order of the files and the number of workers;
 * - `all`: every one, and their digests are listed;
 * - `listed`: those that were listed before.
 */
export type DocumentSplit =
  | { readonly kind: "rule"; readonly every: number; readonly seed: number }
  | { readonly kind: "all" }
  | { readonly kind: "listed"; readonly list: DocumentList };

/** Documents by content: a quick key of each, and the SHA-256 of its bytes. */
export interface DocumentList {
  readonly keys: Float64Array;
  /** 32 bytes a document. */
  readonly digests: Uint8Array;
}

export interface HeldOutCounts {
  readonly counts: SegmentCounts;
  readonly documents: number;
  /** Filled where the split is `all`; a document stands in it as often as in the text. */
  readonly list: DocumentList;
}

/** Larger documents are never held out by rule: up to here they are kept in memory until their hash is known. */
export const MAX_HELD_OUT_DOCUMENT_BYTES = 16 * 1024 * 1024;

const DIGEST_BYTES = 32;

export class DocumentSplitter implements DocumentObserver {
  readonly keepBytes: number;
  private readonly split: DocumentSplit;
  private readonly sample: DocumentSample;
  private readonly training: LongSegments;
  private readonly heldOut: SegmentScanner;
  private readonly listed = new Map<number, string[]>();
  private readonly keys: number[] = [];
  private readonly digests: Buffer[] = [];
  /** Long segments of the document that has not ended: the borders of each in `pending`, and whether it opens with space. */
  private pending = new Uint8Array(1 << 16);
  private pendingSize = 0;
  private readonly borders: number[] = [];

  /**
   * @param sample gets the documents that are held out
   * @param training gets the long segments of the others
   */
  constructor(
    split: DocumentSplit,
    sample: DocumentSample,
    training: LongSegments,
    maxDocumentBytes: number,
  ) {
    this.split = split;
    this.sample = sample;
    this.training = training;
    this.keepBytes =
      split.kind === "rule" ? Math.min(MAX_HELD_OUT_DOCUMENT_BYTES, maxDocumentBytes) : maxDocumentBytes;
    this.heldOut = new SegmentScanner({
      longSegmentBytes: LONG_SEGMENT_BYTES,
      onLongSegment: (bytes, start, end, opens) => this.countLong(bytes, start, end, opens),
      sample: { keepBytes: 0, offer: () => {} },
      maxDocumentBytes: Number.MAX_SAFE_INTEGER,
      expectedBytes: 0,
    });
    if (split.kind === "listed") this.index(split.list);
  }

  /** A long segment of the document that is being scanned. */
  addLong(bytes: Uint8Array, start: number, end: number, opensWithSpace: boolean): void {
    const size = end - start;
    if (this.pendingSize + size > this.pending.length) {
      const larger = new Uint8Array(2 * (this.pendingSize + size));
      larger.set(this.pending.subarray(0, this.pendingSize));
      this.pending = larger;
    }
    this.pending.set(bytes.subarray(start, end), this.pendingSize);
    this.borders.push(this.pendingSize, this.pendingSize + size, opensWithSpace ? 1 : 0);
    this.pendingSize += size;
    // A document of this size stays in the training text.
    if (this.pendingSize > this.keepBytes) this.releasePending();
  }

  offer(
    hashA: number,
    hashB: number,
    buffer: Uint8Array,
    start: number,
    end: number,
    bufferOffset: number,
  ): void {
    if (start < 0 || !this.leaves(hashA, hashB, buffer, start, end)) return this.releasePending();
    this.borders.length = 0;
    this.pendingSize = 0;
    this.sample.offer(hashA, hashB, buffer, start, end, bufferOffset);
    this.heldOut.begin("", 0, false);
    this.heldOut.reserve(end - start).set(buffer.subarray(start, end));
    this.heldOut.advance(end - start);
    this.heldOut.end();
  }

  result(): HeldOutCounts {
    return {
      counts: this.heldOut.table.export(),
      documents: this.heldOut.documents,
      list: { keys: Float64Array.from(this.keys), digests: Uint8Array.from(Buffer.concat(this.digests)) },
    };
  }

  private leaves(hashA: number, hashB: number, buffer: Uint8Array, start: number, end: number): boolean {
    const { split } = this;
    if (split.kind === "rule") {
      const key = documentKey(hashA, hashB, end - start, split.seed);
      return end - start <= this.keepBytes && key % split.every === 0;
    }
    const key = documentKey(hashA, hashB, end - start, 0);
    if (split.kind === "listed")
      return this.listed.get(key)?.includes(digestOf(buffer, start, end).toString("hex")) === true;
    this.keys.push(key);
    this.digests.push(digestOf(buffer, start, end));
    return true;
  }

  private index({ keys, digests }: DocumentList): void {
    const bytes = Buffer.from(digests.buffer, digests.byteOffset, digests.byteLength);
    keys.forEach((key, i) => {
      const digest = bytes.toString("hex", i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES);
      this.listed.set(key, [...(this.listed.get(key) ?? []), digest]);
    });
  }

  private releasePending(): void {
    const { borders } = this;
    for (let i = 0; i < borders.length; i += 3)
      this.training.add(this.pending, borders[i]!, borders[i + 1]!, borders[i + 2] === 1);
    borders.length = 0;
    this.pendingSize = 0;
  }

  private countLong(bytes: Uint8Array, start: number, end: number, opensWithSpace: boolean): void {
    const { table } = this.heldOut;
    if (!opensWithSpace) return table.addLong(bytes, start, end, hashLong(bytes, start, end), 1);
    const marked = new Uint8Array(end - start + 1);
    marked[0] = DOCUMENT_START;
    marked.set(bytes.subarray(start, end), 1);
    table.addLong(marked, 0, marked.length, hashLong(bytes, start, end), 1);
  }
}

function digestOf(buffer: Uint8Array, start: number, end: number): Buffer {
  return createHash("sha256").update(buffer.subarray(start, end)).digest();
}

/** The lists of several workers as one, each document once, in order of digest. */
export function mergeLists(lists: readonly DocumentList[]): DocumentList {
  const keyOf = new Map<string, number>();
  for (const { keys, digests } of lists) {
    const bytes = Buffer.from(digests.buffer, digests.byteOffset, digests.byteLength);
    keys.forEach((key, i) => {
      keyOf.set(bytes.toString("hex", i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES), key);
    });
  }
  const digests = [...keyOf.keys()].sort();
  return {
    keys: Float64Array.from(digests, (digest) => keyOf.get(digest)!),
    digests: Uint8Array.from(Buffer.from(digests.join(""), "hex")),
  };
}
