// Adds up sorted counts without holding them: of several sources, always the segment that comes first.

import type { SegmentCounts } from "./segment-counts.ts";
import { BlockBuilder, compareSegments, type SortedSource } from "./sorted-counts.ts";

/** A block that is handed on: its segments, and their bytes. */
const BLOCK_ROWS = 1 << 15;
const BLOCK_BYTES = 1 << 22;

/** One source on its way through the merge: its block, and the segment in it that is next. */
interface Cursor {
  readonly source: SortedSource;
  readonly factor: number;
  block: SegmentCounts;
  at: number;
}

export interface MergedPart {
  readonly source: SortedSource;
  /** 1 to add its counts, -1 to take them off. */
  readonly factor: 1 | -1;
}

/** The sum of `parts`, each segment once and none whose count is 0. Closing it closes the parts. */
export class MergedSource implements SortedSource {
  private readonly parts: readonly MergedPart[];
  private readonly builder = new BlockBuilder();
  /** A heap: the cursor whose segment comes first is at 0. Undefined before the first call. */
  private heap: Cursor[] | undefined;

  constructor(parts: readonly MergedPart[]) {
    this.parts = parts;
  }

  async next(): Promise<SegmentCounts | undefined> {
    this.heap ??= await this.start();
    const { heap, builder } = this;
    builder.clear();
    for (let top = heap[0]; top !== undefined; top = heap[0]) {
      const { bytes, offsets, counts } = top.block;
      const [start, end] = [offsets[top.at]!, offsets[top.at + 1]!];
      const isSame = builder.lastIs(bytes, start, end);
      if (!isSame) {
        if (builder.size > 0 && builder.lastCount === 0) builder.removeLast();
        if (builder.size >= BLOCK_ROWS || builder.length >= BLOCK_BYTES) return builder.block();
        builder.add(bytes, start, end, 0);
      }
      builder.addToLast(top.factor * counts[top.at]!);
      top.at++;
      if (top.at === counts.length) await this.refill(heap, top);
      siftDown(heap);
    }
    if (builder.size > 0 && builder.lastCount === 0) builder.removeLast();
    return builder.size > 0 ? builder.block() : undefined;
  }

  close(): void {
    for (const { source } of this.parts) source.close();
  }

  private async start(): Promise<Cursor[]> {
    const heap: Cursor[] = [];
    for (const { source, factor } of this.parts) {
      const block = await source.next();
      if (block !== undefined) heap.push({ source, factor, block, at: 0 });
    }
    return heap.sort(compareCursors);
  }

  // The next block of the first cursor; one that has ended leaves the heap.
  private async refill(heap: Cursor[], top: Cursor): Promise<void> {
    const block = await top.source.next();
    if (block !== undefined) {
      top.block = block;
      top.at = 0;
      return;
    }
    const last = heap.pop()!;
    if (heap.length > 0) heap[0] = last;
  }
}

function siftDown(heap: Cursor[]): void {
  const moved = heap[0];
  if (moved === undefined) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && compareCursors(heap[child + 1]!, heap[child]!) < 0) child++;
    if (compareCursors(moved, heap[child]!) <= 0) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = moved;
}

function compareCursors(a: Cursor, b: Cursor): number {
  const { block: mine, at } = a;
  const { block: theirs, at: other } = b;
  return compareSegments(
    mine.bytes,
    mine.offsets[at]!,
    mine.offsets[at + 1]!,
    theirs.bytes,
    theirs.offsets[other]!,
    theirs.offsets[other + 1]!,
  );
}

/** Counts that are in memory, in order. */
export class OneBlock implements SortedSource {
  private block: SegmentCounts | undefined;

  constructor(block: SegmentCounts) {
    this.block = block.counts.length === 0 ? undefined : block;
  }

  next(): SegmentCounts | undefined {
    const { block } = this;
    this.block = undefined;
    return block;
  }

  close(): void {}
}

/** Every block of a source, which is closed at the end. */
export async function* blocksOf(source: SortedSource): AsyncGenerator<SegmentCounts> {
  try {
    for (let block = await source.next(); block !== undefined; block = await source.next()) yield block;
  } finally {
    source.close();
  }
}
