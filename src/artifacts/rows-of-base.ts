// Whether a checkpoint's matrices have a row for each id of the plan's base. The text models of Gemma 3 have 262,144 rows and a
// tokenizer of 262,145 ids: the last is an added token for images, for which the larger models alone have a row.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ReadPlan } from "../embeddings/read-plan.ts";
import { VocabError } from "../errors.ts";

export interface BaseOfRows {
  /** Folder of the expansion. */
  readonly expansion: string;
  /** Whether the checkpoint's own tokenizer was found to be the plan's base. */
  readonly isCompared: boolean;
}

/**
 * @param matrix name of the matrix as errors show it
 * @returns ids of the base without a row: added tokens of the tokenizer that no new token is made of; nearly always none
 * @throws VocabError `rows-too-few`
 */
export async function idsWithoutRow(
  plan: ReadPlan,
  rows: number,
  matrix: string,
  { expansion, isCompared }: BaseOfRows,
): Promise<number[]> {
  const { tokenizer, vocabSize } = plan.base;
  if (rows >= vocabSize) return [];
  // Of a checkpoint without a tokenizer the rows alone say whether the plan is of another base.
  const added = isCompared ? await addedIds(expansion) : new Set<number>();
  const needed = new Set(
    plan.rows.flatMap((row) => [...row.input.ids, ...row.output.ids, ...(row.scaleIds ?? [])]),
  );
  const missing = Array.from({ length: vocabSize - rows }, (_, i) => rows + i);
  if (missing.every((id) => added.has(id) && !needed.has(id))) return missing;
  throw new VocabError(
    "rows-too-few",
    `${matrix} has ${rows} rows, but the plan's base ${tokenizer} has ${vocabSize} ids`,
    { hint: "name the checkpoint of the model that the tokenizer belongs to" },
  );
}

// Without a tokenizer.json there are none that could be told from others.
async function addedIds(expansion: string): Promise<Set<number>> {
  const text = await readFile(join(expansion, "tokenizer.json"), "utf8").catch(() => "{}");
  const { added_tokens: added } = JSON.parse(text) as { readonly added_tokens?: unknown };
  return new Set(Array.isArray(added) ? added.map(({ id }: { readonly id: number }) => id) : []);
}
