// Writes GGUF files value by value, in both byte orders: the counterpart of the reader under test.

export interface Pair {
  readonly key: string;
  readonly type: number;
  readonly value: Uint8Array;
}

export class GgufWriter {
  private readonly littleEndian: boolean;

  constructor(littleEndian = true) {
    this.littleEndian = littleEndian;
  }

  u32(value: number): Uint8Array {
    return this.number(4, (view) => view.setUint32(0, value, this.littleEndian));
  }

  u64(value: number | bigint): Uint8Array {
    return this.number(8, (view) => view.setBigUint64(0, BigInt(value), this.littleEndian));
  }

  number(size: number, write: (view: DataView, littleEndian: boolean) => void): Uint8Array {
    const bytes = new Uint8Array(size);
    write(new DataView(bytes.buffer), this.littleEndian);
    return bytes;
  }

  string(text: string | Uint8Array): Uint8Array {
    const bytes = Buffer.from(text);
    return join(this.u64(bytes.length), bytes);
  }

  array(itemType: number, items: readonly Uint8Array[], count: number | bigint = items.length): Uint8Array {
    return join(this.u32(itemType), this.u64(count), ...items);
  }

  pair({ key, type, value }: Pair): Uint8Array {
    return join(this.string(key), this.u32(type), value);
  }

  file(pairs: readonly Pair[], { version = 3, tensors = 0, count = pairs.length } = {}): Uint8Array {
    const header = join(Buffer.from("GGUF"), this.u32(version), this.u64(tensors), this.u64(count));
    return join(header, ...pairs.map((pair) => this.pair(pair)));
  }
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
