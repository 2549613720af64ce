// The embedding plan: what the rows of the new tokens start from, as data. `vocab apply`, finetune/resize_embeddings.py and
// anyone else only execute it. The file is documented in docs/embedding-plan.md.

import type { PlacedRows, Placement } from "../expansion/placement.ts";
import type { LearnedTokens } from "../training/candidates.ts";
import { initialWeights, type PlanMethod, type WeightedRows } from "./methods.ts";

/** The row is stretched so that its norm is the median of the norms of these base rows of the same matrix. */
export interface RowScale {
  readonly rule: "median-norm";
  readonly ids: readonly number[];
}

export interface PlanRow {
  readonly id: number;
  /** As the model spells it. */
  readonly token: string;
  /** Hexadecimal. */
  readonly bytes: string;
  /** For the embedding matrix. */
  readonly input: WeightedRows;
  /** For the head; unused where it is tied to the embedding matrix. */
  readonly output: WeightedRows;
  readonly scale?: RowScale;
}

export interface EmbeddingPlan {
  readonly schema: "vocab.embedding-plan/1";
  readonly base: {
    /** Known name or path, as it was asked for. */
    readonly tokenizer: string;
    /** SHA-256 of its tokenizer.json. */
    readonly sha256: string;
    readonly vocabSize: number;
    /** Null where they are not known. */
    readonly embeddingRows: number | null;
  };
  readonly target: {
    readonly vocabSize: number;
    /** At least so many; a model that has more keeps what it has. */
    readonly embeddingRows: number | null;
    readonly padToMultipleOf: number | null;
  };
  readonly method: PlanMethod;
  readonly placement: Placement;
  readonly rows: readonly PlanRow[];
}

export interface PlanOptions {
  readonly base: EmbeddingPlan["base"];
  readonly target: PlacedRows;
  readonly placement: Placement;
  readonly method: PlanMethod;
  /** Base rows whose median norm "mean-median-norm" aims at. */
  readonly scriptIds: readonly number[];
}

export function makePlan({ firstId, candidates }: LearnedTokens, options: PlanOptions): EmbeddingPlan {
  const { base, target, method, placement, scriptIds } = options;
  const scales = method === "mean-median-norm" && scriptIds.length > 0;
  const rows = candidates.map(({ token, bytes, constituents }, k): PlanRow => {
    const { input, output } = initialWeights(method, constituents);
    const row = { id: firstId + k, token, bytes, input, output };
    return scales ? { ...row, scale: { rule: "median-norm", ids: scriptIds } } : row;
  });
  return { schema: "vocab.embedding-plan/1", base, target, method, placement, rows };
}

/** The file: indented as all our JSON, but each row on a line of its own. Weights are written in full, not rounded. */
export function planText({ rows, ...head }: EmbeddingPlan): string {
  const lines = rows.map((row) => `    ${JSON.stringify(row)}`);
  const list = lines.length === 0 ? "[]" : `[\n${lines.join(",\n")}\n  ]`;
  return `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "rows": ${list}\n}\n`;
}
