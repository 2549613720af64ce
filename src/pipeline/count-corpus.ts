// Counts the segments of a corpus once, for all tokenizers: in a pool of workers, or in this thread when it is small.

import { setImmediate } from "node:timers/promises";
import type { CorpusFile } from "../corpus/files.ts";
import { planShards, type Shard } from "../corpus/shards.ts";
import { type CountJob, type CountOutput, runCountJob, sharesOf } from "../counting/count-job.ts";
import type { ReadOptions } from "../counting/count-shard.ts";
import { countShard } from "../counting/count-shard.ts";
import { type DocumentSplit, mergeLists } from "../counting/document-chooser.ts";
import { DocumentCollector } from "../counting/document-collector.ts";
import { DocumentFilter } from "../counting/document-filter.ts";
import { mergeSamples, type SampledDocument } from "../counting/document-sample.ts";
import type { HeldOutCounts } from "../counting/document-split.ts";
import { addOutcomes, type FilterOutcome } from "../counting/filter-rules.ts";
import { FilteringSink } from "../counting/filtering-sink.ts";
import { type BlockSink, withoutLong } from "../counting/long-segments.ts";
import { mergeCounts } from "../counting/merge-counts.ts";
import { needsRanks, withLastRank } from "../counting/rank-documents.ts";
import type { SegmentCounts } from "../counting/segment-counts.ts";
import { corpusDigest, countedFile } from "../counts/corpus-digest.ts";
import type { CountedFile } from "../counts/counts-manifest.ts";
import { isRemote } from "../io/stored-file.ts";
import { countInPool } from "../workers/count-pool.ts";

/** Starting threads takes longer than counting this much. */
const IN_THREAD_BYTES = 1 << 20;

export interface CountedCorpus {
  /** All segments but the long ones, which went to `onBlock`; without those of the documents counted apart. */
  readonly counts: SegmentCounts;
  /** The documents that `split` counts apart, all segments. */
  readonly heldOut: HeldOutCounts | undefined;
  readonly documents: number;
  readonly invalid: number;
  readonly sample: readonly SampledDocument[];
  readonly sha256: string;
  /** In the order of the corpus. */
  readonly files: readonly CountedFile[];
  readonly workers: number;
  /** Where documents are left out. */
  readonly filtered: FilterOutcome | undefined;
  /** To read the same documents again: a sample has been found. */
  readonly read: ReadOptions;
}

export interface CountOptions {
  readonly read: ReadOptions;
  readonly workers: number;
  readonly seed: number;
  readonly sampleSize: number;
  readonly onBlock: BlockSink;
  /** Documents to count apart from the others. */
  readonly split?: DocumentSplit | undefined;
  /** Told how many of the stored bytes have been read. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export async function countCorpus(
  files: readonly CorpusFile[],
  options: CountOptions,
): Promise<CountedCorpus> {
  const read = needsRanks(options.read) ? await findSample(files, options) : options.read;
  const { outputs, workers } = await runJob({ ...jobOf(files, options), read }, options);
  const heldOut = mergeHeldOut(outputs);
  const digests = digestsOfFiles(files, outputs);
  return {
    counts: mergeCounts(
      outputs.map((output) => output.counts),
      heldOut === undefined ? [] : [withoutLong(heldOut.counts)],
    ),
    heldOut,
    documents: outputs.reduce((sum, output) => sum + output.documents, 0),
    invalid: outputs.reduce((sum, output) => sum + output.invalid, 0),
    sample: mergeSamples(
      outputs.map((output) => output.sample),
      options.sampleSize,
    ),
    sha256: corpusDigest(digests),
    files: digests,
    workers,
    filtered: filteredOf(outputs),
    read,
  };
}

function jobOf(
  files: readonly CorpusFile[],
  { read, sampleSize, seed, split }: Omit<CountOptions, "onBlock">,
): CountJob {
  return { files, shards: planShards(files, read.unit === "line"), read, sampleSize, seed, split };
}

/** How to read the documents of a sample of so many: its first pass finds the last of them. */
export async function findSample(
  files: readonly CorpusFile[],
  options: Omit<CountOptions, "onBlock">,
): Promise<ReadOptions> {
  const { signal, workers } = options;
  const job = { ...jobOf(files, options), ranksOnly: true };
  const { outputs } = await runJob(job, { signal, workers, onBlock: () => {} });
  return withLastRank(
    options.read,
    outputs.flatMap(({ ranks }) => ranks ?? []),
  );
}

/** Runs the job in this thread or in a pool; one output for each worker. */
export async function runJob(
  job: CountJob,
  options: Pick<CountOptions, "workers" | "onBlock" | "onBytes" | "signal">,
): Promise<{ readonly outputs: CountOutput[]; readonly workers: number }> {
  const stored = job.files.reduce((sum, file) => sum + file.size, 0);
  const isOne = stored <= IN_THREAD_BYTES || job.read.filter?.dedup !== undefined;
  const workers = isOne
    ? 1
    : Math.min(
        options.workers,
        job.disk?.units.length ?? job.shards.filter(({ task }) => task === "text").length,
      );
  // One worker is this thread: a second one would only add its start to the work. But who waits for a hub hears no Ctrl-C.
  const isHere = workers <= 1 && !job.files.some(isRemote);
  const outputs = isHere
    ? [await countHere(job, options)]
    : await countInPool(job, { ...options, workers: Math.max(1, workers) });
  return { outputs, workers };
}

function filteredOf(outputs: readonly CountOutput[]): FilterOutcome | undefined {
  const parts = outputs.flatMap(({ filtered }) => (filtered === undefined ? [] : [filtered]));
  return parts.length === 0 ? undefined : addOutcomes(parts);
}

function mergeHeldOut(outputs: readonly CountOutput[]): HeldOutCounts | undefined {
  const parts = outputs.flatMap(({ heldOut }) => (heldOut === undefined ? [] : [heldOut]));
  if (parts.length === 0) return undefined;
  return {
    counts: mergeCounts(parts.map(({ counts }) => counts)),
    documents: parts.reduce((sum, { documents }) => sum + documents, 0),
    list: mergeLists(parts.map(({ list }) => list)),
  };
}

function countHere(
  job: CountJob,
  { onBlock, onBytes, signal }: Pick<CountOptions, "onBlock" | "onBytes" | "signal">,
): Promise<CountOutput> {
  let next = 0;
  let read = 0;
  const onRead = (bytes: number) => {
    // A compressed file is one shard, however large.
    signal?.throwIfAborted();
    read += bytes;
    onBytes?.(read);
  };
  const nextShard = async () => {
    // Lets signals and timers through.
    await setImmediate();
    signal?.throwIfAborted();
    return next < sharesOf(job) ? next++ : -1;
  };
  return runCountJob({ ...job, read: { ...job.read, onBytes: onRead } }, nextShard, onBlock);
}

function digestsOfFiles(files: readonly CorpusFile[], outputs: readonly CountOutput[]): CountedFile[] {
  const digests = outputs
    .flatMap((output) => output.digests)
    .sort((a, b) => a.file - b.file || a.start - b.start);
  return files.map((file, index) =>
    countedFile(
      file,
      digests.filter(({ file: of }) => of === index).map(({ digest }) => digest),
    ),
  );
}

/** Hands every document of the corpus that is not left out to `onDocument`, in this thread, in the order of the files. */
export async function readDocuments(
  files: readonly CorpusFile[],
  read: ReadOptions,
  onDocument: (bytes: Uint8Array, file: number, offset: number) => void,
  only?: ReadonlySet<number>,
): Promise<void> {
  const shards: readonly Shard[] = planShards(files, read.unit === "line").filter(
    (shard) => shard.task === "text",
  );
  const filter = read.filter === undefined ? undefined : new DocumentFilter(read.filter);
  // Of equal texts the first stays, which may stand in any file.
  const isWanted = (file: number) => only === undefined || only.has(file) || read.filter?.dedup !== undefined;
  for (const shard of shards) {
    if (!isWanted(shard.file)) continue;
    const collector = new DocumentCollector(read.maxDocumentBytes, (bytes, offset) =>
      onDocument(bytes, shard.file, offset),
    );
    filter?.enterFile(shard.file);
    const sink =
      filter === undefined ? collector : new FilteringSink(collector, filter, read.maxDocumentBytes);
    await countShard(sink, files[shard.file]!, shard, read);
  }
}

/** The bytes of sampled documents; those too large to keep are read again from their files. */
export async function sampledBytes(
  sample: readonly SampledDocument[],
  files: readonly CorpusFile[],
  read: ReadOptions,
): Promise<Uint8Array[]> {
  const key = (file: number, offset: number) => `${file}:${offset}`;
  const missing = new Map(
    sample
      .filter((document) => document.bytes === undefined)
      .map((document) => [key(document.file, document.offset), new Uint8Array(0)]),
  );
  if (missing.size > 0) {
    const wanted = new Set(
      sample.filter((document) => document.bytes === undefined).map((document) => document.file),
    );
    await readDocuments(
      files,
      read,
      (bytes, file, offset) =>
        void (missing.has(key(file, offset)) && missing.set(key(file, offset), bytes.slice())),
      wanted,
    );
  }
  return sample.map((document) => document.bytes ?? missing.get(key(document.file, document.offset))!);
}
