// What one worker does: takes shard after shard from a shared list, counts the documents in them, hashes stored bytes.

import type { CorpusFile } from "../corpus/files.ts";
import type { Shard } from "../corpus/shards.ts";
import type { ReadOptions } from "./count-shard.ts";
import { countToDisk, type DiskCounting } from "./count-to-disk.ts";
import { countingParts } from "./counting-parts.ts";
import type { DocumentSplit } from "./document-chooser.ts";
import { DocumentFilter } from "./document-filter.ts";
import { DocumentSample, type SampledDocument } from "./document-sample.ts";
import type { HeldOutCounts } from "./document-split.ts";
import type { DocumentRank, FilterOutcome } from "./filter-rules.ts";
import { FilteringSink } from "./filtering-sink.ts";
import type { BlockSink } from "./long-segments.ts";
import { rankDocuments } from "./rank-documents.ts";
import type { SegmentCounts } from "./segment-counts.ts";
import { type ChunkDigest, workShard } from "./work-shard.ts";

export interface CountJob {
  readonly files: readonly CorpusFile[];
  readonly shards: readonly Shard[];
  readonly read: ReadOptions;
  readonly sampleSize: number;
  readonly seed: number;
  /** Documents to count apart from the others; only these are sampled then. */
  readonly split?: DocumentSplit | undefined;
  /** Count nothing, rank the documents: the first pass of a sample. */
  readonly ranksOnly?: boolean | undefined;
  /** Put what is counted on the disk; nothing is returned then, and units are shared out instead of shards. */
  readonly disk?: DiskCounting | undefined;
}

export interface CountOutput {
  /** Of all documents, those that were counted apart among them; but the long segments are of the others alone. */
  readonly counts: SegmentCounts;
  readonly heldOut?: HeldOutCounts | undefined;
  readonly documents: number;
  readonly invalid: number;
  readonly sample: readonly SampledDocument[];
  readonly digests: readonly ChunkDigest[];
  /** Where documents are left out. */
  readonly filtered?: FilterOutcome | undefined;
  /** Of a first pass. */
  readonly ranks?: readonly DocumentRank[] | undefined;
}

const NOTHING: CountOutput = {
  counts: { bytes: new Uint8Array(0), offsets: new Uint32Array(1), counts: new Float64Array(0) },
  documents: 0,
  invalid: 0,
  sample: [],
  digests: [],
};

/** How many shards or units there are to share out. */
export function sharesOf({ disk, shards }: CountJob): number {
  return disk?.units.length ?? shards.length;
}

/**
 * Works until `nextShard` says -1. One call per worker; the outputs of all workers add up to the corpus.
 * @param nextShard index of a shard, or unit, that nobody else works on
 */
export async function runCountJob(
  job: CountJob,
  nextShard: () => number | Promise<number>,
  onBlock: BlockSink,
): Promise<CountOutput> {
  if (job.ranksOnly === true) return rankOnly(job, nextShard);
  if (job.disk !== undefined) {
    await countToDisk(job, job.disk, nextShard);
    return NOTHING;
  }
  const sample = new DocumentSample(job.sampleSize, job.seed);
  const { maxDocumentBytes } = job.read;
  const { scanner, long, splitter } = countingParts({
    split: job.split,
    sample,
    onBlock,
    maxDocumentBytes,
    expectedBytes: job.files.reduce((sum, file) => sum + file.size, 0),
  });
  const filter = job.read.filter === undefined ? undefined : new DocumentFilter(job.read.filter);
  const sink = filter === undefined ? scanner : new FilteringSink(scanner, filter, maxDocumentBytes);
  let invalid = 0;
  const digests: ChunkDigest[] = [];
  for (let index = await nextShard(); index >= 0; index = await nextShard()) {
    const shard = job.shards[index]!;
    sample.enterFile(shard.file);
    filter?.enterFile(shard.file);
    const worked = await workShard(sink, job.files, shard, job.read);
    invalid += worked.invalid;
    digests.push(...worked.digests);
  }
  long.flush();
  return {
    counts: scanner.table.export(),
    heldOut: splitter?.result(),
    documents: scanner.documents,
    invalid,
    sample: sample.documents(),
    digests,
    filtered: filter?.outcome,
  };
}

async function rankOnly(
  { files, shards, read }: CountJob,
  nextShard: () => number | Promise<number>,
): Promise<CountOutput> {
  return { ...NOTHING, ranks: await rankDocuments(files, shards, read, nextShard) };
}
