// Tiny checkpoints and expansions for the tests of `apply`, made of random numbers.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { WeightedRows } from "../../src/embeddings/methods.ts";
import { type MadeTensor, writeSafetensors } from "../embeddings/safetensors/make-safetensors.ts";
import { bytesPerElement } from "../reference/apply.ts";

/** Ids of the base; the new ones follow. */
export const VOCAB = 20;
export const HIDDEN = 6;
export const BASE_TOKENIZER = '{"base": "tokenizer"}\n';

export type Shapes = Readonly<Record<string, readonly [dtype: string, ...shape: number[]]>>;

/** Numbers of usual size, in each of the formats; the same for the same seed. */
export function randomTensor(dtype: string, shape: readonly number[], seed: number): MadeTensor {
  const count = shape.reduce((product, size) => product * size, 1);
  const data = Buffer.alloc(count * bytesPerElement(dtype));
  const random = generator(seed);
  for (let i = 0; i < count; i++) {
    const value = random() * 2 - 1;
    if (dtype === "F64") data.writeDoubleLE(value, 8 * i);
    else if (dtype === "F32") data.writeFloatLE(value, 4 * i);
    // Any sign and fraction, exponents about those of numbers around one.
    else if (dtype === "F16") data.writeUInt16LE((random() * 0x10000) & 0xbfff, 2 * i);
    else if (dtype === "BF16") data.writeUInt16LE(((random() * 0x10000) & 0x81ff) | 0x3e00, 2 * i);
    else data[i] = random() * 256;
  }
  return { dtype, shape, data };
}

function generator(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state * 48271) % 0x7fffffff;
    return state / 0x7fffffff;
  };
}

type Tensors = Readonly<Record<string, MadeTensor>>;

export interface MadeCheckpoint {
  readonly tensors: Tensors;
}

export interface CheckpointOptions {
  readonly config?: unknown;
  /** Names of the tensors of each file. Default: all in model.safetensors. */
  readonly shards?: readonly (readonly string[])[];
  /** Content by name. */
  readonly files?: Readonly<Record<string, string>>;
}

export function makeCheckpoint(
  folder: string,
  shapes: Shapes,
  options: CheckpointOptions = {},
): MadeCheckpoint {
  mkdirSync(folder, { recursive: true });
  const tensors = Object.fromEntries(
    Object.entries(shapes).map(([name, [dtype, ...shape]], i) => [
      name,
      randomTensor(dtype, shape, 7 * i + 1),
    ]),
  );
  const { shards, config = { model_type: "llama", vocab_size: VOCAB }, files = {} } = options;
  if (shards === undefined) writeSafetensors(join(folder, "model.safetensors"), tensors);
  else writeShards(folder, tensors, shards);
  writeFiles(folder, {
    "config.json": `${JSON.stringify(config, null, 2)}\n`,
    "tokenizer.json": BASE_TOKENIZER,
    ...files,
  });
  return { tensors };
}

function writeShards(folder: string, tensors: Tensors, shards: readonly (readonly string[])[]): void {
  const weightMap: Record<string, string> = {};
  shards.forEach((names, i) => {
    const file = `model-0000${i + 1}-of-0000${shards.length}.safetensors`;
    writeSafetensors(join(folder, file), Object.fromEntries(names.map((name) => [name, tensors[name]!])));
    for (const name of names) weightMap[name] = file;
  });
  const total = Object.values(tensors).reduce((sum, { data }) => sum + data.length, 0);
  const index = { metadata: { total_size: total }, weight_map: weightMap };
  writeFileSync(join(folder, "model.safetensors.index.json"), JSON.stringify(index, null, 2));
}

export interface PlanOptions {
  readonly rows?: readonly (readonly [input: WeightedRows, output: WeightedRows])[];
  readonly scaleIds?: readonly number[];
  readonly target?: Readonly<Record<string, unknown>>;
  readonly more?: Readonly<Record<string, unknown>>;
}

export const mean = (...ids: number[]): WeightedRows => ({ ids, weights: ids.map(() => 1 / ids.length) });

const ROWS = [
  [mean(1, 2, 3), mean(1, 2, 3)],
  [mean(7), { ids: [7, 8, 9], weights: [4 / 7, 2 / 7, 1 / 7] }],
  [mean(19, 0, 19), mean(19, 0)],
] as const;

export function planOf({ rows = ROWS, scaleIds, target = {}, more = {} }: PlanOptions = {}) {
  const scale = scaleIds && { rule: "median-norm" as const, ids: scaleIds };
  return {
    schema: "vocab.embedding-plan/1",
    base: {
      tokenizer: "tiny",
      sha256: createHash("sha256").update(BASE_TOKENIZER).digest("hex"),
      vocabSize: VOCAB,
      embeddingRows: null,
    },
    target: { vocabSize: VOCAB + rows.length, embeddingRows: null, padToMultipleOf: null, ...target },
    method: "mean",
    placement: "append",
    ...more,
    rows: rows.map(([input, output], i) => ({
      id: VOCAB + i,
      token: `new${i}`,
      bytes: Buffer.from(`new${i}`).toString("hex"),
      input,
      output,
      ...(scale === undefined ? {} : { scale }),
    })),
  };
}

export type Plan = ReturnType<typeof planOf>;

export function makeExpansion(
  folder: string,
  plan: unknown,
  files: Readonly<Record<string, string>> = {},
): void {
  writeFiles(folder, {
    "embedding-plan.json": JSON.stringify(plan),
    "tokenizer.json": '{"expanded": "tokenizer"}\n',
    "tokenizer_config.json": "{}\n",
    "README.md": "of the expansion",
    ...files,
  });
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** Content of all files below a folder, by path; links to folders are not followed. */
export function contentsOf(folder: string): Record<string, Buffer> {
  const contents: Record<string, Buffer> = {};
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isFile()) contents[entry.name] = readFileSync(path);
    if (!entry.isDirectory()) continue;
    for (const [name, content] of Object.entries(contentsOf(path)))
      contents[`${entry.name}/${name}`] = content;
  }
  return contents;
}

/** SHA-256 of all files below a folder: quicker to compare where they are large. */
export function hashesOf(folder: string): Record<string, string> {
  const hash = (content: Buffer) => createHash("sha256").update(content).digest("hex");
  return Object.fromEntries(
    Object.entries(contentsOf(folder)).map(([name, content]) => [name, hash(content)]),
  );
}

export interface ApplyFolders {
  readonly checkpoint: string;
  readonly expansion: string;
  readonly out: string;
}

/** Names of folders in `place`, which need not exist. */
export function foldersIn(place: string): ApplyFolders {
  return { checkpoint: join(place, "base"), expansion: join(place, "expansion"), out: join(place, "out") };
}

export const TIED: Shapes = {
  "model.embed_tokens.weight": ["BF16", VOCAB, HIDDEN],
  "model.layers.0.mlp.down_proj.weight": ["BF16", HIDDEN, 9],
  "model.norm.weight": ["F32", HIDDEN],
};
