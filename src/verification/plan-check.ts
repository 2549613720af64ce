// G10: the embedding plan says for each new id, once, how its rows start, and does so from rows that the base has.

import { modelTokenBytes } from "../tokenizer/model-tokens.ts";
import { isByteLevel } from "../tokenizer/require-bpe.ts";
import { type Check, checkOf, everyKind } from "./certificate.ts";
import { isRecord } from "./json-values.ts";
import { endOfIds, type Subject } from "./subject.ts";
import { nameOfId } from "./token-names.ts";

/** CONTRACT: |Σ weights − 1| is at most this. */
const TOLERANCE = 1e-9;

export function checkPlan(base: Subject, expanded: Subject, newIds: readonly number[], plan: unknown): Check {
  if (!isRecord(plan) || plan["schema"] !== "vocab.embedding-plan/1" || !Array.isArray(plan["rows"]))
    return checkOf("G10", ["embedding-plan.json is not a vocab.embedding-plan/1"], "");
  const rows: readonly unknown[] = plan["rows"];
  const context = { base, expanded, method: plan["method"] };
  const inRows = rows.flatMap((row, i) =>
    isRecord(row) ? rowFaults(context, row).map((fault) => `rows[${i}]: ${fault}`) : [],
  );
  const faults = everyKind(headFaults(base, expanded, plan), idFaults(rows, newIds), inRows);
  return checkOf(
    "G10",
    faults,
    `a row for each of ${newIds.length} new ids, once; all constituents are ids of the base, all weights sum to 1`,
    { rows: rows.length, newIds: newIds.length, faults: faults.length },
  );
}

function headFaults(base: Subject, expanded: Subject, plan: Readonly<Record<string, unknown>>): string[] {
  const from = isRecord(plan["base"]) ? plan["base"] : {};
  const target = isRecord(plan["target"]) ? plan["target"] : {};
  const faults: string[] = [];
  const end = endOfIds(expanded.definition);
  if (from["sha256"] !== base.sha256)
    faults.push(`base.sha256 is ${String(from["sha256"])}, but ${base.source} has ${base.sha256}`);
  if (from["vocabSize"] !== endOfIds(base.definition))
    faults.push(`base.vocabSize is ${String(from["vocabSize"])}, the base has ${endOfIds(base.definition)}`);
  if (target["vocabSize"] !== end)
    faults.push(`target.vocabSize is ${String(target["vocabSize"])}, tokenizer.json has ${end}`);
  const rows = target["embeddingRows"] ?? null;
  const baseRows = from["embeddingRows"] ?? null;
  if (rows !== null && !isCount(rows)) faults.push(`target.embeddingRows is ${JSON.stringify(rows)}`);
  if (isCount(rows) && rows < end)
    faults.push(`target.embeddingRows is ${rows}, but the highest id is ${end - 1}`);
  const tokens = base.definition.model.tokens.length;
  if (isCount(baseRows) && baseRows < tokens)
    faults.push(`base.embeddingRows is ${baseRows}, but the base has ${tokens} tokens`);
  if (isCount(rows) && isCount(baseRows) && rows < baseRows)
    faults.push(`target.embeddingRows is ${rows}, fewer than the base's ${baseRows}`);
  return faults;
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}

function idFaults(rows: readonly unknown[], newIds: readonly number[]): string[] {
  const seen = new Set<number>();
  const expected = new Set(newIds);
  const faults: string[] = [];
  rows.forEach((row, i) => {
    const id = isRecord(row) ? row["id"] : undefined;
    if (!isCount(id) || !expected.has(id))
      faults.push(`rows[${i}]: id ${JSON.stringify(id)} is not a new id`);
    else if (seen.has(id)) faults.push(`rows[${i}]: id ${id} has a row already`);
    else seen.add(id);
  });
  for (const id of newIds) if (!seen.has(id)) faults.push(`id ${id} has no row`);
  return faults;
}

interface PlanContext {
  readonly base: Subject;
  readonly expanded: Subject;
  readonly method: unknown;
}

function rowFaults(
  { base, expanded, method }: PlanContext,
  row: Readonly<Record<string, unknown>>,
): string[] {
  const { model } = expanded.definition;
  const id = row["id"] as number;
  const token = model.tokens.at(id);
  if (token === undefined) return [];
  const name = nameOfId(expanded.definition, id);
  const bytes = Buffer.from(modelTokenBytes(model, token)).toString("hex");
  const faults: string[] = [];
  if (row["token"] !== token)
    faults.push(`token is ${JSON.stringify(row["token"])}, tokenizer.json has ${name}`);
  const textBytes = isByteLevel(model) ? bytes : withSpaces(bytes);
  if (row["bytes"] !== textBytes)
    faults.push(`bytes of ${name} are ${String(row["bytes"])}, expected ${textBytes}`);
  for (const side of ["input", "output"])
    faults.push(...weightFaults(base, row[side], `${side} of ${name}`, method));
  const spelling = isRecord(row["output"]) ? row["output"]["ids"] : undefined;
  if (spells(base, spelling) !== undefined && spells(base, spelling) !== bytes)
    faults.push(`constituents of ${name} spell ${spells(base, spelling)}, not ${bytes}`);
  const scale = row["scale"];
  if (
    scale !== undefined &&
    !(isRecord(scale) && scale["rule"] === "median-norm" && areBaseIds(base, scale["ids"]))
  )
    faults.push(`scale of ${name} is not a median-norm over ids of the base`);
  return faults;
}

// "▁" of a model over characters stands for a space: e29681 → 20.
function withSpaces(hex: string): string {
  return (hex.match(/../g) ?? []).join(" ").replaceAll("e2 96 81", "20").replaceAll(" ", "");
}

function weightFaults(base: Subject, rows: unknown, name: string, method: unknown): string[] {
  if (!isRecord(rows) || !Array.isArray(rows["weights"]) || !areBaseIds(base, rows["ids"]))
    return [`${name}: expected ids of the base and their weights`];
  const weights: readonly unknown[] = rows["weights"];
  const count = (rows["ids"] as readonly unknown[]).length;
  if (weights.length !== count) return [`${name}: ${count} ids, but ${weights.length} weights`];
  if (!weights.every((weight) => typeof weight === "number" && Number.isFinite(weight)))
    return [`${name}: a weight is not a number`];
  const sum = (weights as readonly number[]).reduce((total, weight) => total + weight, 0);
  if (Math.abs(sum - 1) > TOLERANCE) return [`${name}: weights sum to ${sum}, expected 1`];
  const isMean = typeof method === "string" && method.startsWith("mean");
  const odd = (weights as readonly number[]).find((weight) => Math.abs(weight - 1 / count) > TOLERANCE);
  return isMean && odd !== undefined
    ? [`${name}: a weight is ${odd}, but a mean of ${count} has ${1 / count}`]
    : [];
}

function areBaseIds(base: Subject, ids: unknown): ids is readonly number[] {
  const { tokens } = base.definition.model;
  return (
    Array.isArray(ids) && ids.length > 0 && ids.every((id) => isCount(id) && tokens.at(id) !== undefined)
  );
}

// The bytes of the constituents one after another; undefined where they are not listed, or one stands for an unknown
// character of a Unigram base.
function spells(base: Subject, ids: unknown): string | undefined {
  const { model } = base.definition;
  if (!areBaseIds(base, ids)) return undefined;
  if (model.type === "unigram" && ids.includes(model.unknownId)) return undefined;
  return Buffer.concat(ids.map((id) => modelTokenBytes(model, model.tokens.at(id)!))).toString("hex");
}
