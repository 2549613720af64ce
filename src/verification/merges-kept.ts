// G2: the merges of the base are the first of the new merges, in their order, and no pair stands twice.

import type { BpeDefinition, BpeModel } from "../tokenizer/definition.ts";
import { shown } from "../tokenizer/json-reader.ts";
import { type Check, checkOf } from "./certificate.ts";
import { checkRanks } from "./ranks-kept.ts";

export function checkMerges(baseDefinition: BpeDefinition, expanded: BpeDefinition): Check {
  const base = baseDefinition.model;
  const { model } = expanded;
  if (base.ranks !== undefined || model.ranks !== undefined) return checkRanks(baseDefinition, expanded);
  const kept = keptMerges(base, model);
  const baseMerges = base.merges.length / 3;
  const newMerges = model.merges.length / 3 - baseMerges;
  const repeated = repeatedPairs(base, model);
  const faults = kept === baseMerges ? [] : [brokenPrefix(base, model, kept)];
  faults.push(...repeated);
  return checkOf(
    "G2",
    faults,
    `the ${baseMerges} merges of the base come first, in their order; ${newMerges} follow, and no pair stands twice`,
    { baseMerges, newMerges, keptInOrder: kept, repeatedPairs: repeated.length },
  );
}

/** How many merges at the start are those of the base. */
export function keptMerges(base: BpeModel, model: BpeModel): number {
  const end = Math.min(base.merges.length, model.merges.length);
  for (let at = 0; at < end; at++)
    if (base.tokens.at(base.merges[at]!) !== model.tokens.at(model.merges[at]!)) return Math.floor(at / 3);
  return end / 3;
}

function brokenPrefix(base: BpeModel, model: BpeModel, rank: number): string {
  const expected = mergeAt(base, rank);
  if (3 * rank >= model.merges.length) return `merges end after ${rank}: the base goes on with ${expected}`;
  const found = placeOf(model, base, rank);
  const isBefore =
    found > rank ? `: ${found - rank} others stand before it` : found < 0 ? ", which is missing" : "";
  return `merges[${rank}] is ${mergeAt(model, rank)}, in the base ${expected}${isBefore}`;
}

// Where the merge `rank` of the base stands in the new list, or -1.
function placeOf(model: BpeModel, base: BpeModel, rank: number): number {
  const [left, right] = [0, 1].map((part) =>
    model.idOfToken.get(base.tokens.at(base.merges[3 * rank + part]!)!),
  );
  for (let at = 0; at < model.merges.length; at += 3)
    if (model.merges[at] === left && model.merges[at + 1] === right) return at / 3;
  return -1;
}

// A pair that stands twice counts at its last place, so that an old merge would lose its rank. Pairs that the base has
// twice are its own affair.
function repeatedPairs(base: BpeModel, model: BpeModel): string[] {
  const own = pairsOf(base);
  const first = new Map<number, number>();
  const repeated: string[] = [];
  for (let rank = 0; 3 * rank < model.merges.length; rank++) {
    const key = pairKey(model, rank);
    const before = first.get(key);
    if (before === undefined) first.set(key, rank);
    else if (rank >= own.length || key !== own[rank])
      repeated.push(`merges[${rank}], ${mergeAt(model, rank)}, stands at merges[${before}] already`);
  }
  return repeated;
}

function pairsOf(model: BpeModel): Float64Array {
  return Float64Array.from({ length: model.merges.length / 3 }, (_, rank) => pairKey(model, rank));
}

// Both ids are below 2²⁶.
function pairKey({ merges }: BpeModel, rank: number): number {
  return merges[3 * rank]! * 2 ** 26 + merges[3 * rank + 1]!;
}

function mergeAt({ merges, tokens }: BpeModel, rank: number): string {
  return `${shown(tokens.at(merges[3 * rank]!))} + ${shown(tokens.at(merges[3 * rank + 1]!))}`;
}
