// A prepared application as data, for the result and for the record in the new folder.

import { basename } from "node:path";
import { architecturesOf, modelTypeOf } from "../embeddings/checkpoint/model-config.ts";
import { CONFIG_FILE, INDEX_FILE } from "../embeddings/checkpoint/read-checkpoint.ts";
import { type Resizing, rowBytes } from "../embeddings/checkpoint/resized-matrix.ts";
import { elementsOf } from "../embeddings/safetensors/dtypes.ts";
import type { Application, AppliedTensor } from "./application-result.ts";
import type { Preparation } from "./apply-preparation.ts";

/** @param notFinite how many new rows of a tensor hold a value that is not finite; not known before they are computed */
export function describeApplication(
  prepared: Preparation,
  notFinite: Readonly<Record<string, number>> = {},
): Application {
  const { plan, checkpoint, vocabulary, rowsAfter, tied, config, files } = prepared;
  const { base, method, placement } = plan;
  const before = vocabulary.rows;
  return {
    schema: "vocab.application/1",
    model: { type: modelTypeOf(checkpoint.config), architectures: architecturesOf(checkpoint.config) },
    plan: {
      sha256: prepared.planSha256,
      base: base.tokenizer,
      baseSha256: base.sha256,
      method,
      placement,
      newTokens: plan.rows.length,
      vectors: prepared.vectors && basename(prepared.vectors.path),
      vectorsSha256: prepared.vectorsSha256,
    },
    comparedTokenizer: prepared.comparedTokenizer,
    tied,
    rows: { before, after: rowsAfter, planned: plan.rows.length, zero: zeroRows(prepared) },
    tensors: prepared.resizings.map((resizing) => describeTensor(resizing, vocabulary)),
    parameters: parametersOf(prepared),
    bytes: {
      before: sum([...checkpoint.shards.values()], ({ bytes }) => bytes),
      after: sum([...prepared.shards.values()], ({ bytes }) => bytes),
    },
    config,
    files: {
      changed: changedFiles(prepared),
      placed: files.placed.map(({ name }) => name),
      copied: files.copied.map(({ name }) => name),
      leftOut: files.leftOut,
    },
    findings: [
      ...prepared.findings,
      ...Object.entries(notFinite)
        .filter(([, rows]) => rows > 0)
        .map(
          ([name, rows]) =>
            `${rows} new rows of ${name} hold values that are not finite, as rows of the base do`,
        ),
    ],
  };
}

// Rows behind the base's that no token has.
function zeroRows({ plan, vocabulary, rowsAfter }: Preparation): number {
  const behind = plan.rows.filter(({ id }) => id >= vocabulary.rows).length;
  return rowsAfter - vocabulary.rows - behind;
}

function describeTensor(
  { tensor, side, rowsAfter }: Resizing,
  { embeddings, heads }: Preparation["vocabulary"],
): AppliedTensor {
  const { name, dtype, shard, shape } = tensor;
  const role = embeddings.includes(tensor) ? "embedding" : heads.includes(tensor) ? "head" : "bias";
  return {
    name,
    role,
    weights: side,
    dtype,
    file: shard,
    shapeBefore: shape,
    shapeAfter: [rowsAfter, ...shape.slice(1)],
    bytesAdded: (rowsAfter - shape[0]!) * rowBytes(tensor),
  };
}

function parametersOf({ checkpoint, vocabulary, resizings, tied }: Preparation): Application["parameters"] {
  const isCopy = (name: string) => tied && vocabulary.heads.some((head) => head.name === name);
  const tensors = checkpoint.tensors.filter(({ name }) => !isCopy(name));
  const resized = resizings.filter(({ tensor }) => !isCopy(tensor.name));
  return {
    before: sum(tensors, ({ shape }) => elementsOf(shape)),
    added: sum(resized, ({ tensor: { shape }, rowsAfter }) =>
      elementsOf([rowsAfter - shape[0]!, ...shape.slice(1)]),
    ),
  };
}

function changedFiles({ checkpoint, resizings, config }: Preparation): string[] {
  const shards = new Set(resizings.map(({ tensor }) => tensor.shard));
  return [
    ...[...shards].sort(),
    ...(checkpoint.index === undefined ? [] : [INDEX_FILE]),
    ...(config.length === 0 ? [] : [CONFIG_FILE]),
  ];
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
