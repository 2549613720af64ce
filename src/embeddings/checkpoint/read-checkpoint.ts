// A checkpoint folder: one model.safetensors, or several files and an index that says which tensor is in which.

import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { VocabError } from "../../errors.ts";
import { quoted, type TensorInfo } from "../safetensors/header.ts";
import { readSafetensors, type SafetensorsFile, unreadable } from "../safetensors/read-header.ts";

export interface Checkpoint {
  readonly folder: string;
  readonly config: JsonFile;
  readonly index: JsonFile | undefined;
  /** By name of the file; in order of names. */
  readonly shards: ReadonlyMap<string, SafetensorsFile>;
  readonly tensors: readonly CheckpointTensor[];
}

export interface CheckpointTensor extends TensorInfo {
  readonly shard: string;
}

export interface JsonFile {
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
}

export const WEIGHTS_FILE = "model.safetensors";
export const INDEX_FILE = "model.safetensors.index.json";
export const CONFIG_FILE = "config.json";

/** @throws VocabError `not-a-folder` (usage), `checkpoint-invalid`, `safetensors-invalid`, `unreadable` */
export async function readCheckpoint(folder: string): Promise<Checkpoint> {
  if ((await stat(folder).catch(() => undefined))?.isDirectory() !== true)
    throw new VocabError("not-a-folder", `--checkpoint ${folder} is not a folder`, {
      kind: "usage",
      hint: "name the folder with the model's config.json and *.safetensors",
    });
  const config = await readJson(folder, CONFIG_FILE);
  if (config === undefined) throw invalid(folder, `there is no ${CONFIG_FILE}`);
  const index = await readJson(folder, INDEX_FILE);
  const weightMap = index === undefined ? undefined : parseWeightMap(join(folder, INDEX_FILE), index.json);
  const shards = new Map<string, SafetensorsFile>();
  for (const name of await shardNames(folder, weightMap)) shards.set(name, await readShard(folder, name));
  const tensors = [...shards].flatMap(([shard, file]) =>
    file.tensors.map((tensor) => ({ ...tensor, shard })),
  );
  requireOnce(folder, tensors);
  if (weightMap !== undefined) requireIndexed(folder, weightMap, shards);
  return { folder, config, index, shards, tensors };
}

async function readJson(folder: string, name: string): Promise<JsonFile | undefined> {
  const path = join(folder, name);
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw unreadable(path, cause);
  });
  if (bytes === undefined) return undefined;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const json: unknown = JSON.parse(text);
    if (typeof json !== "object" || json === null || Array.isArray(json)) throw new Error("not an object");
    return { text, json: json as JsonFile["json"] };
  } catch (cause) {
    throw invalid(path, `not valid JSON (${(cause as Error).message})`, cause);
  }
}

function parseWeightMap(path: string, json: JsonFile["json"]): ReadonlyMap<string, string> {
  const map = json["weight_map"];
  if (typeof map !== "object" || map === null || Array.isArray(map))
    throw invalid(path, "weight_map is not an object");
  const entries = Object.entries(map as Record<string, unknown>);
  if (entries.length === 0) throw invalid(path, "weight_map is empty");
  for (const [tensor, file] of entries)
    if (typeof file !== "string" || !/^[^/\\\0]+\.safetensors$/.test(file))
      throw invalid(
        path,
        `tensor ${quoted(tensor)} is in ${JSON.stringify(file)}, not a *.safetensors beside it`,
      );
  return new Map(entries as [string, string][]);
}

async function shardNames(
  folder: string,
  weightMap: ReadonlyMap<string, string> | undefined,
): Promise<string[]> {
  const hasSingle = (await stat(join(folder, WEIGHTS_FILE)).catch(() => undefined)) !== undefined;
  if (weightMap === undefined) {
    if (hasSingle) return [WEIGHTS_FILE];
    throw invalid(folder, `there is neither ${WEIGHTS_FILE} nor ${INDEX_FILE}`);
  }
  const names = [...new Set(weightMap.values())].sort();
  // Readers disagree on which of the two counts.
  if (hasSingle && !names.includes(WEIGHTS_FILE))
    throw invalid(folder, `there is ${WEIGHTS_FILE}, but ${INDEX_FILE} does not name it`);
  return names;
}

async function readShard(folder: string, name: string): Promise<SafetensorsFile> {
  const path = join(folder, name);
  if ((await stat(path).catch(() => undefined)) === undefined)
    throw invalid(join(folder, INDEX_FILE), `${name} is missing`);
  return readSafetensors(path);
}

function requireOnce(folder: string, tensors: readonly CheckpointTensor[]): void {
  const shardOf = new Map<string, string>();
  for (const { name, shard } of tensors) {
    const other = shardOf.get(name);
    if (other !== undefined) throw invalid(folder, `tensor ${quoted(name)} is in ${other} and in ${shard}`);
    shardOf.set(name, shard);
  }
}

function requireIndexed(
  folder: string,
  weightMap: ReadonlyMap<string, string>,
  shards: ReadonlyMap<string, SafetensorsFile>,
): void {
  const namesOf = new Map(
    [...shards].map(([file, { tensors }]) => [file, new Set(tensors.map(({ name }) => name))]),
  );
  for (const [tensor, file] of weightMap)
    if (!namesOf.get(file)!.has(tensor))
      throw invalid(
        join(folder, INDEX_FILE),
        `tensor ${quoted(tensor)} should be in ${file}, which does not have it`,
      );
}

function invalid(place: string, what: string, cause?: unknown): VocabError {
  return new VocabError("checkpoint-invalid", `${place}: ${what}`, {
    cause,
    hint: "get an undamaged copy of the checkpoint; it must be of safetensors files, with its config.json",
  });
}
