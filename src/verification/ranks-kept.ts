// G2 for formats that list tokens and not merges (SentencePiece, tiktoken): old tokens keep their order, new ones rank below
// all of them, and no new token completes an old one that its own bytes did not make.

import type { BpeDefinition, BpeModel } from "../tokenizer/definition.ts";
import { shown } from "../tokenizer/json-reader.ts";
import { createEncoder } from "../tokenizer/model-encoder.ts";
import { modelTokenBytes } from "../tokenizer/model-tokens.ts";
import { type Check, checkOf, everyKind } from "./certificate.ts";

export function checkRanks({ model: base }: BpeDefinition, { model }: BpeDefinition): Check {
  const old = rankOfProducts(base);
  const now = rankOfProducts(model);
  const moved = outOfOrder(old, now);
  const early = notBelow(old, now);
  const revived = completedTokens(base, model);
  const added = now.size - [...old.keys()].filter((token) => now.has(token)).length;
  return checkOf(
    "G2",
    everyKind(moved, early, revived),
    `${old.size} tokens that the base makes by merging keep their order; ${added} follow, each below the one before`,
    {
      baseProducts: old.size,
      newProducts: added,
      outOfOrder: moved.length,
      notBelow: early.length,
      repeatedPairs: 0,
    },
  );
}

/** Whether all old ranks come first, in their order, and nothing old is made anew: the condition of G3. */
export function keepsRanks(base: BpeModel, model: BpeModel): boolean {
  const old = rankOfProducts(base);
  const now = rankOfProducts(model);
  return (
    outOfOrder(old, now).length === 0 &&
    notBelow(old, now).length === 0 &&
    completedTokens(base, model).length === 0
  );
}

// In order of rank.
function rankOfProducts({ merges, ranks, tokens }: BpeModel): Map<string, number> {
  const found = new Map<string, number>();
  for (let i = 0; 3 * i < merges.length; i++)
    found.set(tokens.at(merges[3 * i + 2]!)!, ranks === undefined ? i : ranks[i]!);
  return found;
}

function outOfOrder(old: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): string[] {
  const faults: string[] = [];
  let before: { readonly token: string; readonly rank: number; readonly oldRank: number } | undefined;
  for (const [token, oldRank] of old) {
    const rank = now.get(token);
    if (rank === undefined) {
      faults.push(`token ${shown(token)} of the base is made no more`);
      continue;
    }
    const isKept =
      before === undefined || (oldRank === before.oldRank ? rank === before.rank : rank > before.rank);
    if (!isKept) faults.push(`token ${shown(token)} no longer comes behind ${shown(before!.token)}`);
    before = { token, rank, oldRank };
  }
  return faults;
}

// New scores or ranks, each strictly behind the one before and all behind the old ones.
function notBelow(old: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): string[] {
  let last = -1;
  for (const token of old.keys()) last = Math.max(last, now.get(token) ?? -1);
  const faults: string[] = [];
  for (const [token, rank] of now) {
    if (old.has(token)) continue;
    if (rank <= last) faults.push(`new token ${shown(token)} is not below all that come before it`);
    last = Math.max(last, rank);
  }
  return faults;
}

// A merge of a new part into an old token fires only where the base does not make that token from its own bytes.
function completedTokens(base: BpeModel, model: BpeModel): string[] {
  const encoder = createEncoder({ ...base, ignoreMerges: false });
  const looked = new Set<string>();
  const faults: string[] = [];
  for (let at = 0; at < model.merges.length; at += 3) {
    const [left, right, product] = [0, 1, 2].map((part) => model.tokens.at(model.merges[at + part]!)!) as [
      string,
      string,
      string,
    ];
    const id = base.idOfToken.get(product);
    if (id === undefined || looked.has(product)) continue;
    if (base.idOfToken.has(left) && base.idOfToken.has(right)) continue;
    looked.add(product);
    const bytes = base.byteLevel ? modelTokenBytes(base, product) : Buffer.from(product, "utf8");
    if (encoder.encode(bytes, 0, bytes.length) === 1 && encoder.ids[0] === id) continue;
    faults.push(
      `token ${shown(product)} of the base, which its bytes did not make, is now made of ${shown(left)} and ${shown(right)}`,
    );
  }
  return faults;
}
