// Walks the fields of one protobuf message in the wire format (protobuf.dev/programming-guides/encoding): each field is
// a tag varint (field number << 3 | wire type) and a value. Only reads within its own message, whatever the lengths say.

import { isUtf8 } from "node:buffer";
import type { VocabError } from "../../errors.ts";
import { invalidFile, unsupportedFile } from "./file-place.ts";

export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH_DELIMITED = 2;
export const FIXED32 = 5;

/** A varint holds 64 bits, 7 a byte; protobuf refuses an eleventh byte. */
const VARINT_BYTES = 10;

/** Room for one number: a DataView over the file in each of 100,000 cursors is slower. */
const FLOAT = new DataView(new ArrayBuffer(4));

export class ProtobufCursor {
  readonly bytes: Uint8Array;
  readonly file: string;
  /** What errors call the message: "" for the file's own, "trainer_spec.", "pieces[5].". */
  readonly path: string;
  private readonly limit: number;
  /** The field that `next` found: number, wire type, the offset of its tag. */
  field = 0;
  wireType = 0;
  tagStart = 0;
  /** Value of a length-delimited or fixed field: `bytes[start, end)`. `end` is where the next field begins. */
  start = 0;
  end: number;
  /** Value of a varint field: the low and the high 32 bits. */
  private low = 0;
  private high = 0;

  constructor(bytes: Uint8Array, file: string, path = "", start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.file = file;
    this.path = path;
    this.end = start;
    this.limit = end;
  }

  /** Goes to the next field; false at the end of the message. */
  next(): boolean {
    if (this.end === this.limit) return false;
    this.tagStart = this.end;
    this.varint();
    this.field = this.low >>> 3;
    this.wireType = this.low & 7;
    if (this.high !== 0 || this.field === 0) throw this.invalid("not a field number of a protobuf message");
    this.findValue();
    return true;
  }

  /** A cursor over the message that this field holds. */
  message(name: string): ProtobufCursor {
    this.require(LENGTH_DELIMITED, name);
    return new ProtobufCursor(this.bytes, this.file, `${this.path}${name}.`, this.start, this.end);
  }

  string(name: string): string {
    const bytes = this.blob(name);
    if (!isUtf8(bytes)) throw this.invalid("the text is not valid UTF-8", name);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
  }

  /** The bytes themselves: a view, not a copy. */
  blob(name: string): Uint8Array {
    this.require(LENGTH_DELIMITED, name);
    return this.bytes.subarray(this.start, this.end);
  }

  /** Negative numbers are stored in 64 bits, of which protobuf takes the low 32. */
  int32(name: string): number {
    this.require(VARINT, name);
    return this.low | 0;
  }

  boolean(name: string): boolean {
    this.require(VARINT, name);
    return this.low !== 0 || this.high !== 0;
  }

  float(name: string): number {
    this.require(FIXED32, name);
    for (let i = 0; i < 4; i++) FLOAT.setUint8(i, this.bytes[this.start + i]!);
    return FLOAT.getFloat32(0, true);
  }

  invalid(what: string, name?: string): VocabError {
    const field = name === undefined ? this.path.slice(0, -1) : `${this.path}${name}`;
    return invalidFile(this.file, `byte ${this.tagStart}${field === "" ? "" : ` (${field})`}`, what);
  }

  unsupported(what: string, name: string): VocabError {
    return unsupportedFile(this.file, `byte ${this.tagStart} (${this.path}${name})`, what);
  }

  private require(wireType: number, name: string): void {
    if (this.wireType === wireType) return;
    throw this.invalid(`expected wire type ${wireType}, found ${this.wireType}`, name);
  }

  private findValue(): void {
    this.start = this.end;
    if (this.wireType === VARINT) return this.varint();
    const size = this.declaredSize();
    const left = this.limit - this.start;
    if (size > left) throw this.invalid(`field ${this.field} wants ${size} bytes, but ${left} are left`);
    this.end = this.start + size;
  }

  private declaredSize(): number {
    if (this.wireType === FIXED64) return 8;
    if (this.wireType === FIXED32) return 4;
    // 3 and 4 are the groups of the first protobuf, 6 and 7 were never given a meaning.
    if (this.wireType !== LENGTH_DELIMITED)
      throw this.invalid(`field ${this.field} has wire type ${this.wireType}, which holds no value`);
    this.varint();
    this.start = this.end;
    return this.high * 2 ** 32 + this.low;
  }

  private varint(): void {
    let low = 0;
    let high = 0;
    for (let i = 0; i < VARINT_BYTES; i++) {
      if (this.end === this.limit) throw this.invalid("the message ends in the middle of a number");
      const byte = this.bytes[this.end++]!;
      const bits = byte & 0x7f;
      if (i < 4) low |= bits << (7 * i);
      else if (i > 4) high |= bits << (7 * i - 32);
      else {
        low |= bits << 28;
        high |= bits >>> 4;
      }
      if (byte < 0x80) {
        this.low = low >>> 0;
        this.high = high >>> 0;
        return;
      }
    }
    throw this.invalid(`a number of more than ${VARINT_BYTES} bytes`);
  }
}
