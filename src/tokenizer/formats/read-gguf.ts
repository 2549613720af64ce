// Reads the metadata of a GGUF file (llama.cpp's format of models, versions 2 and 3): key-value pairs, among them the
// whole tokenizer as `tokenizer.ggml.*`. What stands behind them, the tensors, is never touched.

import { isUtf8 } from "node:buffer";
import { RangeReader } from "./range-reader.ts";

export type GgufArray =
  | readonly string[]
  | readonly boolean[]
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigUint64Array
  | BigInt64Array;

/** Integers of 64 bits are bigint. */
export type GgufValue = string | number | bigint | boolean | GgufArray;

export interface GgufMetadata {
  readonly file: string;
  readonly version: number;
  readonly isBigEndian: boolean;
  /** In the order of the file. */
  readonly values: ReadonlyMap<string, GgufValue>;
}

/** The metadata must end before. They take 16 MB with the largest vocabulary seen (262,144 tokens with their merges). */
const MAX_METADATA_BYTES = 128 * 1024 * 1024;

/** A key of one byte, its length, a type and a value of one byte. */
const LEAST_PAIR_BYTES = 14;
const LENGTH_BYTES = 8;
/** As the specification has it. */
const MAX_KEY_BYTES = 65_535;

const BOOL = 7;
const STRING = 8;
const ARRAY = 9;

/** How numbers of one type are stored. */
interface NumberType {
  readonly size: number;
  readonly read: (view: DataView, at: number, littleEndian: boolean) => number | bigint;
  readonly array: (count: number) => NumberArray;
}

type NumberArray = Exclude<GgufArray, readonly string[] | readonly boolean[]>;

/** By the number that the file names them by. */
const NUMBER_TYPES: ReadonlyMap<number, NumberType> = new Map<number, NumberType>([
  [0, { size: 1, read: (view, at) => view.getUint8(at), array: (count) => new Uint8Array(count) }],
  [1, { size: 1, read: (view, at) => view.getInt8(at), array: (count) => new Int8Array(count) }],
  [2, { size: 2, read: (view, at, le) => view.getUint16(at, le), array: (count) => new Uint16Array(count) }],
  [3, { size: 2, read: (view, at, le) => view.getInt16(at, le), array: (count) => new Int16Array(count) }],
  [4, { size: 4, read: (view, at, le) => view.getUint32(at, le), array: (count) => new Uint32Array(count) }],
  [5, { size: 4, read: (view, at, le) => view.getInt32(at, le), array: (count) => new Int32Array(count) }],
  [
    6,
    { size: 4, read: (view, at, le) => view.getFloat32(at, le), array: (count) => new Float32Array(count) },
  ],
  [10, { size: 8, read: (view, at, le) => view.getBigUint64(at, le), array: (n) => new BigUint64Array(n) }],
  [11, { size: 8, read: (view, at, le) => view.getBigInt64(at, le), array: (n) => new BigInt64Array(n) }],
  [12, { size: 8, read: (view, at, le) => view.getFloat64(at, le), array: (n) => new Float64Array(n) }],
]);

/**
 * @param source the bytes of the file, or its path: then only the metadata are read from the disk
 * @param file what errors call the file
 * @throws VocabError `tokenizer-invalid`, `tokenizer-unsupported` naming byte and key; `unreadable`
 */
export function readGgufMetadata(source: Uint8Array | string, file: string): GgufMetadata {
  const reader = new RangeReader(source, file, MAX_METADATA_BYTES);
  try {
    return new GgufReader(reader).metadata();
  } finally {
    reader.close();
  }
}

class GgufReader {
  private readonly reader: RangeReader;
  private littleEndian = true;

  constructor(reader: RangeReader) {
    this.reader = reader;
  }

  metadata(): GgufMetadata {
    const { reader } = this;
    const version = this.version();
    this.length("the number of tensors");
    const pairs = this.count("the number of keys", LEAST_PAIR_BYTES);
    const values = new Map<string, GgufValue>();
    for (let pair = 0; pair < pairs; pair++) {
      const { offset } = reader;
      const name = `key ${pair}`;
      const length = this.length(name);
      if (length === 0 || length > MAX_KEY_BYTES)
        throw reader.invalid(`a key has 1 to ${MAX_KEY_BYTES} bytes, not ${length}`, name, offset);
      const key = this.text(length, name);
      if (values.has(key)) throw reader.invalid("the key stands twice", key, offset);
      values.set(key, this.value(this.integer(key), key));
    }
    return { file: reader.file, version, isBigEndian: !this.littleEndian, values };
  }

  // The magic is the same in both byte orders; a version whose lower half is 0 was written in the other one.
  private version(): number {
    const magic = Buffer.from(this.reader.bytes(4, "the magic")).toString("latin1");
    if (magic !== "GGUF") throw this.reader.invalid('does not begin with "GGUF"', "the magic", 0);
    let version = this.integer("the version");
    if ((version & 0xffff) === 0) {
      this.littleEndian = false;
      version = Buffer.from(Uint32Array.of(version).buffer).swap32().readUInt32LE();
    }
    if (version === 2 || version === 3) return version;
    throw this.reader.unsupported(`version ${version} of GGUF`, "the version", 4);
  }

  private value(type: number, key: string): GgufValue {
    if (type === STRING) return this.string(key);
    if (type === BOOL) return this.boolean(key);
    if (type === ARRAY) return this.array(this.integer(key), key);
    const { size, read } = this.numberType(type, key);
    return this.reader.number(size, key, (view, at) => read(view, at, this.littleEndian));
  }

  private array(type: number, key: string): GgufArray {
    if (type === ARRAY) throw this.reader.unsupported("an array of arrays", key);
    if (type === STRING) {
      const count = this.count(key, LENGTH_BYTES);
      return Array.from({ length: count }, (_, i) => this.string(key, i));
    }
    if (type === BOOL) return Array.from({ length: this.count(key, 1) }, () => this.boolean(key));
    const { size, read, array } = this.numberType(type, key);
    const count = this.count(key, size);
    return this.reader.number(count * size, key, (view, at) => {
      const numbers = array(count);
      for (let i = 0; i < count; i++) numbers[i] = read(view, at + i * size, this.littleEndian);
      return numbers;
    });
  }

  private numberType(type: number, key: string): NumberType {
    const found = NUMBER_TYPES.get(type);
    if (found === undefined) throw this.reader.invalid(`no type of values has the number ${type}`, key);
    return found;
  }

  private boolean(key: string): boolean {
    const { offset } = this.reader;
    const [byte] = this.reader.bytes(1, key);
    if (byte! > 1) throw this.reader.invalid(`${byte} is neither true (1) nor false (0)`, key, offset);
    return byte === 1;
  }

  private string(key: string, index?: number): string {
    return this.text(this.length(key), key, index);
  }

  private text(size: number, key: string, index?: number): string {
    const { reader } = this;
    const bytes = reader.bytes(size, key);
    if (!isUtf8(bytes))
      throw reader.invalid(
        "the text is not valid UTF-8",
        index === undefined ? key : `${key}[${index}]`,
        reader.offset - bytes.length,
      );
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
  }

  private integer(name: string): number {
    return this.reader.number(4, name, (view, at) => view.getUint32(at, this.littleEndian));
  }

  /** Rounded above 2⁵³: far more than any file has. */
  private length(name: string): number {
    return this.reader.number(LENGTH_BYTES, name, (view, at) =>
      Number(view.getBigUint64(at, this.littleEndian)),
    );
  }

  /** A number of items that the rest of the file can hold, each of at least `itemBytes`. */
  private count(name: string, itemBytes: number): number {
    const { offset } = this.reader;
    const count = this.length(name);
    if (count * itemBytes > this.reader.bytesLeft)
      throw this.reader.tooLittle(count * itemBytes, name, offset);
    return count;
  }
}
