// The arithmetic of the plan, as docs/embedding-plan.md states it: float64, in the plan's order, every operation rounded by
// itself. finetune/resize_embeddings.py does the same in the same order, and gets the same bits.

import type { WeightedRows } from "./methods.ts";
import type { ReadPlanRow } from "./read-plan.ts";

/** Puts a row of the base's matrix into `row`. */
export type ReadRow = (id: number, row: Float64Array) => void;

/** Which of a plan's two lists of weights: for the embedding matrix or for the head. */
export type Side = "input" | "output";

/** Computes new rows of one matrix, one at a time. A bias is a matrix of one column. */
export class PlannedRows {
  private readonly readRow: ReadRow;
  private readonly side: Side;
  private readonly part: Float64Array;
  private readonly medians = new Map<string, number>();

  constructor(columns: number, side: Side, readRow: ReadRow) {
    this.readRow = readRow;
    this.side = side;
    this.part = new Float64Array(columns);
  }

  /** Puts the row into `sum`. */
  compute(row: ReadPlanRow, sum: Float64Array): void {
    this.addUp(row[this.side], sum);
    if (row.scaleIds === undefined) return;
    const median = this.medianNorm(row.scaleIds);
    const length = norm(sum);
    if (!(length > 0)) return;
    const factor = median / length;
    for (let i = 0; i < sum.length; i++) sum[i]! *= factor;
  }

  private addUp({ ids, weights }: WeightedRows, sum: Float64Array): void {
    const { part } = this;
    sum.fill(0);
    ids.forEach((id, k) => {
      this.readRow(id, part);
      const weight = weights[k]!;
      for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + weight * part[i]!;
    });
  }

  private medianNorm(ids: readonly number[]): number {
    const key = ids.join();
    let median = this.medians.get(key);
    if (median === undefined) {
      median = medianOf(ids.map((id) => this.normOf(id)));
      this.medians.set(key, median);
    }
    return median;
  }

  private normOf(id: number): number {
    this.readRow(id, this.part);
    return norm(this.part);
  }
}

/** Euclidean, its squares added from first to last. */
export function norm(row: Float64Array): number {
  let total = 0;
  for (let i = 0; i < row.length; i++) total += row[i]! * row[i]!;
  return Math.sqrt(total);
}

/** Of an even number of values the mean of the two in the middle. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
