// Reads parallel files by aligned documents, most often lines: counts them, checks that all files have as many, and picks
// those that intervals are computed from. Empty documents count here, since each stands for one of the other languages.

import type { CorpusFile } from "../corpus/files.ts";
import { planShards } from "../corpus/shards.ts";
import { countShard, type DocumentUnit, type ReadOptions } from "../counting/count-shard.ts";
import { DocumentCollector } from "../counting/document-collector.ts";
import { DocumentSample } from "../counting/document-sample.ts";
import { VocabError } from "../errors.ts";
import { SAMPLE_DOCUMENTS } from "../metrics/interval.ts";

/** How many documents a file has, empty ones among them. */
export async function countAligned(file: CorpusFile, read: ReadOptions): Promise<number> {
  let count = 0;
  await readAligned(file, read, () => void count++);
  return count;
}

/**
 * @throws VocabError `not-aligned` naming two files and how many documents they have
 */
export function requireAligned(
  files: readonly CorpusFile[],
  counts: readonly number[],
  unit: DocumentUnit,
): void {
  const other = counts.findIndex((count) => count !== counts[0]);
  if (other < 0) return;
  throw new VocabError(
    "not-aligned",
    `the texts are not aligned: ${files[0]!.path} has ${counts[0]} ${unit}s, ${files[other]!.path} has ${counts[other]}`,
    { hint: `parallel files have the same ${unit}s in the same order; for other text use --corpus` },
  );
}

/**
 * The numbers (from 0, ascending) of the documents that intervals are computed from: all, or those with the smallest seeded
 * hashes of their numbers, the same in every language.
 */
export function sampledNumbers(count: number, seed: number): Int32Array {
  const sample = new DocumentSample(SAMPLE_DOCUMENTS, seed);
  const nothing = new Uint8Array(0);
  // A document that starts before the buffer has no bytes at hand; its place is its number.
  for (let number = 0; number < count; number++) sample.offer(number, ~number, nothing, -1, -1, number + 1);
  return Int32Array.from(sample.documents(), ({ offset }) => offset).sort();
}

/** The documents of these numbers, in their order. */
export async function readNumbered(
  file: CorpusFile,
  read: ReadOptions,
  numbers: Int32Array,
): Promise<Uint8Array[]> {
  const documents: Uint8Array[] = [];
  let number = 0;
  await readAligned(file, read, (bytes) => {
    if (numbers[documents.length] === number++) documents.push(bytes.slice());
  });
  return documents;
}

async function readAligned(
  file: CorpusFile,
  read: ReadOptions,
  onDocument: (bytes: Uint8Array) => void,
): Promise<void> {
  const collector = new DocumentCollector(read.maxDocumentBytes, onDocument, true);
  for (const shard of planShards([file], read.unit === "line"))
    if (shard.task === "text") await countShard(collector, file, shard, read);
}
