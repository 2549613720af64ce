// The runs of a count as the two sorted tables that they add up to.

import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Run } from "./commits.ts";
import { isLong } from "./long-segments.ts";
import { blocksOf, type MergedPart, MergedSource } from "./merge-sorted.ts";
import { RunReader, RunWriter } from "./run-file.ts";
import type { SortedSource } from "./sorted-counts.ts";

/** Memory that a run takes while it is merged: its window on the file, and its block. */
const READER_BYTES = 700_000;
/** Runs that are merged at once. */
const MIN_RUNS = 8;
const MAX_RUNS = 256;

export interface MergeSettings {
  readonly folder: string;
  /** Memory that the merge may take, about. */
  readonly memoryBytes: number;
  readonly signal?: AbortSignal | undefined;
}

export interface MergedTables {
  readonly training: SortedSource;
  readonly heldOut: SortedSource;
}

/**
 * All that was counted is in the runs once, and what is held out once more: the training text is what is left of the one
 * without the other.
 * @throws VocabError `cannot-write`, `run-damaged`
 */
export async function mergeRuns(runs: readonly Run[], settings: MergeSettings): Promise<MergedTables> {
  const merger = new Merger(settings);
  const all = await merger.fewer(runs.flatMap((run) => run.all ?? []));
  const heldOut = await merger.fewer(runs.flatMap((run) => run.heldOut ?? []));
  const path = (name: string) => join(settings.folder, name);
  const parts = (names: readonly string[], factor: 1 | -1, keeps?: RunFilter): MergedPart[] =>
    names.map((name) => ({ source: new RunReader(path(name), keeps), factor }));
  // Long segments of what is held out never were among the others.
  const isShort: RunFilter = (bytes, start, end) => !isLong(bytes, start, end);
  return {
    training: new MergedSource([...parts(all, 1), ...parts(heldOut, -1, isShort)]),
    heldOut: new MergedSource(parts(heldOut, 1)),
  };
}

type RunFilter = (bytes: Uint8Array, start: number, end: number) => boolean;

class Merger {
  private readonly settings: MergeSettings;
  private readonly most: number;
  private made = 0;

  constructor(settings: MergeSettings) {
    this.settings = settings;
    // Those of the training text and those of what is held out are read side by side.
    const fitting = Math.floor(settings.memoryBytes / 2 / READER_BYTES);
    this.most = Math.max(MIN_RUNS, Math.min(MAX_RUNS, fitting));
  }

  /** Runs that are few enough to be merged at once, and add up to the same. */
  async fewer(names: readonly string[]): Promise<readonly string[]> {
    let left = names;
    while (left.length > this.most)
      left = [...left.slice(this.most), await this.mergeInto(left.slice(0, this.most))];
    return left;
  }

  // The runs stay: a count that is killed now merges them again.
  private async mergeInto(names: readonly string[]): Promise<string> {
    const { folder, signal } = this.settings;
    const name = `merged-${this.made++}.run`;
    const writer = new RunWriter(join(folder, name));
    const parts = names.map((part) => ({ source: new RunReader(join(folder, part)), factor: 1 as const }));
    for await (const { bytes, offsets, counts } of blocksOf(new MergedSource(parts))) {
      for (let i = 0; i < counts.length; i++) writer.add(bytes, offsets[i]!, offsets[i + 1]!, counts[i]!);
      // Lets a Ctrl-C be heard.
      await setImmediate();
      signal?.throwIfAborted();
    }
    writer.finish();
    return name;
  }
}
