// Slow twin of `apply`: whole files in memory, numbers by the tables of ./half-floats.ts, one matrix at a time.

import { readFileSync } from "node:fs";
import type { MadeTensor } from "../embeddings/safetensors/make-safetensors.ts";
import type { Plan } from "../pipeline/apply-fixture.ts";
import { nearest, sizesOf } from "./half-floats.ts";

const SIZES: Readonly<Record<string, readonly number[]>> = { F16: sizesOf(5, 10), BF16: sizesOf(8, 7) };

export function bytesPerElement(dtype: string): number {
  return { F64: 8, I64: 8, F32: 4, F16: 2, BF16: 2 }[dtype] ?? 1;
}

/** All tensors of a file, by name. */
export function readTensors(path: string): Record<string, MadeTensor> {
  const bytes = readFileSync(path);
  const dataStart = 8 + Number(bytes.readBigUInt64LE());
  const { __metadata__: _, ...header } = JSON.parse(bytes.toString("utf8", 8, dataStart)) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  return Object.fromEntries(
    Object.entries(header).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [start, end],
        },
      ]) => [name, { dtype, shape, data: bytes.subarray(dataStart + start, dataStart + end) }],
    ),
  );
}

/** A matrix, or a bias as one of a single column, with the rows of the plan and zeros in the others. */
export function resized(
  tensor: MadeTensor,
  plan: Plan,
  side: "input" | "output",
  rowsAfter: number,
): MadeTensor {
  const { dtype, shape } = tensor;
  const columns = shape[1] ?? 1;
  const old = decode(tensor);
  const row = (id: number) => old.slice(id * columns, (id + 1) * columns);
  const data = Buffer.alloc(rowsAfter * columns * bytesPerElement(dtype));
  tensor.data.forEach((byte, i) => {
    data[i] = byte;
  });
  for (const planned of plan.rows) {
    let values = new Array<number>(columns).fill(0);
    planned[side].ids.forEach((id, k) => {
      values = values.map((value, column) => value + planned[side].weights[k]! * row(id)[column]!);
    });
    if (planned.scale !== undefined) {
      const norms = planned.scale.ids.map((id) => norm(row(id))).sort((a, b) => a - b);
      const median = (norms[(norms.length - 1) >> 1]! + norms[norms.length >> 1]!) / 2;
      const factor = median / norm(values);
      if (norm(values) > 0) values = values.map((value) => value * factor);
    }
    values.forEach((value, column) => {
      encode(value, dtype, data, planned.id * columns + column);
    });
  }
  return { dtype, shape: [rowsAfter, ...shape.slice(1)], data };
}

function norm(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

function decode({ dtype, data }: MadeTensor): number[] {
  const count = data.length / bytesPerElement(dtype);
  const bytes = Buffer.from(data);
  return Array.from({ length: count }, (_, i) => {
    if (dtype === "F64") return bytes.readDoubleLE(8 * i);
    if (dtype === "F32") return bytes.readFloatLE(4 * i);
    const bits = bytes.readUInt16LE(2 * i);
    return (bits & 0x8000 ? -1 : 1) * SIZES[dtype]![bits & 0x7fff]!;
  });
}

function encode(value: number, dtype: string, data: Buffer, i: number): void {
  if (dtype === "F64") data.writeDoubleLE(value, 8 * i);
  else if (dtype === "F32") data.writeFloatLE(value, 4 * i);
  else {
    const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
    data.writeUInt16LE(sign | nearest(SIZES[dtype]!, Math.abs(value)), 2 * i);
  }
}
