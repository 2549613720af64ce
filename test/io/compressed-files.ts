// Compressed files of the reference libraries (test/oracles/compressed-fixtures.py), and what reading them gives.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { VocabError } from "../../src/errors.ts";
import { type Compression, readCompressed } from "../../src/io/read-compressed.ts";
import fixtures from "./compressed-fixtures.json" with { type: "json" };

export const folder = mkdtempSync(join(tmpdir(), "vocab-compressed-"));
afterAll(() => rmSync(folder, { recursive: true }));

export const files = fixtures.files.map(({ compression, name, text, base64 }) => ({
  compression: compression as Compression,
  name: `${compression}, ${name}`,
  text: (text as [string, number][]).map(([piece, times]) => piece.repeat(times)).join(""),
  stored: Buffer.from(base64, "base64"),
}));
export const fileOf = (name: string) => files.find((file) => file.name === name)!;

/** A zstd file of one frame that is not compressed. */
export function rawZstd(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content);
  const blocks: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += 131_072) {
    const block = bytes.subarray(start, start + 131_072);
    blocks.push(
      Buffer.from([(block.length << 3) & 0xff, (block.length >> 5) & 0xff, block.length >> 13]),
      block,
    );
  }
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 13 << 3]);
  return Buffer.concat([header, ...blocks, Buffer.from([1, 0, 0])]);
}

export function write(stored: Uint8Array): string {
  const path = join(folder, "file");
  writeFileSync(path, stored);
  return path;
}

/** The text, with the number of stored bytes that were told, which are those that were shown. */
export async function gather(
  stored: Uint8Array,
  compression: Compression,
): Promise<[text: string, told: number]> {
  const pieces: Buffer[] = [];
  let room = new Uint8Array(0);
  let next = 0;
  let told = 0;
  let shown = 0;
  await readCompressed(
    write(stored),
    compression,
    (size) => {
      room = new Uint8Array(size);
      return room;
    },
    (size, offset) => {
      if (offset !== next) throw new Error(`${offset} follows ${next}`);
      next += size;
      pieces.push(Buffer.from(room.subarray(0, size)));
      return true;
    },
    {
      onBytes: (bytes) => {
        told += bytes;
      },
      onStored: (bytes, offset) => {
        if (!stored.subarray(offset, offset + bytes.length).every((byte, i) => byte === bytes[i]))
          throw new Error(`other bytes are shown at ${offset}`);
        shown += bytes.length;
      },
    },
  );
  if (shown !== told) throw new Error("other bytes were shown than told");
  return [Buffer.concat(pieces).toString(), told];
}

/** The text, or the error as "code: message". */
export async function outcome(stored: Uint8Array, compression: Compression): Promise<string> {
  try {
    return (await gather(stored, compression))[0];
  } catch (error) {
    if (!(error instanceof VocabError) || error.hint === undefined) throw error;
    return `${error.code}: ${error.message.replace(`${folder}/`, "")}`;
  }
}

/** What `outcome` may say of a damaged file. */
export const REFUSAL = /^(corrupt-zstd|zstd-(window|dictionary)|corrupt-xz|xz-options|corrupt-bzip2): file/;

/** How many places of the file a test of damage should pass over to take a second at most. */
export function quickStep({ stored, text }: { readonly stored: Buffer; readonly text: string }): number {
  return text.length < 1000 ? 1 : Math.ceil(stored.length / 40);
}
