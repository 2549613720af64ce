// Small GGUF files that hold a tokenizer of each model, made from plain values.

import { GgufWriter, type Pair } from "./gguf-writer.ts";

/** Integers are written as u32. `undefined` leaves the key out. */
export type GgufField =
  | string
  | number
  | boolean
  | readonly string[]
  | Float32Array
  | Int32Array
  | Uint8Array
  | Int8Array
  | undefined;

export type GgufFields = Readonly<Record<string, GgufField>>;

const U8 = 0;
const I8 = 1;
const U32 = 4;
const I32 = 5;
const F32 = 6;
const BOOL = 7;
const STRING = 8;
const ARRAY = 9;

/** @param fields by their keys without `tokenizer.ggml.` */
export function ggufFile(fields: GgufFields): Uint8Array {
  const to = new GgufWriter();
  const pairs = Object.entries(fields).flatMap(([key, value]): Pair[] =>
    value === undefined ? [] : [{ key: `tokenizer.ggml.${key}`, ...written(value, to) }],
  );
  return to.file(pairs);
}

function written(value: Exclude<GgufField, undefined>, to: GgufWriter): Omit<Pair, "key"> {
  if (typeof value === "string") return { type: STRING, value: to.string(value) };
  if (typeof value === "number") return { type: U32, value: to.u32(value) };
  if (typeof value === "boolean") return { type: BOOL, value: Uint8Array.of(Number(value)) };
  return { type: ARRAY, value: array(value, to) };
}

function array(value: Exclude<GgufField, string | number | boolean | undefined>, to: GgufWriter): Uint8Array {
  if (value instanceof Float32Array)
    return to.array(
      F32,
      Array.from(value, (item) => to.number(4, (view, le) => view.setFloat32(0, item, le))),
    );
  if (value instanceof Int32Array)
    return to.array(
      I32,
      Array.from(value, (item) => to.number(4, (view, le) => view.setInt32(0, item, le))),
    );
  if (value instanceof Uint8Array) return to.array(U8, [value], value.length);
  if (value instanceof Int8Array)
    return to.array(I8, [new Uint8Array(value.buffer, value.byteOffset, value.length)], value.length);
  return to.array(
    STRING,
    value.map((item) => to.string(item)),
  );
}

type Row = readonly [text: string, type: number, score?: number];

export const NORMAL = 1;
export const UNKNOWN = 2;
export const CONTROL = 3;
export const USER_DEFINED = 4;
export const UNUSED = 5;
export const BYTE = 6;

/** Tokens, types and scores side by side. */
export function tokenFields(rows: readonly Row[]): GgufFields {
  return {
    tokens: rows.map(([text]) => text),
    token_type: Int32Array.from(rows, ([, type]) => type),
    scores: Float32Array.from(rows, ([, , score]) => score ?? 0),
  };
}

export const LLAMA_ROWS: readonly Row[] = [
  ["<unk>", UNKNOWN],
  ["<s>", CONTROL],
  ["</s>", CONTROL],
  ["▁", NORMAL, -3],
  ["a", NORMAL, -4],
  ["b", NORMAL, -5],
  ["ab", NORMAL, 0],
  ["▁ab", NORMAL, -1],
  ["c d", USER_DEFINED, -1000],
  ["[PAD9]", UNUSED, -10_000],
  ["[PAD10]", UNUSED, -10_000],
];

export const BYTE_ROWS: readonly Row[] = Array.from({ length: 256 }, (_, byte): Row => {
  return [`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`, BYTE];
});

export const LLAMA: GgufFields = { model: "llama", ...tokenFields(LLAMA_ROWS) };

export const T5_ROWS: readonly Row[] = [
  ["<pad>", CONTROL],
  ["</s>", CONTROL],
  ["<unk>", UNKNOWN],
  ["▁", NORMAL, -2],
  ["a", NORMAL, -3],
  ["b", NORMAL, -3],
  ["ab", NORMAL, -4],
  ["▁a", NORMAL, -2.5],
  ["[PAD7]", UNUSED, -10_000],
];

export const T5: GgufFields = { model: "t5", ...tokenFields(T5_ROWS) };

const GPT2_ROWS: readonly Row[] = [
  ["a", NORMAL],
  ["b", NORMAL],
  ["Ġ", NORMAL],
  ["ab", NORMAL],
  ["Ġab", NORMAL],
  ["<|end|>", CONTROL],
  ["x y", USER_DEFINED],
  ["ba", NORMAL],
  ["1", NORMAL],
  ["2", NORMAL],
  ["12", NORMAL],
  ["Ã", NORMAL],
  ["©", NORMAL],
  ["[PAD99]", NORMAL],
  ["[PAD14]", USER_DEFINED],
];

export const GPT2: GgufFields = {
  model: "gpt2",
  pre: "gpt-2",
  ...tokenFields(GPT2_ROWS),
  scores: undefined,
  merges: ["a b", "Ġ ab", "1 2"],
};

export const BERT_ROWS: readonly Row[] = [
  ["[PAD]", CONTROL],
  ["[UNK]", CONTROL],
  ["[CLS]", CONTROL],
  ["[unused0]", NORMAL],
  ["▁un", NORMAL],
  ["affable", NORMAL],
  ["▁the", NORMAL],
];

export const BERT: GgufFields = {
  model: "bert",
  pre: "bert-bge",
  ...tokenFields(BERT_ROWS),
  scores: undefined,
  unknown_token_id: 1,
};
