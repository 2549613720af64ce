// Whether a head that a checkpoint stores is the embedding matrix once more. Many checkpoints of tied models store both, and
// transformers ties them only where they are equal; with other rows in one of them it would not.

import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { unreadable } from "../safetensors/read-header.ts";
import type { Checkpoint, CheckpointTensor } from "./read-checkpoint.ts";

const PIECE_BYTES = 2 ** 20;

export async function haveSameBytes(
  { folder, shards }: Checkpoint,
  a: CheckpointTensor,
  b: CheckpointTensor,
): Promise<boolean> {
  if (a.dtype !== b.dtype || a.shape.join() !== b.shape.join()) return false;
  const files: FileHandle[] = [];
  try {
    for (const { shard } of [a, b]) files.push(await open(join(folder, shard), "r"));
    const starts = [a, b].map(({ shard, start }) => shards.get(shard)!.dataStart + start) as [number, number];
    return await areEqual(files as [FileHandle, FileHandle], starts, a.end - a.start);
  } catch (cause) {
    throw unreadable(join(folder, b.shard), cause as Error);
  } finally {
    for (const file of files) await file.close();
  }
}

async function areEqual(
  files: readonly [FileHandle, FileHandle],
  starts: readonly [number, number],
  bytes: number,
): Promise<boolean> {
  const pieces = [Buffer.alloc(PIECE_BYTES), Buffer.alloc(PIECE_BYTES)] as const;
  for (let done = 0; done < bytes; ) {
    const size = Math.min(PIECE_BYTES, bytes - done);
    const [first, second] = await Promise.all(
      files.map((file, i) => file.read(pieces[i as 0 | 1], 0, size, starts[i]! + done)),
    );
    // A file system may give fewer bytes of one of them than of the other.
    const common = Math.min(first!.bytesRead, second!.bytesRead);
    if (common === 0) throw new RangeError("the file became shorter while it was read");
    if (!pieces[0].subarray(0, common).equals(pieces[1].subarray(0, common))) return false;
    done += common;
  }
  return true;
}
