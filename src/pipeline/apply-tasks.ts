// The files of the new checkpoint as tasks: weights copied with more rows, index and config.json with other numbers, the
// tokenizer of the expansion, and everything else as it is.

import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256Of } from "../artifacts/checkpoint-base.ts";
import type { FoundFile } from "../artifacts/checkpoint-files.ts";
import type { FileTask } from "../artifacts/write-checkpoint.ts";
import { changedConfig } from "../embeddings/checkpoint/model-config.ts";
import { CONFIG_FILE, INDEX_FILE } from "../embeddings/checkpoint/read-checkpoint.ts";
import { writeShard } from "../embeddings/checkpoint/write-shard.ts";
import { elementsOf } from "../embeddings/safetensors/dtypes.ts";
import { VocabError } from "../errors.ts";
import { type CopyOptions, copyWhole } from "../io/copy-range.ts";
import { version } from "../version.ts";
import { ofShard, type Preparation } from "./apply-preparation.ts";

/** The large files first; what makes the folder look like a model last. */
export function applyTasks(prepared: Preparation, options: CopyOptions): FileTask[] {
  const { inputs, checkpoint, files } = prepared;
  const texts: Readonly<Record<string, string>> = {
    ...(checkpoint.index === undefined ? {} : { [INDEX_FILE]: newIndex(prepared) }),
    [CONFIG_FILE]: changedConfig(checkpoint.config, prepared.config),
  };
  return [
    ...shardTasks(prepared, options),
    ...files.copied.map((file) => copyTask(inputs.checkpoint, file, options)),
    ...files.placed.map((file) => copyTask(inputs.expansion, file, options)),
    ...Object.entries(texts).map(([name, text]) => textTask(name, text)),
  ];
}

/** Hash of all that the new folder is a function of. Weights count by size, time and header: reading them is the work itself. */
export async function inputsHash(prepared: Preparation): Promise<string> {
  const { inputs, planSha256, checkpoint, resizings, rowsAfter, files } = prepared;
  const vectors = prepared.vectors && (await sha256Of(prepared.vectors.path));
  const placed = await Promise.all(
    files.placed.map(async ({ name }) => [name, await sha256Of(join(inputs.expansion, name))]),
  );
  const shards = await Promise.all(
    [...checkpoint.shards].map(async ([name, { headerText }]) => [
      ...(await stamp(inputs.checkpoint, name)),
      createHash("sha256").update(headerText).digest("hex"),
    ]),
  );
  const resized = resizings.map(({ tensor, side }) => [tensor.name, side]);
  const copied = files.copied.map(({ name, bytes, modifiedMs }) => [name, bytes, modifiedMs]);
  const texts = [checkpoint.config.text, checkpoint.index?.text];
  const all = [version, planSha256, vectors, placed, shards, resized, rowsAfter, copied, texts];
  return createHash("sha256").update(JSON.stringify(all)).digest("hex");
}

/** @throws VocabError `base-changed` */
export async function requireUnchanged(prepared: Preparation, before: string): Promise<void> {
  const { copied } = prepared.files;
  for (const file of copied) {
    const [, bytes, modifiedMs] = await stamp(prepared.inputs.checkpoint, file.name);
    if (bytes !== file.bytes || modifiedMs !== file.modifiedMs) throw changed(prepared, file.name);
  }
  if ((await inputsHash(prepared)) !== before)
    throw changed(prepared, "a file of weights, or of the expansion");
}

function shardTasks(
  { checkpoint, shards, resizings, inputs }: Preparation,
  options: CopyOptions,
): FileTask[] {
  return [...shards].map(([name, shard]) => {
    const source = checkpoint.shards.get(name)!;
    const own = ofShard(resizings, name);
    if (own.length === 0) return copyTask(inputs.checkpoint, { name, bytes: source.bytes }, options);
    return { name, bytes: shard.bytes, write: (path) => writeShard(source, shard, own, path, options) };
  });
}

function copyTask(
  folder: string,
  { name, bytes }: Omit<FoundFile, "modifiedMs">,
  options: CopyOptions,
): FileTask {
  return {
    name,
    bytes,
    async write(path) {
      const from = join(folder, name);
      if (await isCloned(from, path)) options.onBytes?.(bytes);
      else await copyWhole(from, path, options);
      return {};
    },
  };
}

// File systems that share blocks between files do so at once; others say that they cannot.
async function isCloned(from: string, to: string): Promise<boolean> {
  const flags = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE;
  return await copyFile(from, to, flags).then(
    () => true,
    () => false,
  );
}

function textTask(name: string, text: string): FileTask {
  return {
    name,
    bytes: Buffer.byteLength(text),
    async write(path) {
      await writeFile(path, text, { flag: "wx" });
      return {};
    },
  };
}

// The map stays: no tensor changes its file. What the numbers in "metadata" count does.
function newIndex({ checkpoint, shards }: Preparation): string {
  const { json } = checkpoint.index!;
  const old = (json["metadata"] ?? {}) as Readonly<Record<string, unknown>>;
  const tensors = [...shards.values()].flatMap((shard) => shard.tensors);
  const sum = (value: (tensor: (typeof tensors)[number]) => number) =>
    tensors.reduce((total, tensor) => total + value(tensor), 0);
  const added =
    sum(({ shape }) => elementsOf(shape)) -
    checkpoint.tensors.reduce((total, { shape }) => total + elementsOf(shape), 0);
  const { total_parameters: parameters } = old;
  const metadata = {
    ...old,
    ...(typeof parameters === "number" ? { total_parameters: parameters + added } : {}),
    total_size: sum(({ start, end }) => end - start),
  };
  return `${JSON.stringify({ ...json, metadata }, null, 2)}\n`;
}

async function stamp(
  folder: string,
  name: string,
): Promise<[name: string, bytes: number, modifiedMs: number]> {
  const { size, mtimeMs } = await stat(join(folder, name));
  return [name, size, mtimeMs];
}

function changed({ inputs }: Preparation, what: string): VocabError {
  return new VocabError(
    "base-changed",
    `${inputs.checkpoint}: ${what} changed while it was read; nothing was kept`,
    {
      hint: "run again when nothing else writes there",
    },
  );
}
