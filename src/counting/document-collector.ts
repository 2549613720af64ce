// A sink for text that hands over whole documents, where the scanner would cut them into segments: for tokenizers that
// only whole documents are safe for, and for sampled documents that were too large to keep.

import { VocabError } from "../errors.ts";

/** What count-shard.ts feeds: text in pieces of any size, each written to what `reserve` returned. */
export interface TextSink {
  /** Begins a text. With `lines`, every line is a document; else the text is one. `offset`: where it lies in the file. */
  begin(file: string, offset: number, lines: boolean): void;
  reserve(size: number): Uint8Array;
  advance(size: number): void;
  end(): void;
}

/** Gets one document; the bytes are valid during the call only. */
export type OnDocument = (bytes: Uint8Array, offset: number) => void;

const LINE_FEED = 0x0a;
const RETURN = 0x0d;

export class DocumentCollector implements TextSink {
  private buffer = new Uint8Array(1 << 18);
  private length = 0;
  private searched = 0;
  private offset = 0;
  private lines = true;
  private file = "";
  private readonly maxDocumentBytes: number;
  private readonly onDocument: OnDocument;
  private readonly takesEmpty: boolean;

  /** @param takesEmpty whether documents of zero bytes are handed over: where they stand matters to aligned text */
  constructor(maxDocumentBytes: number, onDocument: OnDocument, takesEmpty = false) {
    this.maxDocumentBytes = maxDocumentBytes;
    this.onDocument = onDocument;
    this.takesEmpty = takesEmpty;
  }

  begin(file: string, offset: number, lines: boolean): void {
    this.file = file;
    this.offset = offset;
    this.lines = lines;
    this.length = 0;
    this.searched = 0;
  }

  reserve(size: number): Uint8Array {
    if (this.length + size > this.buffer.length) {
      const larger = new Uint8Array(Math.max(2 * this.buffer.length, this.length + size));
      larger.set(this.buffer.subarray(0, this.length));
      this.buffer = larger;
    }
    return this.buffer.subarray(this.length);
  }

  advance(size: number): void {
    this.length += size;
    if (this.lines) this.takeLines();
    // The last byte may belong to a line end.
    if (this.length > this.maxDocumentBytes + 1) this.refuse(this.offset);
  }

  end(): void {
    // An open line of zero bytes is none, but a record may be empty.
    if (this.length > 0 || !this.lines) this.hand(0, this.length);
    this.length = 0;
  }

  private takeLines(): void {
    const text = this.buffer.subarray(0, this.length);
    let start = 0;
    for (;;) {
      const end = text.indexOf(LINE_FEED, Math.max(start, this.searched));
      if (end < 0) break;
      this.hand(start, end > start && this.buffer[end - 1] === RETURN ? end - 1 : end);
      start = end + 1;
    }
    this.buffer.copyWithin(0, start, this.length);
    this.length -= start;
    this.offset += start;
    this.searched = this.length;
  }

  private hand(start: number, end: number): void {
    if (end - start > this.maxDocumentBytes) this.refuse(this.offset + start);
    if (end > start || this.takesEmpty)
      this.onDocument(this.buffer.subarray(start, end), this.offset + start);
  }

  private refuse(offset: number): never {
    throw new VocabError(
      "document-too-large",
      `${this.file}: the document at byte ${offset} is larger than ${this.maxDocumentBytes} bytes`,
      {
        hint: "raise --max-document-bytes, or choose another --unit if the file has no line ends",
      },
    );
  }
}
