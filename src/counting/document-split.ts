// Divides a corpus into training text and held-out text while it is counted. Everything is counted once; the documents
// that are held out are scanned again into a table of their own, which is taken off at the end.

import { DocumentChooser, type DocumentList, type DocumentSplit } from "./document-chooser.ts";
import type { DocumentObserver } from "./document-observer.ts";
import type { DocumentSample } from "./document-sample.ts";
import { LONG_SEGMENT_BYTES, type LongSegments } from "./long-segments.ts";
import { DOCUMENT_START, type SegmentCounts } from "./segment-counts.ts";
import { SegmentScanner } from "./segment-scanner.ts";
import { hashLong } from "./segment-table.ts";

export interface HeldOutCounts {
  readonly counts: SegmentCounts;
  readonly documents: number;
  /** Filled where the split is `all`; a document stands in it as often as in the text. */
  readonly list: DocumentList;
}

export class DocumentSplitter implements DocumentObserver {
  readonly keepBytes: number;
  private readonly chooser: DocumentChooser;
  private readonly sample: DocumentSample;
  private readonly training: LongSegments;
  /** What is held out. */
  readonly heldOut: SegmentScanner;
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
    this.chooser = new DocumentChooser(split, maxDocumentBytes);
    this.sample = sample;
    this.training = training;
    this.keepBytes = this.chooser.keepBytes;
    this.heldOut = new SegmentScanner({
      longSegmentBytes: LONG_SEGMENT_BYTES,
      onLongSegment: (bytes, start, end, opens) => this.countLong(bytes, start, end, opens),
      sample: { keepBytes: 0, offer: () => {} },
      maxDocumentBytes: Number.MAX_SAFE_INTEGER,
      expectedBytes: 0,
    });
  }

  /** A long segment of the document that is being scanned. */
  add(bytes: Uint8Array, start: number, end: number, opensWithSpace: boolean): void {
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
    if (!this.chooser.takes(hashA, hashB, buffer, start, end)) return this.releasePending();
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
      list: this.chooser.list(),
    };
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
