// Reads embedding-plan.json, whoever wrote it: what is needed to carry it out is checked here, once.

import { VocabError } from "../errors.ts";
import type { WeightedRows } from "./methods.ts";

/** The parts of an EmbeddingPlan that say what to do. */
export interface ReadPlan {
  readonly base: { readonly tokenizer: string; readonly sha256: string; readonly vocabSize: number };
  readonly target: {
    readonly vocabSize: number;
    readonly embeddingRows: number | null;
    readonly padToMultipleOf: number | null;
  };
  readonly method: string;
  readonly placement: string;
  /** In order of ids, which are contiguous. */
  readonly rows: readonly ReadPlanRow[];
  /** Name of a file beside the plan with learned rows, which win. */
  readonly vectors: string | undefined;
}

export interface ReadPlanRow {
  readonly id: number;
  /** Of the text that the token stands for, in hex; as the file says it. */
  readonly bytes: string | undefined;
  readonly input: WeightedRows;
  readonly output: WeightedRows;
  /** Base ids whose median norm the row gets. */
  readonly scaleIds: readonly number[] | undefined;
}

type Json = Readonly<Record<string, unknown>>;

const SCHEMA = "vocab.embedding-plan/1";

/** CONTRACT: |Σ weights − 1| is at most this. */
const TOLERANCE = 1e-9;

/** @throws VocabError `plan-invalid` */
export function readPlan(text: string, file: string): ReadPlan {
  const json = parseJson(text, file);
  if (json["schema"] !== SCHEMA)
    throw invalid(file, `expected the schema ${SCHEMA}, found ${JSON.stringify(json["schema"])}`);
  const base = object(json["base"], `${file}: base`);
  const target = object(json["target"], `${file}: target`);
  const vectors = json["vectors"] ?? undefined;
  if (vectors !== undefined && !isFileName(vectors))
    throw invalid(`${file}: vectors`, `expected the name of a file beside it, found ${shown(vectors)}`);
  const plan = {
    base: {
      tokenizer: typeof base["tokenizer"] === "string" ? base["tokenizer"] : "unknown",
      sha256: string(base["sha256"], `${file}: base.sha256`),
      vocabSize: count(base["vocabSize"], `${file}: base.vocabSize`),
    },
    target: {
      vocabSize: count(target["vocabSize"], `${file}: target.vocabSize`),
      embeddingRows: optionalCount(target["embeddingRows"], `${file}: target.embeddingRows`),
      padToMultipleOf: optionalCount(target["padToMultipleOf"], `${file}: target.padToMultipleOf`),
    },
    method: String(json["method"] ?? "unknown"),
    placement: String(json["placement"] ?? "append"),
    vectors,
  };
  return { ...plan, rows: readRows(json["rows"], file, plan) };
}

function parseJson(text: string, file: string): Json {
  try {
    return object(JSON.parse(text), file);
  } catch (cause) {
    if (cause instanceof VocabError) throw cause;
    throw invalid(file, `not valid JSON (${(cause as Error).message})`, cause);
  }
}

function readRows(value: unknown, file: string, plan: Pick<ReadPlan, "base" | "target">): ReadPlanRow[] {
  if (!Array.isArray(value)) throw invalid(`${file}: rows`, `expected a list, found ${shown(value)}`);
  const rows = value.map((row: unknown, i) => readRow(row, `${file}: rows[${i}]`, plan));
  rows.sort((a, b) => a.id - b.id);
  rows.forEach(({ id }, i) => {
    const expected = i === 0 ? id : rows[i - 1]!.id + 1;
    if (id < expected) throw invalid(`${file}: rows`, `id ${id} has two rows`);
    if (id > expected) throw invalid(`${file}: rows`, `id ${expected} has no row`);
  });
  const last = rows.at(-1)?.id;
  if (last !== undefined && last !== plan.target.vocabSize - 1)
    throw invalid(
      `${file}: rows`,
      `the last id is ${last}, but target.vocabSize is ${plan.target.vocabSize}`,
    );
  return rows;
}

function readRow(
  value: unknown,
  place: string,
  { base, target }: Pick<ReadPlan, "base" | "target">,
): ReadPlanRow {
  const row = object(value, place);
  const id = count(row["id"], `${place}.id`);
  if (id < base.vocabSize || id >= target.vocabSize)
    throw invalid(
      `${place}.id`,
      `${id} is not a new id: those are ${base.vocabSize} to ${target.vocabSize - 1}`,
    );
  return {
    id,
    bytes: typeof row["bytes"] === "string" ? row["bytes"] : undefined,
    input: weightedRows(row["input"], `${place}.input`, base.vocabSize),
    output: weightedRows(row["output"], `${place}.output`, base.vocabSize),
    scaleIds: scaleIds(row["scale"], `${place}.scale`, base.vocabSize),
  };
}

function weightedRows(value: unknown, place: string, end: number): WeightedRows {
  const side = object(value, place);
  const ids = baseIds(side["ids"], `${place}.ids`, end);
  const weights: unknown = side["weights"];
  if (!Array.isArray(weights) || !weights.every((weight) => typeof weight === "number"))
    throw invalid(`${place}.weights`, `expected a list of numbers, found ${shown(weights)}`);
  if (weights.length !== ids.length) throw invalid(place, `${ids.length} ids, but ${weights.length} weights`);
  const sum = weights.reduce((total: number, weight: number) => total + weight, 0);
  if (!(Math.abs(sum - 1) <= TOLERANCE)) throw invalid(`${place}.weights`, `sum to ${sum}, expected 1`);
  return { ids, weights };
}

function scaleIds(value: unknown, place: string, end: number): readonly number[] | undefined {
  if (value === undefined || value === null) return undefined;
  const scale = object(value, place);
  if (scale["rule"] !== "median-norm")
    throw invalid(`${place}.rule`, `expected "median-norm", found ${shown(scale["rule"])}`);
  return baseIds(scale["ids"], `${place}.ids`, end);
}

function baseIds(value: unknown, place: string, end: number): readonly number[] {
  if (!Array.isArray(value) || value.length === 0)
    throw invalid(place, `expected a list of base ids, found ${shown(value)}`);
  for (const id of value)
    if (!Number.isInteger(id) || id < 0 || id >= end)
      throw invalid(place, `${shown(id)} is not a base id: those are 0 to ${end - 1}`);
  return value as readonly number[];
}

function object(value: unknown, place: string): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid(place, `expected an object, found ${shown(value)}`);
  return value as Json;
}

function string(value: unknown, place: string): string {
  if (typeof value !== "string") throw invalid(place, `expected a string, found ${shown(value)}`);
  return value;
}

function count(value: unknown, place: string): number {
  if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > 0x7fffffff)
    throw invalid(place, `expected a whole number, found ${shown(value)}`);
  return value as number;
}

function optionalCount(value: unknown, place: string): number | null {
  return value === undefined || value === null ? null : count(value, place);
}

// Nothing that leads out of the folder.
function isFileName(value: unknown): value is string {
  return typeof value === "string" && /^[^/\\\0]+$/.test(value) && value !== "." && value !== "..";
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value).slice(0, 80);
}

function invalid(place: string, what: string, cause?: unknown): VocabError {
  return new VocabError("plan-invalid", `${place}: ${what}`, {
    cause,
    hint: "make the folder anew with vocab expand; docs/embedding-plan.md describes the file",
  });
}
