// Writes a folder of counts (docs/counts.md) from sorted sources: both tables in the folder of the unfinished count, then all
// files get their names, the manifest last.

import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { textSize } from "../counting/canonical-counts.ts";
import { CountsWriter, cannotWrite } from "../counting/counts-parquet.ts";
import { blocksOf } from "../counting/merge-sorted.ts";
import type { SegmentCounts } from "../counting/segment-counts.ts";
import type { SortedSource } from "../counting/sorted-counts.ts";
import { canonicalJson } from "../io/canonical-json.ts";
import { makeFolder } from "../io/make-folder.ts";
import { writeFilesAtomically } from "../io/write-files.ts";
import {
  type CountsManifest,
  type DroppedTail,
  HELD_OUT_FILE,
  MANIFEST_FILE,
  SEGMENT_RULE,
  type StoredTable,
  TRAINING_FILE,
} from "./counts-manifest.ts";

/** What was counted, in the order in which both tables are read. */
export interface TablesToWrite {
  readonly training: SortedSource;
  readonly heldOut: SortedSource;
  /** Segments of the training text that occur less often are left out. Default 1. */
  readonly minCount?: number | undefined;
  /** Told of every block of the training text, what is left out among it. */
  readonly onTraining?: ((block: SegmentCounts) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface WrittenTables {
  readonly segments: CountsManifest["segments"];
  /** Of the text, what was left out among it. */
  readonly training: TextSize;
  readonly heldOut: TextSize;
}

export interface TextSize {
  readonly bytes: number;
  readonly characters: number;
}

interface WrittenTable {
  readonly table: StoredTable;
  readonly size: TextSize;
}

/**
 * Writes both tables into `work`, an existing folder.
 * @throws VocabError `cannot-write`
 */
export async function writeTables(work: string, tables: TablesToWrite): Promise<WrittenTables> {
  const { minCount = 1, onTraining = () => {}, signal } = tables;
  const training = await writeTable(work, TRAINING_FILE, tables.training, { minCount, onTraining, signal });
  const heldOut = await writeTable(work, HELD_OUT_FILE, tables.heldOut, {
    minCount: 1,
    onTraining: () => {},
    signal,
  });
  const segments = { rule: SEGMENT_RULE, training: training.table, heldOut: heldOut.table };
  return { segments, training: training.size, heldOut: heldOut.size };
}

async function writeTable(
  work: string,
  file: string,
  source: SortedSource,
  { minCount, onTraining, signal }: Required<Pick<TablesToWrite, "minCount" | "onTraining" | "signal">>,
): Promise<WrittenTable> {
  const size = { bytes: 0, characters: 0 };
  const kept = { distinct: 0, occurrences: 0 };
  const dropped = { distinct: 0, occurrences: 0 };
  const writer = await CountsWriter.create(join(work, file));
  let isDone = false;
  try {
    for await (const block of blocksOf(source)) {
      const { bytes, offsets, counts } = block;
      for (let i = 0; i < counts.length; i++) {
        const total = counts[i]! < minCount! ? dropped : kept;
        total.distinct++;
        total.occurrences += counts[i]!;
        if (total === kept) writer.add(bytes, offsets[i]!, offsets[i + 1]!, counts[i]!);
      }
      const text = textSize(block);
      size.bytes += text.bytes;
      size.characters += text.characters;
      onTraining!(block);
      // Lets a Ctrl-C be heard.
      await setImmediate();
      signal?.throwIfAborted();
    }
    const { rows, ...written } = writer.finish();
    isDone = true;
    const tail = minCount! > 1 ? droppedTail(minCount!, kept, dropped) : undefined;
    return { table: { ...kept, dropped: tail, parts: [{ file, ...written, rows }] }, size };
  } finally {
    if (!isDone) writer.abandon();
  }
}

function droppedTail(
  minCount: number,
  kept: { readonly distinct: number; readonly occurrences: number },
  dropped: { readonly distinct: number; readonly occurrences: number },
): DroppedTail {
  const share = (part: number, rest: number) => (part === 0 ? 0 : part / (part + rest));
  return {
    minCount,
    ...dropped,
    distinctShare: share(dropped.distinct, kept.distinct),
    occurrencesShare: share(dropped.occurrences, kept.occurrences),
  };
}

/**
 * Gives the tables in `work` their names in `folder`, and writes counts.json.
 * @throws VocabError `cannot-write`
 */
export async function publishCounts(folder: string, work: string, manifest: CountsManifest): Promise<void> {
  try {
    await makeFolder(folder);
    for (const file of [TRAINING_FILE, HELD_OUT_FILE]) await rename(join(work, file), join(folder, file));
    // Where a folder of before there was Parquet is written over.
    await rm(join(folder, "segments.bin"), { force: true });
  } catch (cause) {
    throw cannotWrite(folder, cause);
  }
  await writeFilesAtomically(folder, { [MANIFEST_FILE]: canonicalJson(manifest) });
}
