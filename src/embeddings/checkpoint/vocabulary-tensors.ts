// Finds the tensors of a checkpoint that have a row for every token, by the names that model families give them and by their
// shapes. What does not single out one tensor is asked for, never guessed.

import { type ErrorKind, VocabError } from "../../errors.ts";
import { numberFormat } from "../number-formats.ts";
import { quoted } from "../safetensors/header.ts";
import { architecturesOf, modelTypeOf, tiesWordEmbeddings, vocabSizes } from "./model-config.ts";
import type { Checkpoint, CheckpointTensor } from "./read-checkpoint.ts";

export interface VocabularyTensors {
  readonly embeddings: readonly CheckpointTensor[];
  /** Empty where the head is the embedding matrix, or the model has none. */
  readonly heads: readonly CheckpointTensor[];
  /** Of one dimension: a number for each token. */
  readonly biases: readonly CheckpointTensor[];
  /** Rows of all of them. */
  readonly rows: number;
}

export interface NamedTensors {
  /** Names of tensors. Default: found. */
  readonly embedding?: readonly string[] | undefined;
  readonly head?: readonly string[] | undefined;
}

/** Names of the module that holds the matrix, whatever stands before it ("model.", "language_model.model.", …). */
const EMBEDDING_MODULES: ReadonlySet<string> = new Set([
  "embed_tokens", // Llama, Mistral, Qwen, Gemma, Phi, OLMo, and most others
  "wte", // GPT-2, GPT-J, MPT
  "embed_in", // GPT-NeoX, Pythia
  "word_embeddings", // Falcon, BLOOM
  "tok_embeddings", // InternLM 2
  "shared", // T5, BART
]);
const HEAD_MODULES: ReadonlySet<string> = new Set([
  "lm_head",
  "embed_out", // GPT-NeoX, Pythia
  "output", // InternLM 2
  "output_layer", // ChatGLM
]);
/** Heads of layers that predict further tokens (DeepSeek V3), beside those above. */
const OTHER_HEAD_MODULES: ReadonlySet<string> = new Set(["head", "shared_head"]);

const MAX_LISTED = 10;

/** @throws VocabError `tensor-ambiguous` (usage where an option names no matrix), `tensor-not-numbers` */
export function findVocabularyTensors(checkpoint: Checkpoint, named: NamedTensors): VocabularyTensors {
  const embeddings = named.embedding?.map((name) => byName(checkpoint, name, "--embedding")) ?? [
    findEmbedding(checkpoint),
  ];
  const first = embeddings[0]!;
  const rows = first.shape[0]!;
  const heads = named.head?.map((name) => byName(checkpoint, name, "--head")) ?? findHeads(checkpoint, first);
  const matrices = [...embeddings, ...heads];
  for (const { name, shape } of matrices)
    if (shape[0] !== rows)
      throw unclear(`${quoted(name)} has ${shape[0]} rows, ${quoted(first.name)} has ${rows}`, matrices);
  const biases = findBiases(checkpoint, heads, rows);
  for (const tensor of [...matrices, ...biases]) requireNumbers(tensor);
  if (named.embedding === undefined) requireNoOther(checkpoint, matrices, first);
  return { embeddings, heads, biases, rows };
}

function byName({ tensors }: Checkpoint, name: string, option: string): CheckpointTensor {
  const tensor = tensors.find((each) => each.name === name);
  if (tensor !== undefined && tensor.shape.length === 2) return tensor;
  const fault =
    tensor === undefined ? "no tensor has this name" : `it has the shape [${tensor.shape.join(", ")}]`;
  throw unclear(`${option} ${name}: ${fault}`, matricesOf(tensors), { kind: "usage" });
}

function findEmbedding(checkpoint: Checkpoint): CheckpointTensor {
  const matrices = matricesOf(checkpoint.tensors);
  const sizes = vocabSizes(checkpoint.config).map(({ size }) => size);
  const candidates = matrices.filter(({ name }) => isOutside(name) && EMBEDDING_MODULES.has(moduleOf(name)));
  if (candidates.length === 1) return candidates[0]!;
  const ofSize = candidates.filter(({ shape }) => sizes.includes(shape[0]!));
  if (ofSize.length === 1) return ofSize[0]!;
  const model = `the model (${modelTypeOf(checkpoint.config) ?? "of no stated model_type"})`;
  if (candidates.length > 1)
    throw unclear(`${model} has several tensors that may be its embedding matrix`, candidates);
  const likely = matrices.filter(({ shape }) => sizes.includes(shape[0]!));
  throw unclear(
    `no tensor of ${model} has a known name of an embedding matrix`,
    likely.length > 0 ? likely : matrices,
  );
}

function findHeads(checkpoint: Checkpoint, embedding: CheckpointTensor): CheckpointTensor[] {
  const candidates = matricesOf(checkpoint.tensors).filter(
    ({ name }) => isOutside(name) && HEAD_MODULES.has(moduleOf(name)),
  );
  const ofSize = candidates.filter(({ shape }) => shape[0] === embedding.shape[0]);
  if (ofSize.length === 1) return ofSize;
  if (ofSize.length > 1) throw unclear("several tensors may be the head", ofSize, { option: "--head" });
  if (candidates.length > 0)
    throw unclear(
      `the head does not have the ${embedding.shape[0]} rows of ${quoted(embedding.name)}`,
      candidates,
    );
  const isBare = architecturesOf(checkpoint.config).every((name) => name.endsWith("Model"));
  if (tiesWordEmbeddings(checkpoint.config) === false && !isBare)
    throw unclear(
      "config.json says that the head is a matrix of its own (tie_word_embeddings is false), and no tensor has a known name of one",
      matricesOf(checkpoint.tensors).filter(({ shape }) => shape[0] === embedding.shape[0]),
      { option: "--head" },
    );
  return [];
}

// "lm_head.weight" → "lm_head.bias". Heads that are tied have one as well: it then lies alone.
function findBiases(
  { tensors }: Checkpoint,
  heads: readonly CheckpointTensor[],
  rows: number,
): CheckpointTensor[] {
  const ofHeads = new Set(heads.map(({ name }) => name.replace(/\.weight$/, ".bias")));
  return tensors.filter(
    ({ name, shape }) =>
      shape.length === 1 &&
      shape[0] === rows &&
      (ofHeads.has(name) || (isOutside(name) && /\.bias$/.test(name) && HEAD_MODULES.has(moduleOf(name)))),
  );
}

function requireNumbers(tensor: CheckpointTensor): void {
  if (numberFormat(tensor.dtype) !== undefined) return;
  throw new VocabError(
    "tensor-not-numbers",
    `${tensor.shard}: tensor ${quoted(tensor.name)} is ${tensor.dtype}; rows are computed in F32, F16, BF16 and F64`,
    { hint: "apply to the checkpoint that was not quantized, and quantize the result" },
  );
}

// Another matrix of the vocabulary that would keep its rows: a model that does not load, or wrong predictions.
function requireNoOther(
  { tensors }: Checkpoint,
  found: readonly CheckpointTensor[],
  { shape }: CheckpointTensor,
): void {
  const others = matricesOf(tensors).filter(
    (tensor) =>
      !found.includes(tensor) &&
      tensor.shape.join() === shape.join() &&
      [EMBEDDING_MODULES, HEAD_MODULES, OTHER_HEAD_MODULES].some((names) => names.has(moduleOf(tensor.name))),
  );
  if (others.length === 0) return;
  throw unclear("other tensors look like matrices of the vocabulary too", [...found, ...others]);
}

function matricesOf(tensors: readonly CheckpointTensor[]): CheckpointTensor[] {
  return tensors.filter(({ shape }) => shape.length === 2).sort((a, b) => b.shape[0]! - a.shape[0]!);
}

/** "model.embed_tokens.weight" → "embed_tokens" */
function moduleOf(name: string): string {
  return name.split(".").at(-2) ?? "";
}

// Within a numbered layer, "output" is something else.
function isOutside(name: string): boolean {
  return !name.split(".").some((part) => /^\d+$/.test(part));
}

function unclear(
  what: string,
  candidates: readonly CheckpointTensor[],
  { option = "--embedding", kind = "input" }: { readonly option?: string; readonly kind?: ErrorKind } = {},
): VocabError {
  const listed = candidates
    .slice(0, MAX_LISTED)
    .map(({ name, shape, dtype }) => `${name} [${shape.join(", ")}] ${dtype}`);
  const more = candidates.length > MAX_LISTED ? [`and ${candidates.length - MAX_LISTED} more`] : [];
  const list = listed.length === 0 ? "" : `: ${[...listed, ...more].join("; ")}`;
  return new VocabError("tensor-ambiguous", `${what}${list}`, {
    kind,
    hint: `name them: ${option === "--head" ? "" : "--embedding NAME, "}--head NAME (each may be repeated; a tied model needs no --head)`,
  });
}
