// G1: every id of the base keeps its token, as the real library loads the folder, and special tokens still match.

import { AddedTokenMatcher } from "../tokenizer/added-token-matcher.ts";
import type { AddedToken } from "../tokenizer/definition.ts";
import { shown } from "../tokenizer/json-reader.ts";
import { modelTokenBytes } from "../tokenizer/model-tokens.ts";
import { type Check, checkOf, everyKind } from "./certificate.ts";
import type { Evidence } from "./evidence.ts";
import { sameJson } from "./json-values.ts";
import { checkPieces } from "./pieces-kept.ts";
import { siblingFaults } from "./siblings.ts";
import { endOfIds, type Subject, tokenOfId } from "./subject.ts";

/** Flags of an added token, by the names that the file has for them. */
const FLAGS: readonly (readonly [name: string, flag: keyof AddedToken])[] = [
  ["single_word", "singleWord"],
  ["lstrip", "lstrip"],
  ["rstrip", "rstrip"],
  ["normalized", "normalized"],
  ["special", "special"],
];

/**
 * @param newIds ids of the model whose tokens the base has nowhere
 * @param isRelaxed whether the expansion's pre-tokenizer is the base's with marks in its words
 */
export function checkIds(
  base: Subject,
  expanded: Subject,
  newIds: readonly number[],
  siblings: Evidence["siblings"] = {},
  isRelaxed = false,
): Check {
  const moved = movedTokens(base, expanded);
  const gaps = gapsOf(expanded).filter(
    (id) => tokenOfId(base.definition, id) !== undefined || id >= endOfIds(base.definition),
  );
  const flags = changedFlags(base, expanded);
  const postProcessor = sameJson(base.json["post_processor"], expanded.json["post_processor"])
    ? []
    : ["post_processor: is not that of the base, so other special tokens may stand around a text"];
  const pieces = checkPieces(base, expanded, newIds);
  const faults = everyKind(
    moved,
    pieces?.faults ?? [],
    expanded.faults,
    gaps.map((id) => `id ${id} has no token: a gap, which a later add_tokens fills`),
    flags,
    unmatchedTokens(base, expanded),
    overlappingTokens(base, expanded),
    postProcessor,
    siblingFaults(expanded, siblings, isRelaxed),
  );
  const baseIds = endOfIds(base.definition);
  const ids = endOfIds(expanded.definition);
  const added = base.definition.addedTokens.length;
  return checkOf(
    "G1",
    faults,
    `all ${baseIds} ids of the base keep their tokens${pieces === undefined ? "" : " and scores"}, ${added} added tokens their flags; ids run from 0 to ${ids - 1} without a gap${pieces === undefined ? "" : `; each of ${newIds.length} new pieces is what its text becomes`}`,
    {
      ...{ baseIds, ids, addedTokens: added, moved: moved.length, gaps: gaps.length },
      ...{ changedFlags: flags.length, ...pieces?.figures },
    },
  );
}

function movedTokens({ definition: base }: Subject, { definition: expanded }: Subject): string[] {
  const faults: string[] = [];
  const idOfAdded = new Map(expanded.addedTokens.map(({ content, id }) => [content, id]));
  for (let id = 0; id < endOfIds(base); id++) {
    const token = tokenOfId(base, id);
    if (token === undefined || tokenOfId(expanded, id) === token) continue;
    const now = idOfAdded.get(token) ?? expanded.model.idOfToken.get(token);
    const place = now === undefined ? "is gone" : `has moved to id ${now}`;
    faults.push(`token ${shown(token)} of id ${id} ${place}`);
  }
  return faults;
}

// The base's own gaps are not the expansion's fault.
function gapsOf({ definition }: Subject): number[] {
  const gaps: number[] = [];
  for (let id = 0; id < endOfIds(definition); id++)
    if (tokenOfId(definition, id) === undefined) gaps.push(id);
  return gaps;
}

function changedFlags({ definition: base }: Subject, { definition: expanded }: Subject): string[] {
  const now = new Map(expanded.addedTokens.map((token) => [token.content, token]));
  return base.addedTokens.flatMap((token) => {
    const other = now.get(token.content);
    if (other === undefined)
      return [`${shown(token.content)} of id ${token.id} is no longer in added_tokens`];
    return FLAGS.filter(([, flag]) => token[flag] !== other[flag]).map(
      ([name, flag]) =>
        `added token ${shown(token.content)}: ${name} is ${other[flag]}, in the base ${token[flag]}`,
    );
  });
}

// Alone and between letters, which is where single_word, lstrip and rstrip show.
function unmatchedTokens(base: Subject, expanded: Subject): string[] {
  return base.definition.addedTokens.flatMap(({ content, id }) => {
    const changed = [content, `a${content}b`, ` ${content} `].find((text) => {
      const before = base.tokenizer.encode(text);
      return before.includes(id) && !expanded.tokenizer.encode(text).includes(id);
    });
    return changed === undefined
      ? []
      : [`added token ${shown(content)} is no longer matched in ${shown(changed)}`];
  });
}

// A token with a special token inside could never be used, and was learned from text in which that token was not matched.
function overlappingTokens({ definition: base }: Subject, { definition: expanded }: Subject): string[] {
  const specials = base.addedTokens.filter(({ special, content }) => special && content.length > 1);
  const old = new Set(base.addedTokens.map(({ content }) => content));
  const contents = specials.map(({ content }) => content);
  const matcher = new AddedTokenMatcher(specials, contents);
  const faults: string[] = [];
  for (let id = endOfIds(base); id < expanded.model.tokens.length; id++) {
    const token = expanded.model.tokens.at(id);
    const bytes = token === undefined ? undefined : modelTokenBytes(expanded.model, token);
    if (bytes === undefined || !matcher.occurs(bytes, 0, bytes.length)) continue;
    const text = Buffer.from(bytes).toString("utf8");
    const special = contents.find((content) => text.includes(content));
    faults.push(`new token ${shown(token)} of id ${id} has the special token ${shown(special)} in it`);
  }
  for (const { content, id } of expanded.addedTokens) {
    if (old.has(content)) continue;
    const special = specials.find(
      (token) => overlap(content, token.content) || overlap(token.content, content),
    );
    if (special !== undefined)
      faults.push(
        `new added token ${shown(content)} of id ${id} overlaps the special token ${shown(special.content)}`,
      );
  }
  return faults;
}

// Whether `b` stands in `a`, or an end of `a` is a beginning of `b`: both could be matched in one place of a text.
function overlap(a: string, b: string): boolean {
  if (a.includes(b)) return true;
  for (let length = Math.min(a.length, b.length) - 1; length > 0; length--)
    if (a.endsWith(b.slice(0, length))) return true;
  return false;
}
