// The hot loop: cuts UTF-8 text into segments (text/cut-rule.ts) and counts them. Text arrives in pieces of any size;
// what has not ended yet waits in the buffer. One scanner serves one worker for all its files.

import { VocabError } from "../errors.ts";
import { isCutSpace } from "../text/cut-rule.ts";
import { cutsAt } from "./cut-document.ts";
import type { TextSink } from "./document-collector.ts";
import type { DocumentObserver } from "./document-observer.ts";
import { DOCUMENT_FACTOR_A, DOCUMENT_FACTOR_B, scanFast } from "./scan-loop.ts";
import {
  AT,
  AT_DOCUMENT_START,
  DOCUMENT_AT,
  type EndDocument,
  HASH_A,
  HASH_B,
  LONG_QUEUE_FULL,
  REACHED_LIMIT,
  TABLE_FULL,
  TEXT_PADDING,
} from "./scan-memory.ts";
import { DOCUMENT_START } from "./segment-counts.ts";
import { hashInline, hashLong, INLINE_BYTES, SegmentTable, type TableLimit } from "./segment-table.ts";

/** Text that the buffer holds at first: two reads, so that what waits from the last one seldom makes it grow. */
const TEXT_CAPACITY = 1 << 19;
const SPACE = 0x20;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;

/** Takes a segment too long for the table. The bytes are valid during the call only. */
export type LongSegmentSink = (
  bytes: Uint8Array,
  start: number,
  end: number,
  opensWithSpace: boolean,
) => void;

export interface ScannerOptions {
  /** Segments of more bytes go to `onLongSegment` instead of the table. */
  readonly longSegmentBytes: number;
  readonly onLongSegment: LongSegmentSink;
  /** Told of every document. */
  readonly sample: DocumentObserver;
  /** Larger documents are refused. */
  readonly maxDocumentBytes: number;
  /** Bytes that will be scanned, about: the table starts with room for their distinct segments. Default 16 MiB. */
  readonly expectedBytes?: number;
  /** How large the table may become. Default: as large as it must. */
  readonly limit?: TableLimit;
}

// Measured: a distinct segment each 50 bytes in 4 MB of English, each 220 in 120 MB of Persian. A table that is never full
// is looked up faster, but beyond 2²⁰ slots (32 MiB) only what is needed.
function slotsFor(bytes: number): number {
  return 2 ** Math.min(20, Math.max(14, Math.ceil(Math.log2(bytes / 24))));
}

export class SegmentScanner implements TextSink {
  readonly table: SegmentTable;
  documents = 0;

  private readonly options: ScannerOptions;
  private length = 0;
  /** Up to here the open segment is known not to end. */
  private searched = 0;
  /** Position in the file of the buffer's first byte. */
  private offset = 0;
  private file = "";
  private endsAtLines = true;
  private unflushed = 0;

  constructor(options: ScannerOptions) {
    this.options = options;
    this.table = new SegmentTable(
      (start, end, hashA, hashB) => this.endDocument(start, end, hashA, hashB),
      TEXT_CAPACITY,
      slotsFor(options.expectedBytes ?? 1 << 24),
      options.longSegmentBytes,
      options.limit,
    );
  }

  /** Begins a text. With `lines`, every line is a document; else the text is one, up to `end`. */
  begin(file: string, offset: number, lines: boolean): void {
    this.file = file;
    this.offset = offset;
    this.endsAtLines = lines;
    this.length = 0;
    this.table.memory.state[AT] = 0;
    this.searched = 0;
    this.beginDocument(0);
  }

  /** Room for at least `size` bytes, to be filled by the caller and then scanned by `advance`. */
  reserve(size: number): Uint8Array {
    this.dropScanned();
    const { textCapacity, slotMask } = this.table.memory;
    if (this.length + size > textCapacity)
      this.table.grow(slotMask + 1, Math.max(2 * textCapacity, this.length + size));
    const { text } = this.table.memory;
    return text.subarray(this.length, text.length - TEXT_PADDING);
  }

  /** Scans `size` more bytes, written to what `reserve` returned. Only ends of segments that are certain are taken. */
  advance(size: number): void {
    this.length += size;
    this.unflushed += size;
    if (this.unflushed > 2 ** 30) {
      this.table.flushFront();
      this.unflushed = 0;
    }
    this.scan(this.length - 1);
    // The last two bytes may be its line end.
    const start = this.table.memory.state[DOCUMENT_AT]!;
    if (this.length - start > this.options.maxDocumentBytes + 2) this.refuseDocument(start);
  }

  /** Ends the text: what is left is its last segment and document. */
  end(): void {
    // Any letter behind the text lets its last byte be judged; it is not part of the text.
    this.table.memory.text[this.length] = 0x78;
    this.scan(this.length);
    const { state } = this.table.memory;
    if (state[AT]! < this.length) {
      this.countSlow(state[AT]!, this.length);
      this.endDocument(state[DOCUMENT_AT]!, this.length, state[HASH_A]!, state[HASH_B]!);
    }
    // The next text may be written by `reserve` before it begins.
    this.begin("", 0, this.endsAtLines);
  }

  // Takes all segments whose end lies before `limit`; `limit` itself may be read.
  private scan(limit: number): void {
    for (;;) {
      const stop = this.scanFast(limit);
      if (stop === REACHED_LIMIT) return;
      if (stop === TABLE_FULL) this.table.growSlots();
      else if (stop !== LONG_QUEUE_FULL && !this.scanSlow(this.table.memory.state[AT]!, limit)) return;
    }
  }

  private scanFast(limit: number): number {
    const { memory } = this.table;
    if (memory.scan === undefined) return scanFast(this.table, limit, this.endsAtLines, this.endsDocument);
    const stop = memory.scan(limit, this.endsAtLines);
    this.table.addQueued();
    return stop;
  }

  private readonly endsDocument: EndDocument = (start, end, hashA, hashB) =>
    this.endDocument(start, end, hashA, hashB);

  // The same for one segment of any form, byte by byte. Returns false when `limit` comes before its end.
  private scanSlow(start: number, limit: number): boolean {
    const { text } = this.table.memory;
    let end = Math.max(start, this.searched);
    let byte = 0;
    let isLineEnd = false;
    for (; end < limit; end++) {
      byte = text[end]!;
      if (byte > SPACE) continue;
      isLineEnd =
        this.endsAtLines && (byte === LINE_FEED || (byte === RETURN && text[end + 1] === LINE_FEED));
      if (isLineEnd || (end > start && isCutSpace(byte) && cutsAt(text, end))) break;
    }
    this.searched = end < limit ? 0 : end;
    if (end >= limit) return false;
    if (end > start) this.countSlow(start, end);
    this.table.memory.state[AT] = isLineEnd
      ? this.nextDocument(end, byte === RETURN ? end + 2 : end + 1)
      : end;
    return true;
  }

  private countSlow(start: number, end: number): void {
    const { text, state } = this.table.memory;
    const opensWithSpace = state[AT_DOCUMENT_START] === 1 && isCutSpace(text[start]!);
    const isInline = end - start <= INLINE_BYTES && this.readInline(start, end);
    const [w0, w1, w2, w3] = this.words;
    // Equal texts have equal hashes whichever way they were scanned, since the sample of documents depends on them.
    const hash = isInline ? hashInline(w0!, w1!, w2!, w3!) : hashLong(text, start, end);
    state[AT_DOCUMENT_START] = 0;
    state[HASH_A] = Math.imul(state[HASH_A]! ^ hash, DOCUMENT_FACTOR_A);
    state[HASH_B] = Math.imul(state[HASH_B]!, DOCUMENT_FACTOR_B) + hash;
    if (end - start > this.options.longSegmentBytes)
      return this.options.onLongSegment(text, start, end, opensWithSpace);
    if (opensWithSpace) return this.countMarked(start, end, hash);
    if (isInline) this.table.addInline(w0!, w1!, w2!, w3!, hash, 1);
    else this.table.addLong(text, start, end, hash, 1);
  }

  // The hash of the plain text serves for the marked one: it only has to be the same each time.
  private countMarked(start: number, end: number, hash: number): void {
    const marked = new Uint8Array(end - start + 1);
    marked[0] = DOCUMENT_START;
    marked.set(this.table.memory.text.subarray(start, end), 1);
    this.table.addLong(marked, 0, marked.length, hash, 1);
  }

  private readonly words = new Int32Array(4);
  private readonly wordBytes = new Uint8Array(this.words.buffer);

  // Writes a segment of at most 16 bytes to `words`; false when it has a NUL, which an inline key cannot hold.
  private readInline(start: number, end: number): boolean {
    const { text } = this.table.memory;
    const bytes = this.wordBytes;
    this.words.fill(0);
    for (let i = start; i < end; i++) {
      if (text[i] === 0) return false;
      bytes[i - start] = text[i]!;
    }
    return true;
  }

  // Ends the document at `end` (none, when nothing of it was counted) and begins the next at `start`, which is returned.
  private nextDocument(end: number, start: number): number {
    const { state } = this.table.memory;
    if (state[AT_DOCUMENT_START] === 0)
      this.endDocument(state[DOCUMENT_AT]!, end, state[HASH_A]!, state[HASH_B]!);
    this.beginDocument(start);
    return start;
  }

  private beginDocument(at: number): void {
    const { state } = this.table.memory;
    state[DOCUMENT_AT] = at;
    state[AT_DOCUMENT_START] = 1;
    state[HASH_A] = 0;
    state[HASH_B] = 0;
  }

  private endDocument(start: number, end: number, hashA: number, hashB: number): void {
    if (end - start > this.options.maxDocumentBytes) this.refuseDocument(start);
    this.documents++;
    this.options.sample.offer(hashA, hashB, this.table.memory.text, start, end, this.offset);
  }

  // Moves what is still needed to the front of the buffer: the open segment, and the open document while it is small
  // enough for the sample to keep. The start of a document that is dropped is a negative position.
  private dropScanned(): void {
    const { state, text } = this.table.memory;
    const at = state[AT]!;
    const documentAt = state[DOCUMENT_AT]!;
    const from = documentAt >= 0 && at - documentAt <= this.options.sample.keepBytes ? documentAt : at;
    if (from === 0) return;
    text.copyWithin(0, from, this.length);
    this.length -= from;
    state[AT] = at - from;
    state[DOCUMENT_AT] = documentAt - from;
    this.searched = Math.max(0, this.searched - from);
    this.offset += from;
  }

  private refuseDocument(start: number): never {
    throw new VocabError(
      "document-too-large",
      `${this.file}: the document at byte ${this.offset + start} is larger than ${this.options.maxDocumentBytes} bytes`,
      { hint: "raise --max-document-bytes, or choose another --unit if the file has no line ends" },
    );
  }
}
