// Reads parallel files by aligned documents, most often lines: counts them, checks that all files have as many, and picks
// those that intervals are computed from. Empty documents count here, since each stands for one of the other languages.

import type { CorpusFile } from "../corpus/files.ts";
import { planShards } from "../corpus/shards.ts";
import { countShard, type DocumentUnit, type ReadOptions } from "../counting/count-shard.ts";
import { DocumentCollector } from "../counting/document-collector.ts";
import { DocumentSample } from "../counting/document-sample.ts";
import { VocabError } from "../errors.ts";
import { SAMPLE_DOCUMENTS } from "../metrics/interval.ts";

export interface AlignedSize {
  /** Empty ones among them. */
  readonly documents: number;
  readonly bytes: number;
}

export async function sizeOfAligned(file: CorpusFile, read: ReadOptions): Promise<AlignedSize> {
  let [documents, bytes] = [0, 0];
  await readAligned(file, read, (document) => {
    documents++;
    bytes += document.length;
  });
  return { documents, bytes };
}

/**
 * @throws VocabError `not-aligned` naming two files and how many documents they have
 */
export function requireAligned(
  files: readonly CorpusFile[],
  sizes: readonly AlignedSize[],
  unit: DocumentUnit,
): void {
  const first = sizes[0]!.documents;
  const other = sizes.findIndex(({ documents }) => documents !== first);
  if (other < 0) return;
  throw new VocabError(
    "not-aligned",
    `the texts are not aligned: ${files[0]!.path} has ${first} ${unit}s, ${files[other]!.path} has ${sizes[other]!.documents}`,
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

export interface NumberedDocuments {
  readonly documents: readonly Uint8Array[];
  /** Ill-formed sequences replaced in the whole file. */
  readonly invalid: number;
}

/**
 * The documents of these numbers, in their order.
 * @throws VocabError `file-changed`
 */
export async function readNumbered(
  file: CorpusFile,
  read: ReadOptions,
  numbers: Int32Array,
): Promise<NumberedDocuments> {
  const documents: Uint8Array[] = [];
  let number = 0;
  const invalid = await readAligned(file, read, (bytes) => {
    if (numbers[documents.length] === number++) documents.push(bytes.slice());
  });
  if (documents.length === numbers.length) return { documents, invalid };
  throw new VocabError("file-changed", `${file.path} became shorter while it was measured`, {
    hint: "run again when nothing writes to the file",
  });
}

async function readAligned(
  file: CorpusFile,
  read: ReadOptions,
  onDocument: (bytes: Uint8Array) => void,
): Promise<number> {
  let invalid = 0;
  const collector = new DocumentCollector(read.maxDocumentBytes, onDocument, true);
  for (const shard of planShards([file], read.unit === "line"))
    if (shard.task === "text") invalid += await countShard(collector, file, shard, read);
  return invalid;
}
