// Writes one safetensors file anew: the matrices of the vocabulary with their new rows, all other tensors byte for byte.

import { open } from "node:fs/promises";
import { type CopyOptions, copyRange, writeFully } from "../../io/copy-range.ts";
import type { TensorInfo } from "../safetensors/header.ts";
import { headerBytes, placeTensors, type SizedTensor } from "../safetensors/layout.ts";
import type { SafetensorsFile } from "../safetensors/read-header.ts";
import { type Resizing, type ResizingPlaces, rowBytes, writeResized } from "./resized-matrix.ts";

export interface NewShard {
  readonly header: Buffer;
  /** In the order of the file. */
  readonly tensors: readonly TensorInfo[];
  /** Of the file. */
  readonly bytes: number;
}

/** What the file will be, before anything is written. */
export function planShard(file: SafetensorsFile, resizings: readonly Resizing[]): NewShard {
  const byStart = [...file.tensors].sort((a, b) => a.start - b.start || a.end - b.end);
  const tensors = placeTensors(byStart.map((tensor) => sized(tensor, resizings)));
  const header = headerBytes(tensors, file.metadata);
  return { header, tensors, bytes: header.length + (tensors.at(-1)?.end ?? 0) };
}

/**
 * @param path of a file that does not exist yet
 * @returns how many new rows hold a value that is not finite, by name of the tensor
 */
export async function writeShard(
  source: SafetensorsFile,
  shard: NewShard,
  resizings: readonly Resizing[],
  path: string,
  options: CopyOptions,
): Promise<Readonly<Record<string, number>>> {
  const from = await open(source.path, "r");
  try {
    const to = await open(path, "wx");
    try {
      writeFully(to, shard.header, 0);
      const notFinite: Record<string, number> = {};
      for (const step of stepsOf(shard, source, resizings)) {
        const places: ResizingPlaces = {
          from,
          fromStart: source.dataStart + step.fromStart,
          to,
          toStart: shard.header.length + step.toStart,
        };
        if (step.resizing === undefined) {
          const { fromStart, toStart } = places;
          const end = fromStart + step.fromEnd - step.fromStart;
          await copyRange(from, { start: fromStart, end }, to, toStart, options);
        } else notFinite[step.name] = await writeResized(step.resizing, places, options);
      }
      return notFinite;
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}

function sized({ start, end, ...tensor }: TensorInfo, resizings: readonly Resizing[]): SizedTensor {
  const resizing = resizingOf(tensor.name, resizings);
  if (resizing === undefined) return { ...tensor, bytes: end - start };
  const { rowsAfter } = resizing;
  return { ...tensor, shape: [rowsAfter, ...tensor.shape.slice(1)], bytes: rowsAfter * rowBytes(tensor) };
}

function resizingOf(name: string, resizings: readonly Resizing[]): Resizing | undefined {
  return resizings.find(({ tensor }) => tensor.name === name);
}

/** A matrix to resize, or a run of other tensors that lie one behind the other in both files: one range to copy. */
interface Step {
  /** Of its first tensor. */
  readonly name: string;
  /** Places in the data of the base's file and of the new one. */
  readonly fromStart: number;
  readonly fromEnd: number;
  readonly toStart: number;
  readonly resizing: Resizing | undefined;
}

function stepsOf(shard: NewShard, source: SafetensorsFile, resizings: readonly Resizing[]): Step[] {
  const startOf = new Map(source.tensors.map(({ name, start }) => [name, start]));
  const steps: Step[] = [];
  for (const tensor of shard.tensors) {
    const resizing = resizingOf(tensor.name, resizings);
    const start = startOf.get(tensor.name)!;
    const last = steps.at(-1);
    if (resizing === undefined && last?.resizing === undefined && last?.fromEnd === start)
      steps[steps.length - 1] = { ...last, fromEnd: start + tensor.end - tensor.start };
    else
      steps.push({
        name: tensor.name,
        fromStart: start,
        fromEnd: start + tensor.end - tensor.start,
        toStart: tensor.start,
        resizing,
      });
  }
  return steps;
}
