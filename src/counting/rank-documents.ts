// The first pass of a sample of k documents: finds which document is the last of them, so that a second pass counts those
// up to it and holds none.

import type { CorpusFile } from "../corpus/files.ts";
import type { Shard } from "../corpus/shards.ts";
import { countShard, type ReadOptions } from "./count-shard.ts";
import { DocumentCollector } from "./document-collector.ts";
import { DocumentFilter } from "./document-filter.ts";
import { compareRanks, type DocumentRank } from "./filter-rules.ts";
import { FilteringSink } from "./filtering-sink.ts";

/** The documents with the smallest ranks. */
export class SmallestRanks {
  private readonly count: number;
  private ranks: DocumentRank[] = [];
  private limit: DocumentRank | undefined;

  constructor(count: number) {
    this.count = count;
  }

  add(rank: DocumentRank): void {
    if (this.limit !== undefined && compareRanks(rank, this.limit) > 0) return;
    this.ranks.push(rank);
    if (this.ranks.length >= 2 * this.count) this.select();
  }

  /** In ascending order. */
  all(): readonly DocumentRank[] {
    this.select();
    return this.ranks;
  }

  private select(): void {
    this.ranks = this.ranks.sort(compareRanks).slice(0, this.count);
    this.limit = this.ranks[this.count - 1];
  }
}

/** The ranks of the documents that may be in the sample, of the shards that `nextShard` gives. */
export async function rankDocuments(
  files: readonly CorpusFile[],
  shards: readonly Shard[],
  read: ReadOptions,
  nextShard: () => number | Promise<number>,
): Promise<readonly DocumentRank[]> {
  const filter = new DocumentFilter(read.filter!);
  const smallest = new SmallestRanks(sampleSize(read));
  const ranked = new DocumentCollector(Number.MAX_SAFE_INTEGER, (document, offset) =>
    smallest.add(filter.rankOf(document, offset)),
  );
  const sink = new FilteringSink(ranked, filter, read.maxDocumentBytes);
  for (let index = await nextShard(); index >= 0; index = await nextShard()) {
    const shard = shards[index]!;
    if (shard.task === "hash") continue;
    filter.enterFile(shard.file);
    await countShard(sink, files[shard.file]!, shard, read);
  }
  return smallest.all();
}

/** The options of the second pass, given the ranks that the workers of the first have found. */
export function withLastRank(read: ReadOptions, ranks: readonly DocumentRank[]): ReadOptions {
  const documents = sampleSize(read);
  const smallest = new SmallestRanks(documents);
  for (const rank of ranks) smallest.add(rank);
  const found = smallest.all();
  // A corpus of fewer documents is its own sample.
  const last = found[documents - 1] ?? { hash: Number.MAX_VALUE, file: 0, offset: 0 };
  return { ...read, filter: { ...read.filter!, sample: { kind: "count", documents, last } } };
}

/** Whether the last document of a sample has to be found first. */
export function needsRanks({ filter }: ReadOptions): boolean {
  return filter?.sample?.kind === "count" && filter.sample.last === undefined;
}

function sampleSize({ filter }: ReadOptions): number {
  return filter?.sample?.kind === "count" ? filter.sample.documents : 0;
}
