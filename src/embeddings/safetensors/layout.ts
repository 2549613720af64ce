// Where the tensors of a new safetensors file lie, and the bytes before its data.

import { bitsOf } from "./dtypes.ts";
import type { Header, TensorInfo } from "./header.ts";

/** A tensor that is to be written: its size and not yet its place. */
export interface SizedTensor extends Omit<TensorInfo, "start" | "end"> {
  readonly bytes: number;
}

/** The format's own library pads the header with spaces to a multiple of this. */
const ALIGNMENT = 8;

/**
 * Places the tensors one behind the other. Where one would not lie at a multiple of its elements' size (readers map files
 * into memory), those of larger elements go first, as the format's own library has them.
 */
export function placeTensors(tensors: readonly SizedTensor[]): TensorInfo[] {
  const placed = inOrder(tensors);
  if (placed.every(({ dtype, start }) => start % elementBytes(dtype) === 0)) return placed;
  return inOrder([...tensors].sort((a, b) => elementBytes(b.dtype) - elementBytes(a.dtype)));
}

/** The length of the header and the header. */
export function headerBytes(tensors: readonly TensorInfo[], metadata: Header["metadata"]): Buffer {
  const entries = tensors.map(({ name, dtype, shape, start, end }) => [
    name,
    { dtype, shape, data_offsets: [start, end] },
  ]);
  const all = metadata === undefined ? entries : [["__metadata__", metadata], ...entries];
  // Object.fromEntries makes an own member even of "__proto__"; keys that look like numbers come first, which is as good.
  const text = Buffer.from(JSON.stringify(Object.fromEntries(all)), "utf8");
  const padded = Math.ceil(text.length / ALIGNMENT) * ALIGNMENT;
  const bytes = Buffer.alloc(8 + padded, " ");
  bytes.writeBigUInt64LE(BigInt(padded));
  text.copy(bytes, 8);
  return bytes;
}

function inOrder(tensors: readonly SizedTensor[]): TensorInfo[] {
  let end = 0;
  return tensors.map(({ bytes, ...tensor }) => {
    const start = end;
    end += bytes;
    return { ...tensor, start, end };
  });
}

function elementBytes(dtype: string): number {
  return Math.max(1, (bitsOf(dtype) ?? 8) / 8);
}
