// How many rows the embedding matrix has once the new ids are in it. Models often have more rows than their tokenizer has
// ids ("padding"): new ids take those first, and the matrix grows only for the rest.

import { VocabError } from "../errors.ts";

/** "append": rows grow when needed. "fill-padding": the new ids have to fit into the rows that there are. */
export type Placement = "append" | "fill-padding";

export interface PlacementOptions {
  readonly placement: Placement;
  /** Rows of the base's embedding matrix, where they are known. */
  readonly embeddingRows: number | undefined;
  /** The rows become a multiple of this. */
  readonly padToMultipleOf: number | undefined;
}

export interface PlacedRows {
  readonly vocabSize: number;
  /** The least number of rows that holds all ids; a model that has more keeps what it has. */
  readonly embeddingRows: number;
  readonly padToMultipleOf: number | null;
}

/**
 * @param vocabSize ids of the base
 * @param added new ids
 * @throws VocabError `rows-unknown`, `no-free-rows`, `rows-not-multiple` (usage)
 */
export function placeRows(vocabSize: number, added: number, options: PlacementOptions): PlacedRows {
  const { placement, embeddingRows = 0, padToMultipleOf } = options;
  if (placement === "fill-padding") requireRoom(vocabSize, added, options);
  const ids = vocabSize + added;
  const unit = padToMultipleOf ?? 1;
  const rows = Math.ceil(Math.max(ids, embeddingRows) / unit) * unit;
  return { vocabSize: ids, embeddingRows: rows, padToMultipleOf: padToMultipleOf ?? null };
}

/** Rows that no id of the base uses; undefined when it is not known how many rows there are. */
export function freeRows(vocabSize: number, embeddingRows: number | undefined): number | undefined {
  return embeddingRows === undefined ? undefined : Math.max(0, embeddingRows - vocabSize);
}

function requireRoom(vocabSize: number, added: number, options: PlacementOptions): void {
  const { embeddingRows, padToMultipleOf } = options;
  if (embeddingRows === undefined)
    throw new VocabError(
      "rows-unknown",
      "--placement fill-padding: the rows of the model's embedding matrix are not known",
      { kind: "usage", hint: "say them: --embedding-rows N (vocab_size in the model's config.json)" },
    );
  const free = freeRows(vocabSize, embeddingRows)!;
  if (added > free)
    throw new VocabError(
      "no-free-rows",
      `--placement fill-padding: ${added} new tokens do not fit into ${free} free rows (${embeddingRows} rows, ${vocabSize} ids)`,
      { kind: "usage", hint: `--add ${free} or less, or --placement append` },
    );
  if (padToMultipleOf !== undefined && embeddingRows % padToMultipleOf !== 0)
    throw new VocabError(
      "rows-not-multiple",
      `--pad-to ${padToMultipleOf}: fill-padding keeps the ${embeddingRows} rows, which are no multiple of it`,
      { kind: "usage", hint: "leave --pad-to out, or use --placement append" },
    );
}
