// Reads an expansion and a checkpoint, checks that they fit together, and decides what becomes of every tensor and every file:
// all of `apply` but the writing.

import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { requireSameBase, sha256Of } from "../artifacts/checkpoint-base.ts";
import { type CheckpointFiles, checkpointFiles, isTokenizerFile } from "../artifacts/checkpoint-files.ts";
import { idsWithoutRow } from "../artifacts/rows-of-base.ts";
import {
  type ConfigChange,
  configChanges,
  tiesWordEmbeddings,
} from "../embeddings/checkpoint/model-config.ts";
import {
  type Checkpoint,
  CONFIG_FILE,
  INDEX_FILE,
  readCheckpoint,
  WEIGHTS_FILE,
} from "../embeddings/checkpoint/read-checkpoint.ts";
import { columnsOf, type Resizing } from "../embeddings/checkpoint/resized-matrix.ts";
import { targetRows } from "../embeddings/checkpoint/target-rows.ts";
import { haveSameBytes } from "../embeddings/checkpoint/tied-head.ts";
import {
  findVocabularyTensors,
  type NamedTensors,
  type VocabularyTensors,
} from "../embeddings/checkpoint/vocabulary-tensors.ts";
import { type NewShard, planShard } from "../embeddings/checkpoint/write-shard.ts";
import { LearnedVectors } from "../embeddings/learned-vectors.ts";
import { type ReadPlan, readPlan } from "../embeddings/read-plan.ts";
import { quoted } from "../embeddings/safetensors/header.ts";
import { VocabError } from "../errors.ts";

export interface ApplyInputs extends NamedTensors {
  /** Artifact folder of `expand`. */
  readonly expansion: string;
  /** Folder with the model's config.json and *.safetensors. */
  readonly checkpoint: string;
  /** File of learned rows, which win over the plan's weights. Default: the one that the plan names, if it names one. */
  readonly vectors?: string | undefined;
}

export interface Preparation {
  readonly inputs: ApplyInputs;
  readonly plan: ReadPlan;
  readonly planSha256: string;
  readonly vectors: LearnedVectors | undefined;
  readonly vectorsSha256: string | undefined;
  readonly checkpoint: Checkpoint;
  readonly comparedTokenizer: string | undefined;
  readonly vocabulary: VocabularyTensors;
  /** Ids of the base that its matrices have no row for. */
  readonly withoutRow: readonly number[];
  readonly rowsAfter: number;
  /** Whether the head is the embedding matrix, stored or not. */
  readonly tied: boolean;
  readonly resizings: readonly Resizing[];
  /** By name of the file; all files of weights. */
  readonly shards: ReadonlyMap<string, NewShard>;
  readonly config: readonly ConfigChange[];
  readonly files: CheckpointFiles;
  readonly findings: readonly string[];
}

const PLAN_FILE = "embedding-plan.json";

/** The caller closes `vectors`. */
export async function prepareApplication(inputs: ApplyInputs): Promise<Preparation> {
  const { plan, planSha256 } = await readPlanOf(inputs.expansion);
  const checkpoint = await readCheckpoint(inputs.checkpoint);
  const comparedTokenizer = await requireSameBase(plan.base, inputs.checkpoint, inputs.expansion);
  const vocabulary = findVocabularyTensors(checkpoint, inputs);
  const { rows, embeddings } = vocabulary;
  const withoutRow = await idsWithoutRow(plan, rows, quoted(embeddings[0]!.name), {
    expansion: inputs.expansion,
    isCompared: comparedTokenizer !== undefined,
  });
  const rowsAfter = targetRows(plan, rows, embeddings[0]!.name);
  const handled = new Set([CONFIG_FILE, INDEX_FILE, WEIGHTS_FILE, ...checkpoint.shards.keys()]);
  const files = await checkpointFiles(inputs.checkpoint, inputs.expansion, handled);
  const tied = await isTied(checkpoint, vocabulary);
  const vectors = await openVectors(inputs, plan);
  try {
    const vectorsSha256 = vectors && (await sha256Of(vectors.path));
    const resizings = resizingsOf(vocabulary, { plan, rowsAfter, tied, vectors });
    const shards = new Map(
      [...checkpoint.shards].map(([name, file]) => [name, planShard(file, ofShard(resizings, name))]),
    );
    const config = configChanges(checkpoint.config, rows, rowsAfter);
    const known = { inputs, plan, planSha256, checkpoint, comparedTokenizer, vocabulary, withoutRow };
    const prepared = { ...known, vectors, vectorsSha256, rowsAfter, tied, resizings, shards, config, files };
    return { ...prepared, findings: findingsOf(prepared) };
  } catch (error) {
    vectors?.close();
    throw error;
  }
}

export function ofShard(resizings: readonly Resizing[], shard: string): Resizing[] {
  return resizings.filter(({ tensor }) => tensor.shard === shard);
}

async function readPlanOf(expansion: string): Promise<{ plan: ReadPlan; planSha256: string }> {
  if ((await stat(expansion).catch(() => undefined))?.isDirectory() !== true)
    throw new VocabError("not-a-folder", `--expansion ${expansion} is not a folder`, {
      kind: "usage",
      hint: "name the folder that vocab expand wrote",
    });
  const path = join(expansion, PLAN_FILE);
  const bytes = await readFile(path).catch((cause: Error) => {
    throw new VocabError("unreadable", `${path} cannot be read: ${cause.message}`, {
      cause,
      hint: "name the folder that vocab expand wrote",
    });
  });
  const planSha256 = createHash("sha256").update(bytes).digest("hex");
  return { plan: readPlan(bytes.toString("utf8"), path), planSha256 };
}

async function openVectors(
  { expansion, vectors }: ApplyInputs,
  plan: ReadPlan,
): Promise<LearnedVectors | undefined> {
  const path = vectors ?? (plan.vectors && join(expansion, plan.vectors));
  if (path === undefined) return undefined;
  return await LearnedVectors.open(path, plan);
}

// A stored head that is the same as the embedding matrix is tied to it, unless the model says that it is not.
async function isTied(checkpoint: Checkpoint, { embeddings, heads }: VocabularyTensors): Promise<boolean> {
  if (heads.length === 0) return true;
  if (tiesWordEmbeddings(checkpoint.config) === false || heads.length > 1) return false;
  return await haveSameBytes(checkpoint, embeddings[0]!, heads[0]!);
}

function resizingsOf(
  { embeddings, heads, biases }: VocabularyTensors,
  { plan, rowsAfter, tied, vectors }: Pick<Preparation, "plan" | "rowsAfter" | "tied" | "vectors">,
): Resizing[] {
  const side = tied ? "input" : "output";
  const common = { rowsAfter, planned: plan.rows };
  const matrices = [
    ...embeddings.map((tensor) => ({ ...common, tensor, side: "input" as const, vectors })),
    ...heads.map((tensor) => ({ ...common, tensor, side, vectors }) as const),
  ];
  for (const { tensor, side } of matrices)
    vectors?.requireColumns(side, columnsOf(tensor.shape), tensor.name);
  return [...matrices, ...biases.map((tensor) => ({ ...common, tensor, side, vectors: undefined }) as const)];
}

function findingsOf(prepared: Omit<Preparation, "findings">): string[] {
  const { checkpoint, comparedTokenizer, vocabulary, withoutRow, rowsAfter, tied, config, files } = prepared;
  const { rows, heads } = vocabulary;
  const findings: string[] = [];
  if (comparedTokenizer === undefined)
    findings.push(
      "the checkpoint has no tokenizer file to compare with the plan's base: it was taken on trust",
    );
  if (!files.placed.some(({ name }) => isTokenizerFile(name)))
    findings.push("the expansion's folder has no tokenizer, so the new checkpoint has none either");
  if (withoutRow.length > 0)
    findings.push(
      `the matrix had no row for added tokens of the base (ids from ${withoutRow[0]}, ${withoutRow.length} in all); they have rows of zeros now`,
    );
  if (rows === rowsAfter) findings.push(`the ${rows} rows have room for all new tokens: no shape changes`);
  for (const { path, before, after } of config)
    if (before !== undefined && before !== rows)
      findings.push(
        `config.json said ${path} ${before}, but the matrix had ${rows} rows; it says ${after} now`,
      );
  if (!tied && tiesWordEmbeddings(checkpoint.config) === true)
    findings.push(
      `config.json says that the head is tied, but ${heads[0]!.name} differs from the embedding matrix: it got rows of its own, as transformers loads it`,
    );
  return findings;
}
