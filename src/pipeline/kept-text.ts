// Text that a run goes through a second time, when the tokenizer that it makes is there: by language, in memory.

import type { BeforeAndAfter } from "../artifacts/model-card.ts";
import type { SegmentCounts } from "../counting/segment-counts.ts";
import type { TextSink } from "./learn-from-text.ts";

/** Which text it is. */
export type TextOrigin = Pick<BeforeAndAfter, "documents" | "sha256" | "every" | "seed">;

export class KeptText implements TextSink {
  private readonly blocks: SegmentCounts[][] = [];
  private readonly documents: Uint8Array[][] = [];

  block(block: SegmentCounts, language: number): void {
    addTo(this.blocks, language, block);
  }

  document(bytes: Uint8Array, language: number): void {
    addTo(this.documents, language, bytes.slice());
  }

  end(): void {}

  /** All segments of a language; those too long for a table in blocks of their own. */
  blocksOf(language: number): readonly SegmentCounts[] {
    return this.blocks[language] ?? [];
  }

  /** Where the base reads whole documents only; else none. */
  documentsOf(language: number): readonly Uint8Array[] {
    return this.documents[language] ?? [];
  }
}

function addTo<T>(lists: T[][], index: number, item: T): void {
  const list = lists[index];
  if (list === undefined) lists[index] = [item];
  else list.push(item);
}
