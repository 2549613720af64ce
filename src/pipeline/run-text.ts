// A text that a run goes through more than once, so that it stays in memory.

import type { BeforeAndAfter } from "../artifacts/model-card.ts";
import type { SegmentCounts } from "../counting/segment-counts.ts";

export interface RunText {
  readonly about: Pick<BeforeAndAfter, "documents" | "sha256" | "every" | "seed">;
  /** All its segments; those too long for a table in blocks of their own. */
  readonly blocks: readonly SegmentCounts[];
  /** For tokenizers that only whole documents are safe for; the bytes are valid during the call only. */
  eachDocument(take: (bytes: Uint8Array) => void): void;
}
