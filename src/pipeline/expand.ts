// The verb `expand`: learns tokens, enters them into the base's tokenizer.json, plans their embeddings, verifies the result
// and writes the artifact folder; or writes nothing and says why.

import { requireReplaceable } from "../artifacts/folder.ts";
import type { PlanMethod } from "../embeddings/methods.ts";
import { firstFreeId } from "../expansion/fit.ts";
import { type PlacementOptions, placeRows } from "../expansion/placement.ts";
import type { Budgets } from "../verification/panel-budget.ts";
import { Expansion } from "./expansion.ts";
import { loadExpansionBase } from "./expansion-base.ts";
import { type ExpansionLearningOptions, learnForExpansion } from "./expansion-learning.ts";
import type { ExpansionResult } from "./expansion-result.ts";
import { resolveLanguages } from "./language-texts.ts";
import { startRun } from "./run-record.ts";
import { requireCount } from "./train-options.ts";

export interface ExpandOptions extends Omit<ExpansionLearningOptions, "langs" | "onProgress"> {
  /** Artifact folder to write; one of ours is replaced. */
  readonly out: string;
  /** Rows of the base's embedding matrix. Default: where they are known. */
  readonly embeddingRows?: number | undefined;
  /** The rows become a multiple of this. Default: as many as needed. */
  readonly padTo?: number | undefined;
  /** Words may hold combining marks. Default: the pre-tokenizer stays as it is. */
  readonly relaxPreTokenizer?: "marks" | undefined;
  /** Default "mean". */
  readonly method?: PlanMethod | undefined;
  /** Globs of text of other languages that is reported on. Default: the declarations and code. */
  readonly panel?: readonly string[] | undefined;
  /** Share of the documents that may change, by the name of a panel text. Default: 0 for "en" and "code". */
  readonly budgets?: Budgets | undefined;
  readonly onProgress?: ((progress: ExpandProgress) => void) | undefined;
}

export type ExpandProgress =
  | Parameters<NonNullable<ExpansionLearningOptions["onProgress"]>>[0]
  | { readonly phase: "expanding" | "verifying" };

/**
 * @param lang BCP 47 tag, or several
 * @throws VocabError whose `kind` says whether the request or the contents of a file is wrong; `guarantee-failed` when the
 * result does not hold what it promises
 */
export async function expand(
  lang: string | readonly string[],
  options: ExpandOptions,
): Promise<ExpansionResult> {
  const run = startRun();
  const langs = typeof lang === "string" ? [lang] : lang;
  const languages = resolveLanguages(langs);
  requireNumbers(options);
  await requireReplaceable(options.out);
  const { embeddingRows, relaxPreTokenizer } = options;
  const base = run.loading(() => loadExpansionBase(options.base, { embeddingRows, relaxPreTokenizer }));
  const rows: PlacementOptions = {
    placement: options.placement ?? "append",
    embeddingRows: base.embeddingRows,
    padToMultipleOf: options.padTo,
  };
  // What cannot fit is known before anything is read.
  const least = typeof options.add === "number" ? options.add : 1;
  placeRows(firstFreeId(base.loaded.tokenizer.definition), least, rows);
  const learning = await learnForExpansion(languages, base, { ...options, langs });
  options.onProgress?.({ phase: "expanding" });
  return new Expansion(languages, base, rows, learning, options).write(run);
}

function requireNumbers({ add, max, embeddingRows, padTo }: ExpandOptions): void {
  const given = { "--add": add, "--max": max, "--embedding-rows": embeddingRows, "--pad-to": padTo };
  for (const [option, value] of Object.entries(given))
    if (typeof value === "number") requireCount(option, value, 1);
}
