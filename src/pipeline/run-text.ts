// A text that a run goes through more than once: its segments stay in memory, its documents are read again.

import type { SegmentCounts } from "../counting/segment-counts.ts";

export interface RunText {
  readonly documents: number;
  readonly sha256: string;
  /** All its segments; those too long for a table in blocks of their own. */
  readonly blocks: readonly SegmentCounts[];
  /** For tokenizers that only whole documents are safe for; the bytes are valid during the call only. */
  eachDocument(take: (bytes: Uint8Array) => void): Promise<void>;
}
