// Writes parquet files of one column "text" of required strings, plain and uncompressed: as large as a test needs them.

type Field = readonly [id: number, value: ThriftValue];
interface Integer {
  readonly type: 5 | 6;
  readonly value: number;
}
type ThriftValue = Integer | string | readonly ThriftValue[] | { readonly fields: readonly Field[] };

const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 128);
  }
}

function typeOf(value: ThriftValue): number {
  if (typeof value === "string") return BINARY;
  if (Array.isArray(value)) return LIST;
  return "type" in value ? value.type : STRUCT;
}

function encode(value: ThriftValue): number[] {
  if (typeof value === "string") {
    const bytes = [...Buffer.from(value)];
    return [...varint(bytes.length), ...bytes];
  }
  if (Array.isArray(value)) {
    const items = value as readonly ThriftValue[];
    return [0xf0 | typeOf(items[0] ?? ""), ...varint(items.length), ...items.flatMap(encode)];
  }
  if ("type" in value) return varint(value.value * 2);
  const { fields } = value as { readonly fields: readonly Field[] };
  return [...fields.flatMap(([id, field]) => [typeOf(field), ...varint(id * 2), ...encode(field)]), 0];
}

const i32 = (value: number): ThriftValue => ({ type: 5, value });
const i64 = (value: number): ThriftValue => ({ type: 6, value });
const struct = (...fields: Field[]): ThriftValue => ({ fields });

/** Each piece of the file, in order. @param groups row groups of pages of texts; pages that are equal may be one object */
export function* madeParquet(groups: readonly (readonly (readonly string[])[])[]): Generator<Uint8Array> {
  yield Buffer.from("PAR1");
  const made = new Map<readonly string[], Uint8Array>();
  let at = 4;
  const rowGroups: ThriftValue[] = [];
  let allRows = 0;
  for (const pages of groups) {
    const start = at;
    for (const texts of pages) {
      const page = made.get(texts) ?? pageOf(texts);
      made.set(texts, page);
      at += page.length;
      yield page;
    }
    const rows = pages.reduce((sum, { length }) => sum + length, 0);
    allRows += rows;
    rowGroups.push(groupOf(start, at - start, rows));
  }
  const schema = [
    struct([4, "schema"], [5, i32(1)]),
    struct([1, i32(6)], [3, i32(0)], [4, "text"], [6, i32(0)]),
  ];
  const footer = encode(struct([1, i32(1)], [2, schema], [3, i64(allRows)], [4, rowGroups]));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  yield Buffer.concat([Buffer.from(footer), length, Buffer.from("PAR1")]);
}

function pageOf(texts: readonly string[]): Uint8Array {
  const values = Buffer.concat(
    texts.flatMap((text) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(Buffer.byteLength(text));
      return [length, Buffer.from(text)];
    }),
  );
  const info = struct([1, i32(texts.length)], [2, i32(0)], [3, i32(3)], [4, i32(3)]);
  const header = encode(struct([1, i32(0)], [2, i32(values.length)], [3, i32(values.length)], [5, info]));
  return Buffer.concat([Buffer.from(header), values]);
}

function groupOf(start: number, size: number, rows: number): ThriftValue {
  const data = struct(
    [1, i32(6)],
    [2, [i32(0)]],
    [3, ["text"]],
    [4, i32(0)],
    [5, i64(rows)],
    [6, i64(size)],
    [7, i64(size)],
    [9, i64(start)],
  );
  return struct([1, [struct([2, i64(start)], [3, data])]], [2, i64(size)], [3, i64(rows)]);
}
