// Folders of counts as vocab wrote them before it wrote Parquet: counts.json and segments.bin. They are read as if they had
// the tables of today.

import { createHash } from "node:crypto";
import { join } from "node:path";
import { sortCounts } from "../counting/canonical-counts.ts";
import { decodeCounts, invalidCounts } from "../counting/counts-file.ts";
import { OneBlock } from "../counting/merge-sorted.ts";
import type { SegmentCounts } from "../counting/segment-counts.ts";
import {
  type CountsManifest,
  MANIFEST_FILE,
  misfit,
  SEGMENT_RULE,
  type SegmentTotals,
  type Shape,
} from "./counts-manifest.ts";
import { type CountedLanguage, type CountsTable, readWhole } from "./counts-table.ts";

const SEGMENTS_FILE = "segments.bin";

const TOTALS: Shape = { distinct: "number", occurrences: "number" };
const SHAPE: Shape = {
  corpus: { files: "number", sha256: "string" },
  files: [{ sha256: "string", bytes: "number" }],
  segments: { bytes: "number", sha256: "string", training: TOTALS, heldOut: TOTALS },
};

interface BinSegments {
  readonly bytes: number;
  readonly sha256: string;
  readonly training: SegmentTotals;
  readonly heldOut: SegmentTotals;
}

/** Whether counts.json names segments.bin. */
export function namesSegmentsBin(stored: Readonly<Record<string, unknown>>): boolean {
  return (stored["segments"] as Partial<Record<string, unknown>> | undefined)?.["file"] === SEGMENTS_FILE;
}

/** counts.json with the fields of today; its tables have no parts. */
export function manifestOfBin(
  value: Readonly<Record<string, unknown>>,
  path: string,
): Readonly<Record<string, unknown>> {
  const wrong = misfit(value, SHAPE, "");
  if (wrong !== undefined) throw invalidCounts(path, wrong);
  const { training, heldOut } = value["segments"] as BinSegments;
  const segments = {
    rule: SEGMENT_RULE,
    training: { ...training, parts: [] },
    heldOut: { ...heldOut, parts: [] },
  };
  return { ...value, segments };
}

/** @throws VocabError `counts-invalid` */
export async function readSegmentsBin(
  folder: string,
  stored: Readonly<Record<string, unknown>>,
  manifest: CountsManifest,
): Promise<CountedLanguage> {
  const { bytes, sha256 } = stored["segments"] as BinSegments;
  // The name is a part of the format: no other file is ever read.
  const path = join(folder, SEGMENTS_FILE);
  const data = await readWhole(path);
  if (data.length !== bytes)
    throw invalidCounts(path, `has ${data.length} bytes; ${MANIFEST_FILE} says ${bytes}`);
  if (createHash("sha256").update(data).digest("hex") !== sha256)
    throw invalidCounts(path, `is damaged: its SHA-256 is not the one that ${MANIFEST_FILE} has`);
  const [training, heldOut] = decodeCounts(data, 2, path);
  const { segments, ...rest } = manifest;
  return {
    ...rest,
    training: tableOf(training!, segments.training),
    heldOutCounts: tableOf(heldOut!, segments.heldOut),
  };
}

function tableOf(counts: SegmentCounts, { distinct, occurrences }: SegmentTotals): CountsTable {
  return { totals: { distinct, occurrences }, open: () => new OneBlock(sortCounts(counts)) };
}
