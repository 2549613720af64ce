// The hot loop: cuts UTF-8 text into segments (text/cut-rule.ts) and counts them. Text arrives in pieces of any size;
// what has not ended yet waits in the buffer. One scanner serves one worker for all its files.

import { VocabError } from "../errors.ts";
import { cutKindBefore, cutKindOfPair, isCutSpace, NO_CUT, UNDECIDED } from "../text/cut-rule.ts";
import { cutsAt } from "./cut-document.ts";
import type { TextSink } from "./document-collector.ts";
import type { DocumentSample } from "./document-sample.ts";
import { DOCUMENT_START } from "./segment-counts.ts";
import {
  FRONT_MASK,
  FRONT_WORDS,
  hashInline,
  hashLong,
  INLINE_BYTES,
  SegmentTable,
} from "./segment-table.ts";

/** The loop reads whole 32-bit words, so up to this many bytes past the text. */
const PADDING = 32;
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
  readonly sample: DocumentSample;
  /** Larger documents are refused. */
  readonly maxDocumentBytes: number;
}

export class SegmentScanner implements TextSink {
  readonly table = new SegmentTable();
  documents = 0;

  private readonly options: ScannerOptions;
  private buffer = new Uint8Array((1 << 18) + PADDING);
  private view = new DataView(this.buffer.buffer);
  private length = 0;
  /** Start of the segment, and of the document, that the buffer begins with or has reached. */
  private at = 0;
  private documentAt = 0;
  /** Up to here the open segment is known not to end. */
  private searched = 0;
  /** Position in the file of the buffer's first byte. */
  private offset = 0;
  private file = "";
  private atDocumentStart = true;
  private endsAtLines = true;
  private hashA = 0;
  private hashB = 0;
  private unflushed = 0;

  constructor(options: ScannerOptions) {
    this.options = options;
  }

  /** Begins a text. With `lines`, every line is a document; else the text is one, up to `end`. */
  begin(file: string, offset: number, lines: boolean): void {
    this.file = file;
    this.offset = offset;
    this.endsAtLines = lines;
    this.length = 0;
    this.at = 0;
    this.searched = 0;
    this.beginDocument(0);
  }

  /** Room for at least `size` bytes, to be filled by the caller and then scanned by `advance`. */
  reserve(size: number): Uint8Array {
    this.dropScanned();
    if (this.length + size + PADDING > this.buffer.length) {
      const larger = new Uint8Array(Math.max(2 * this.buffer.length, this.length + size + PADDING));
      larger.set(this.buffer.subarray(0, this.length));
      this.buffer = larger;
      this.view = new DataView(larger.buffer);
    }
    return this.buffer.subarray(this.length, this.buffer.length - PADDING);
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
    if (this.length - this.documentAt > this.options.maxDocumentBytes + 2) this.refuseDocument();
  }

  /** Ends the text: what is left is its last segment and document. */
  end(): void {
    // Any letter behind the text lets its last byte be judged; it is not part of the text.
    this.buffer[this.length] = 0x78;
    this.scan(this.length);
    if (this.at < this.length) {
      this.countSlow(this.at, this.length);
      this.endDocument(this.length, this.hashA, this.hashB);
    }
    // The next text may be written by `reserve` before it begins.
    this.begin("", 0, this.endsAtLines);
  }

  // Takes all segments whose end lies before `limit`; `limit` itself may be read. The first byte of a segment never ends it
  // and is masked; every other byte below 0x21 ends it or sends it to the slow way. The state of the document is kept in
  // locals between two slow segments: stores to fields cost a fifth of the loop.
  private scan(limit: number): void {
    const { view, buffer, table, endsAtLines } = this;
    const front = table.front;
    let { at: p, hashA, hashB, atDocumentStart } = this;
    while (p < limit) {
      let w0 = view.getInt32(p, true);
      let w1 = 0;
      let w2 = 0;
      let w3 = 0;
      let word = p;
      let low = lowBytes(w0 | 0xff);
      if (low === 0) {
        word = p + 4;
        w1 = view.getInt32(word, true);
        low = lowBytes(w1);
        if (low === 0) {
          word = p + 8;
          w2 = view.getInt32(word, true);
          low = lowBytes(w2);
          if (low === 0) {
            word = p + 12;
            w3 = view.getInt32(word, true);
            low = lowBytes(w3);
          }
        }
      }
      const i = firstByte(low);
      const q = word + i;
      const byte = low !== 0 && q > p + 1 && q < limit ? buffer[q]! : 0;
      const ends = byte === SPACE ? cutsBeforeBlank(buffer, view, q) : byte === LINE_FEED && endsAtLines;
      if (!ends || (atDocumentStart && buffer[p]! <= SPACE)) {
        this.hashA = hashA;
        this.hashB = hashB;
        this.atDocumentStart = atDocumentStart;
        p = this.scanSlow(p, limit);
        if (p < 0) return;
        ({ hashA, hashB, atDocumentStart } = this);
        continue;
      }
      const mask = (1 << (i << 3)) - 1;
      if (word === p + 4) w1 &= mask;
      else if (word === p + 8) w2 &= mask;
      else if (word === p) w0 &= mask;
      else w3 &= mask;
      const hash = hashInline(w0, w1, w2, w3);
      hashA = Math.imul(hashA ^ hash, 0x9e3779b1);
      hashB = (Math.imul(hashB, 0x85ebca6b) + hash) | 0;
      atDocumentStart = false;
      const f = (hash & FRONT_MASK) * FRONT_WORDS;
      if (front[f] === w0 && front[f + 1] === w1 && front[f + 2] === w2 && front[f + 3] === w3)
        front[f + 4]!++;
      else table.countMiss(w0, w1, w2, w3, hash, f);
      p = q;
      if (byte === SPACE) continue;
      this.endDocument(q, hashA, hashB);
      p = q + 1;
      this.documentAt = p;
      atDocumentStart = true;
      hashA = 0;
      hashB = 0;
    }
    this.at = p;
    this.hashA = hashA;
    this.hashB = hashB;
    this.atDocumentStart = atDocumentStart;
  }

  // The same for one segment of any form, byte by byte. Returns where the next one starts, or -1 when `limit` comes first.
  private scanSlow(start: number, limit: number): number {
    const buffer = this.buffer;
    let end = Math.max(start, this.searched);
    let byte = 0;
    let isLineEnd = false;
    for (; end < limit; end++) {
      byte = buffer[end]!;
      if (byte > SPACE) continue;
      isLineEnd =
        this.endsAtLines && (byte === LINE_FEED || (byte === RETURN && buffer[end + 1] === LINE_FEED));
      if (isLineEnd || (end > start && isCutSpace(byte) && cutsAt(buffer, end))) break;
    }
    this.at = start;
    this.searched = end < limit ? 0 : end;
    if (end >= limit) return -1;
    if (end > start) this.countSlow(start, end);
    return isLineEnd ? this.nextDocument(end, byte === RETURN ? end + 2 : end + 1) : end;
  }

  private countSlow(start: number, end: number): void {
    const buffer = this.buffer;
    const opensWithSpace = this.atDocumentStart && isCutSpace(buffer[start]!);
    const hash = this.hashAny(start, end);
    this.addToDocument(hash);
    if (end - start > this.options.longSegmentBytes)
      return this.options.onLongSegment(buffer, start, end, opensWithSpace);
    if (opensWithSpace) {
      const marked = new Uint8Array(end - start + 1);
      marked[0] = DOCUMENT_START;
      marked.set(buffer.subarray(start, end), 1);
      // The hash of the plain text serves for the marked one: it only has to be the same each time.
      return this.table.addLong(marked, 0, marked.length, hash, 1);
    }
    if (end - start > INLINE_BYTES || hasNul(buffer, start, end))
      return this.table.addLong(buffer, start, end, hash, 1);
    const words = this.inlineWords(start, end);
    this.table.addInline(words[0]!, words[1]!, words[2]!, words[3]!, hash, 1);
  }

  // Equal texts have equal hashes whichever way they were scanned, since the sample of documents depends on them.
  private hashAny(start: number, end: number): number {
    if (end - start > INLINE_BYTES || hasNul(this.buffer, start, end))
      return hashLong(this.buffer, start, end);
    const words = this.inlineWords(start, end);
    return hashInline(words[0]!, words[1]!, words[2]!, words[3]!);
  }

  private readonly words = new Int32Array(4);
  private readonly wordBytes = new Uint8Array(this.words.buffer);

  private inlineWords(start: number, end: number): Int32Array {
    this.words.fill(0);
    for (let i = start; i < end; i++) this.wordBytes[i - start] = this.buffer[i]!;
    return this.words;
  }

  private addToDocument(hash: number): void {
    this.atDocumentStart = false;
    this.hashA = Math.imul(this.hashA ^ hash, 0x9e3779b1);
    this.hashB = (Math.imul(this.hashB, 0x85ebca6b) + hash) | 0;
  }

  // Ends the document at `end` (none, when nothing of it was counted) and begins the next at `start`, which is returned.
  private nextDocument(end: number, start: number): number {
    if (!this.atDocumentStart) this.endDocument(end, this.hashA, this.hashB);
    this.beginDocument(start);
    return start;
  }

  private beginDocument(at: number): void {
    this.documentAt = at;
    this.atDocumentStart = true;
    this.hashA = 0;
    this.hashB = 0;
  }

  private endDocument(end: number, hashA: number, hashB: number): void {
    const start = this.documentAt;
    if (end - start > this.options.maxDocumentBytes) this.refuseDocument();
    this.documents++;
    this.options.sample.offer(hashA, hashB, this.buffer, start, end, this.offset);
  }

  // Moves what is still needed to the front of the buffer: the open segment, and the open document while it is small
  // enough for the sample to keep. The start of a document that is dropped is a negative position.
  private dropScanned(): void {
    const keepDocument = this.documentAt >= 0 && this.at - this.documentAt <= this.options.sample.keepBytes;
    const from = keepDocument ? this.documentAt : this.at;
    if (from === 0) return;
    this.buffer.copyWithin(0, from, this.length);
    this.length -= from;
    this.at -= from;
    this.documentAt -= from;
    this.searched = Math.max(0, this.searched - from);
    this.offset += from;
  }

  private refuseDocument(): never {
    throw new VocabError(
      "document-too-large",
      `${this.file}: the document at byte ${this.offset + this.documentAt} is larger than ${this.options.maxDocumentBytes} bytes`,
      { hint: "raise --max-document-bytes, or choose another --unit if the file has no line ends" },
    );
  }
}

/** Marks (0x80) every byte below 0x21 of a word; marks above the lowest true one may be false (Warren, Hacker's Delight, 6-1). */
function lowBytes(word: number): number {
  return (word - 0x21212121) & ~word & 0x80808080;
}

/** Index of the lowest marked byte. */
function firstByte(marks: number): number {
  return (31 - Math.clz32(marks & -marks)) >>> 3;
}

// Whether U+0020 at `at` begins a segment.
function cutsBeforeBlank(bytes: Uint8Array, view: DataView, at: number): boolean {
  const kind = cutKindOfPair[view.getUint16(at - 2, true)]!;
  return kind === UNDECIDED ? cutKindBefore(bytes, at) !== NO_CUT : kind !== NO_CUT;
}

function hasNul(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] === 0) return true;
  return false;
}
