// The words that training counts: distinct pre-tokens under a base tokenizer with their weights, per language.

import type { SegmentCounts } from "../counting/segment-counts.ts";
import { planReading, type ReadingPlan } from "../tokenizer/safe-cuts.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";

/**
 * Feed it every block of the corpus, or every document when `needsDocuments`; blocks may come in any order and repeat
 * segments. Nothing is learned from added tokens or across them.
 */
export class TrainingWords {
  readonly base: Tokenizer;
  readonly languages: number;
  readonly plan: ReadingPlan;

  /** @param base from nothing: `byteBase(pattern)` of byte-base.ts */
  constructor(base: Tokenizer, languages = 1) {
    this.base = base;
    this.languages = languages;
    this.plan = planReading(base.definition);
  }

  /** Whether only whole documents are safe to read (safe-cuts.ts): `addDocument` then, not `addBlock`. */
  get needsDocuments(): boolean {
    return this.plan.kind === "documents";
  }

  addBlock(_block: SegmentCounts, _language = 0): void {}

  /** One document, `times` times. */
  addDocument(_bytes: Uint8Array, _language = 0, _times = 1): void {}

  /** Text in which new merges may fire no more often than `protectBudget`. */
  protectBlock(_block: SegmentCounts): void {}

  protectDocument(_bytes: Uint8Array): void {}
}
