// G3: the expanded tokenizer only ever joins tokens of the base. Proved from the two files, for all texts:
//
// The encoder takes the pair of lowest rank first. As long as a merge of the base applies, it is one of those, so the
// encoding of the base is reached on the way (G2: the same merges in the same order, all new ones behind). What follows
// joins tokens and divides none. So every border of the new encoding is one of the old, as long as the text comes to the
// model in the same pieces and starts in the same symbols: the conditions below.

import type { BpeDefinition, BpeModel } from "../tokenizer/definition.ts";
import { shown } from "../tokenizer/json-reader.ts";
import { byteFallbackToken } from "../tokenizer/model-tokens.ts";
import type { Check } from "./certificate.ts";
import { checkOf } from "./certificate.ts";
import { sameJson } from "./json-values.ts";
import { keptMerges } from "./merges-kept.ts";
import { keepsRanks } from "./ranks-kept.ts";
import type { TextComparison } from "./text-comparison.ts";

/** @param reference the base; with the relaxed pattern, where the expansion has that */
export function checkCoarsening(
  reference: BpeDefinition,
  expanded: BpeDefinition,
  hasRepeatedPairs: boolean,
  texts: readonly TextComparison[],
): Check {
  const unproved = unprovedConditions(reference, expanded, hasRepeatedPairs);
  const crossed = texts.flatMap(({ name, crossedBorder }) =>
    crossedBorder === undefined ? [] : [`in ${name}, ${crossedBorder}`],
  );
  const documents = texts.reduce((sum, text) => sum + text.documents, 0);
  const bytes = texts.reduce((sum, text) => sum + text.bytes, 0);
  const faults = unproved.length === 0 ? crossed : [`no proof: ${unproved.join("; ")}`, ...crossed];
  return checkOf(
    "G3",
    faults,
    `proved from the files: new merges come after all old ones, and nothing before the model differs; confirmed on ${documents} documents (${bytes} bytes)`,
    { proved: unproved.length === 0, documents, bytes, textsWithCrossedBorders: crossed.length },
  );
}

function unprovedConditions(
  base: BpeDefinition,
  expanded: BpeDefinition,
  hasRepeatedPairs: boolean,
): string[] {
  const conditions: readonly (readonly [holds: boolean, fault: string])[] = [
    [keepsMerges(base.model, expanded.model), "the merges of the base do not all come first (G2)"],
    [!hasRepeatedPairs, "a pair that stands twice counts at its last place (G2)"],
    [sameJson(base.normalizers, expanded.normalizers), "the normalizer is another"],
    [sameJson(base.preTokenizers, expanded.preTokenizers), "the pre-tokenizer is another"],
    [sameAddedTokens(base, expanded), "other added tokens are matched before the model"],
    [
      base.model.byteLevel === expanded.model.byteLevel,
      "the byte-level alphabet is used by one of them only",
    ],
    [!base.model.ignoreMerges || expanded.model.ignoreMerges, "ignore_merges was switched off"],
  ];
  const failed = conditions.filter(([holds]) => !holds).map(([, fault]) => fault);
  return expanded.model.byteLevel ? failed : [...failed, ...symbolConditions(base.model, expanded.model)];
}

function keepsMerges(base: BpeModel, model: BpeModel): boolean {
  if (base.ranks !== undefined || model.ranks !== undefined) return keepsRanks(base, model);
  return keptMerges(base, model) === base.merges.length / 3;
}

function sameAddedTokens(base: BpeDefinition, expanded: BpeDefinition): boolean {
  const flags = ({ addedTokens }: BpeDefinition) =>
    new Map(addedTokens.map(({ id: _, special: __, ...token }) => [token.content, token]));
  const now = flags(expanded);
  return (
    now.size === base.addedTokens.length &&
    [...flags(base)].every(([content, token]) => sameJson(token, now.get(content)))
  );
}

/**
 * A model over characters starts with one symbol a character. A character that only the expansion has is one symbol where
 * the base had byte tokens: coarser, and no merge of the base reaches into it, provided that none has a byte token.
 * Where unknown characters become unknown tokens instead, a new character may divide a run of them.
 */
function symbolConditions(base: BpeModel, expanded: BpeModel): string[] {
  const failed: string[] = [];
  if (base.byteFallback !== expanded.byteFallback) failed.push("byte_fallback was changed");
  if (base.fuseUnknown !== expanded.fuseUnknown) failed.push("fuse_unk was changed");
  if (tokenAt(base, base.unknownId) !== tokenAt(expanded, expanded.unknownId))
    failed.push("unk_token was changed");
  const character = newCharacter(base, expanded);
  if (character === undefined) return failed;
  const byteTokens = new Set(
    Array.from({ length: 256 }, (_, byte) => base.idOfToken.get(byteFallbackToken(byte))),
  );
  if (!base.byteFallback || byteTokens.has(undefined))
    failed.push(`the new character ${shown(character)} may divide a run of unknown ones`);
  if (base.merges.some((id, i) => i % 3 < 2 && byteTokens.has(id)))
    failed.push("merges of the base join byte tokens");
  return failed;
}

function tokenAt(model: BpeModel, id: number | undefined): string | undefined {
  return id === undefined ? undefined : model.tokens.at(id);
}

function newCharacter(base: BpeModel, expanded: BpeModel): string | undefined {
  for (const token of expanded.idOfToken.keys())
    if ([...token].length === 1 && !base.idOfToken.has(token)) return token;
  return undefined;
}
