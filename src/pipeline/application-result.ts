// What `apply` returns, schema `vocab.application/1` (docs/apply.md).

import type { ConfigChange } from "../embeddings/checkpoint/model-config.ts";
import type { Side } from "../embeddings/planned-rows.ts";
import type { RunRecord } from "./analysis-result.ts";

/** What an expansion makes of a checkpoint; the same for a dry run. */
export interface Application {
  readonly schema: "vocab.application/1";
  readonly model: { readonly type?: string | undefined; readonly architectures: readonly string[] };
  readonly plan: {
    readonly sha256: string;
    readonly base: string;
    readonly baseSha256: string;
    readonly method: string;
    readonly placement: string;
    readonly newTokens: number;
    /** File of learned rows, which win over the plan's weights. */
    readonly vectors?: string | undefined;
    readonly vectorsSha256?: string | undefined;
  };
  /** File of the checkpoint whose SHA-256 is the base's; absent where it had none to compare. */
  readonly comparedTokenizer?: string | undefined;
  /** Whether the head is the embedding matrix. */
  readonly tied: boolean;
  readonly rows: {
    readonly before: number;
    readonly after: number;
    /** Rows of new tokens; some may have been padding. */
    readonly planned: number;
    /** New rows that no token has: zeros. */
    readonly zero: number;
  };
  readonly tensors: readonly AppliedTensor[];
  /** Numbers in the checkpoint; a tied head that is stored once more does not count. */
  readonly parameters: { readonly before: number; readonly added: number };
  /** Of the files of weights. */
  readonly bytes: { readonly before: number; readonly after: number };
  /** Values of config.json that change. */
  readonly config: readonly ConfigChange[];
  readonly files: {
    /** Weights with new rows, their index, config.json. */
    readonly changed: readonly string[];
    /** From the expansion's folder. */
    readonly placed: readonly string[];
    readonly copied: readonly string[];
    /** Of the base: what would contradict the new vocabulary. */
    readonly leftOut: readonly string[];
  };
  /** What should be known, as sentences. */
  readonly findings: readonly string[];
}

export interface AppliedTensor {
  readonly name: string;
  readonly role: "embedding" | "head" | "bias";
  /** Which of the plan's weights its new rows follow. */
  readonly weights: Side;
  readonly dtype: string;
  readonly file: string;
  readonly shapeBefore: readonly number[];
  readonly shapeAfter: readonly number[];
  readonly bytesAdded: number;
}

export interface ApplicationResult extends Application {
  /** Folders as they were named. */
  readonly expansion: string;
  readonly checkpoint: string;
  readonly out: string;
  /** Whether nothing was written. */
  readonly dryRun: boolean;
  readonly run: RunRecord;
}
