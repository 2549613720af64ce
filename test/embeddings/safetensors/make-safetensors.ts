// Safetensors files for tests, written by hand: the header as given, right or wrong.

import { writeFileSync } from "node:fs";

/** @param header as an object, or the text itself */
export function safetensorsBytes(
  header: unknown,
  data: Uint8Array = Buffer.alloc(0),
  length?: bigint,
): Buffer {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(length ?? BigInt(text.length));
  return Buffer.concat([size, text, data]);
}

export interface MadeTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** A right file with these tensors, one behind the other in the order given. */
export function writeSafetensors(
  path: string,
  tensors: Readonly<Record<string, MadeTensor>>,
  metadata: Readonly<Record<string, string>> = { format: "pt" },
): void {
  let end = 0;
  const header: Record<string, unknown> = { __metadata__: metadata };
  for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
    header[name] = { dtype, shape, data_offsets: [end, end + data.length] };
    end += data.length;
  }
  const data = Buffer.concat(Object.values(tensors).map((tensor) => tensor.data));
  writeFileSync(path, safetensorsBytes(header, data));
}
