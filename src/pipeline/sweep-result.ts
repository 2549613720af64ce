// The result of `vocab sweep`, schema `vocab.sweep/1` (docs/sweep.md). Keys stand in the order in which they are written;
// all but `run` is a function of the inputs.

import type { FloorRule } from "../metrics/figures.ts";
import type { WordRule } from "../text/words.ts";
import type { StopReason } from "../training/learned.ts";
import type { TokenConstraints } from "../training/token-constraints.ts";
import type { RunRecord } from "./analysis-result.ts";
import type { ModelCost, Recommendation } from "./sweep-choice.ts";
import type { BaseRecord, TextRecord } from "./train-result.ts";

export interface SweepResult {
  readonly schema: "vocab.sweep/1";
  /** Of vocab. */
  readonly version: string;
  readonly base: BaseRecord;
  readonly languages: readonly SweptLanguage[];
  readonly options: {
    readonly max: number;
    readonly balance: "parity" | "size";
    readonly constraints: TokenConstraints;
  };
  readonly stopped: StopReason;
  readonly stopDetail: string;
  /** Of the held-out text, in ascending order of `count`; the first is the base. */
  readonly steps: readonly SweepStep[];
  /** The step where the curve bends most; absent where nothing is saved. */
  readonly knee?: number | undefined;
  /** Models that use this tokenizer. */
  readonly models: readonly ModelCost[];
  /** The model that decides. */
  readonly model?: string | undefined;
  readonly recommended: Recommendation;
  /** Sentences that should be said. */
  readonly findings: readonly string[];
  readonly run: RunRecord;
}

export interface SweptLanguage extends TextRecord {
  readonly words?: number | undefined;
  readonly wordRule: WordRule;
  /** The least fertility that added tokens can reach on the held-out text. */
  readonly floor?: number | undefined;
  readonly floorRule: FloorRule;
}

export interface SweepFigures {
  readonly tokens: number;
  readonly fertility?: number | undefined;
  readonly bytesPerToken?: number | undefined;
  /** Share of the base's tokens that is saved. */
  readonly saved: number;
}

export interface SweepStep extends SweepFigures {
  /** Tokens added. */
  readonly count: number;
  /** Share of them that occur in the held-out text; absent at 0. */
  readonly usedShare?: number | undefined;
  /** Median of their occurrences there. */
  readonly medianUses?: number | undefined;
  /** Where there are several: each, in order. */
  readonly languages?: readonly SweepFigures[] | undefined;
}
