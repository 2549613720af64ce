// Takes the records out of a WARC file (ISO 28500) of extracted text, as Common Crawl publishes it: the ones of type
// "conversion" are texts, all others are passed over.

import { VocabError } from "../errors.ts";
import type { Reserve, Take } from "../io/read-chunks.ts";

/** What stands before the text of a record: some lines in Common Crawl's files. */
const MAX_HEADER_BYTES = 64 * 1024;
const HEADER_END = Buffer.from("\r\n\r\n");

/** Gets the text of a record, and where it begins in the file. The bytes are valid during the call only. */
export type OnRecord = (text: Uint8Array, offset: number) => void;

interface Header {
  readonly isText: boolean;
  readonly contentBytes: number;
}

/** Collects pieces of a file into records. Only one that is a text is held as a whole. */
export class WarcRecords {
  private readonly path: string;
  private readonly onRecord: OnRecord;
  /** Told how long a text will be, before it is collected. */
  private readonly onSize: (bytes: number, offset: number) => void;
  private buffer = Buffer.alloc(1 << 19);
  private length = 0;
  /** Up to here the buffer has been read. */
  private at = 0;
  /** Where the buffer's first byte lies in the file. */
  private offset = 0;
  /** Where the open record begins. */
  private recordAt = 0;
  private header: Header | undefined;
  /** Bytes of a record that is no text, still to come. */
  private passing = 0;

  constructor(path: string, onSize: (bytes: number, offset: number) => void, onRecord: OnRecord) {
    this.path = path;
    this.onSize = onSize;
    this.onRecord = onRecord;
  }

  readonly reserve: Reserve = (size) => {
    if (this.length + size > this.buffer.length) {
      const larger = Buffer.alloc(Math.max(2 * this.buffer.length, this.length + size));
      larger.set(this.buffer.subarray(0, this.length));
      this.buffer = larger;
    }
    return this.buffer.subarray(this.length);
  };

  readonly take: Take = (size) => {
    this.length += size;
    while (this.step());
    this.buffer.copyWithin(0, this.at, this.length);
    this.length -= this.at;
    this.offset += this.at;
    this.at = 0;
    return true;
  };

  /** @throws VocabError `corrupt-warc` when the last record is not complete */
  end(): void {
    if (this.length > 0 || this.header !== undefined)
      throw corruptWarc(this.path, this.recordAt, "is cut off");
  }

  // Reads on: a header, or what follows it. Returns false when more of the file is needed.
  private step(): boolean {
    if (this.header === undefined) return this.beginRecord();
    const passed = Math.min(this.passing, this.length - this.at);
    this.passing -= passed;
    this.at += passed;
    const { isText, contentBytes } = this.header;
    const end = this.at + (isText ? contentBytes : 0);
    if (this.passing > 0 || this.length < end + HEADER_END.length) return false;
    if (!this.buffer.subarray(end, end + HEADER_END.length).equals(HEADER_END))
      throw corruptWarc(this.path, this.recordAt, "does not end where its Content-Length says");
    if (isText) this.onRecord(this.buffer.subarray(this.at, end), this.offset + this.at);
    this.header = undefined;
    this.at = end + HEADER_END.length;
    return true;
  }

  private beginRecord(): boolean {
    const { at, buffer, length } = this;
    this.recordAt = this.offset + at;
    const end = buffer.subarray(at, Math.min(length, at + MAX_HEADER_BYTES)).indexOf(HEADER_END);
    if (end < 0) {
      if (length - at < MAX_HEADER_BYTES) return false;
      throw corruptWarc(this.path, this.recordAt, `has no header of at most ${MAX_HEADER_BYTES} bytes`);
    }
    this.header = parseHeader(buffer.toString("latin1", at, at + end), this.path, this.recordAt);
    this.at = at + end + HEADER_END.length;
    if (this.header.isText) this.onSize(this.header.contentBytes, this.offset + this.at);
    else this.passing = this.header.contentBytes;
    return true;
  }
}

function parseHeader(header: string, path: string, offset: number): Header {
  const [version, ...lines] = header.split("\r\n");
  if (!/^WARC\/\d+\.\d+$/.test(version!))
    throw corruptWarc(
      path,
      offset,
      `begins with ${JSON.stringify(version!.slice(0, 20))}, not with WARC/1.0`,
    );
  const fields = new Map(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  const length = fields.get("content-length") ?? "";
  if (!/^\d{1,15}$/.test(length)) throw corruptWarc(path, offset, "has no Content-Length");
  return {
    isText: fields.get("warc-type")?.toLowerCase() === "conversion",
    contentBytes: Number(length),
  };
}

function corruptWarc(path: string, offset: number, what: string): VocabError {
  return new VocabError("corrupt-warc", `${path}: the record at byte ${offset} ${what}`, {
    hint: "fetch the file again; a .wet file holds WARC records, those of WARC-Type conversion are its texts",
  });
}
