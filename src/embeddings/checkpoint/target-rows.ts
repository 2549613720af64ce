// How many rows the matrices have afterwards, and whether the plan fits the rows that they have.

import { VocabError } from "../../errors.ts";
import type { ReadPlan } from "../read-plan.ts";
import { quoted } from "../safetensors/header.ts";

/**
 * Enough for every id, a multiple of the plan's unit where it has one, never fewer than there are.
 * @param tensor name of the matrix, for errors
 * @throws VocabError `no-free-rows`
 */
export function targetRows({ target, placement }: ReadPlan, rows: number, tensor: string): number {
  const unit = target.padToMultipleOf ?? 1;
  const wanted = Math.max(rows, target.vocabSize, target.embeddingRows ?? 0);
  const after = Math.ceil(wanted / Math.max(1, unit)) * Math.max(1, unit);
  if (placement === "fill-padding" && after !== rows)
    throw new VocabError(
      "no-free-rows",
      `${quoted(tensor)} has ${rows} rows, and the plan, which fills padding and must not add any, needs ${after}`,
      { hint: "expand with --embedding-rows of this checkpoint, or with --placement append" },
    );
  return after;
}
