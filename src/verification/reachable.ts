// G4: every new token is made by the model from its own spelling, and occurs where it was learned.

import { BpeEncoder } from "../tokenizer/bpe-encoder.ts";
import type { BpeDefinition, BpeModel } from "../tokenizer/definition.ts";
import { modelTokenBytes } from "../tokenizer/model-tokens.ts";
import { type Check, checkOf, everyKind } from "./certificate.ts";
import { isWhole, nameOfId } from "./token-names.ts";

/**
 * @param newIds ids of the model that the base has not
 * @param usesOfId times that each id occurs in the training text; absent when that is not there
 */
export function checkReachable(
  definition: BpeDefinition,
  newIds: readonly number[],
  usesOfId?: ArrayLike<number>,
): Check {
  const { model } = definition;
  // A look-up of whole pre-tokens would find a token that no merges make.
  const encoder = new BpeEncoder({ ...model, ignoreMerges: false });
  const unreachable = newIds.filter((id) => spelt(encoder, definition, id).join() !== String(id));
  const partial = newIds.filter((id) => !isWhole(definition, id));
  const waysToWhole = waysTo(model, newIds, (id) => isWhole(definition, id));
  const useless = partial.filter((id) => !waysToWhole.has(id));
  const idle = usesOfId === undefined ? [] : newIds.filter((id) => !usesOfId[id]);
  const waysToUsed = waysTo(model, newIds, (id) => Boolean(usesOfId?.[id]));
  const unused = idle.filter((id) => !waysToUsed.has(id));
  const faults = everyKind(
    unreachable.map((id) => unreachableFault(encoder, definition, id)),
    useless.map(
      (id) => `token ${nameOfId(definition, id)} stops inside a character, and no other token is built on it`,
    ),
    unused.map((id) => `token ${nameOfId(definition, id)} does not occur in the training text`),
  );
  const stones = partial.length - useless.length;
  const onTheWay = idle.length - unused.length;
  const occurring =
    usesOfId === undefined
      ? "the training text was not given, so whether they occur was not looked at"
      : `all occur in the training text${onTheWay === 0 ? "" : `, ${onTheWay} of them only as the way to others`}`;
  return checkOf(
    "G4",
    faults,
    `each of ${newIds.length} new tokens is made from its bytes by merges alone; ${stones} stop inside a character, all on the way to others; ${occurring}`,
    {
      newTokens: newIds.length,
      unreachable: unreachable.length,
      steppingStones: stones,
      ...(usesOfId === undefined ? {} : { unused: unused.length, onTheWayOnly: onTheWay }),
    },
  );
}

// As the text would have it: a piece over characters is spelt in characters, also where it looks like a byte token.
function spelt(encoder: BpeEncoder, { model }: BpeDefinition, id: number): number[] {
  const token = model.tokens.at(id)!;
  const bytes = model.byteLevel ? modelTokenBytes(model, token) : Buffer.from(token, "utf8");
  const count = encoder.encode(bytes, 0, bytes.length);
  return [...encoder.ids.subarray(0, count)];
}

function unreachableFault(encoder: BpeEncoder, definition: BpeDefinition, id: number): string {
  const parts = spelt(encoder, definition, id);
  const list = parts.slice(0, 6).map((part) => nameOfId(definition, part));
  const more = parts.length > 6 ? " + …" : "";
  return `token ${nameOfId(definition, id)} is unreachable: its bytes become ${list.join(" + ")}${more}`;
}

/** New ids from which merges lead on to one of the ends. */
function waysTo(model: BpeModel, newIds: readonly number[], isEnd: (id: number) => boolean): Set<number> {
  const isNew = new Set(newIds);
  const partsOf = new Map<number, number[]>();
  for (let at = 0; at < model.merges.length; at += 3) {
    const product = model.merges[at + 2]!;
    if (!isNew.has(product)) continue;
    const parts = partsOf.get(product) ?? [];
    parts.push(...[model.merges[at]!, model.merges[at + 1]!].filter((part) => isNew.has(part)));
    partsOf.set(product, parts);
  }
  const found = new Set<number>();
  const visit = (ids: readonly number[]) => {
    for (const id of ids) {
      if (found.has(id)) continue;
      found.add(id);
      visit(partsOf.get(id) ?? []);
    }
  };
  for (const id of newIds) if (isEnd(id)) visit(partsOf.get(id) ?? []);
  return found;
}
