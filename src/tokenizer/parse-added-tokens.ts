// Parses the "added_tokens" part of a tokenizer.json.

import type { AddedToken, Model, NormalizerStep } from "./definition.ts";
import { type JsonObject, type JsonPlace, shown } from "./json-reader.ts";
import { modelSize } from "./model-tokens.ts";
import { normalizeText } from "./normalizers.ts";

/** What the added tokens must fit: the model and, for `normalized` tokens, the normalizers. */
interface Surroundings {
  readonly model: Model;
  readonly normalizers: readonly NormalizerStep[];
}

/** @throws VocabError `tokenizer-invalid` naming the token that is wrong */
export function parseAddedTokens(value: unknown, place: JsonPlace, surroundings: Surroundings): AddedToken[] {
  const { model, normalizers } = surroundings;
  const tokens = place.array(value).map((entry, i) => parseAddedToken(entry, place.at(`[${i}]`)));
  requireDifferent(tokens, place);
  requireReferenceIds(tokens, model, place);
  requireDifferentWhenNormalized(tokens, normalizers, place);
  refuseCrossedStripping(tokens, place);
  return tokens;
}

function parseAddedToken(value: unknown, at: JsonPlace): AddedToken {
  const entry: JsonObject = at.object(value);
  const special = at.at(".special").boolean(entry["special"], false);
  const token = {
    id: at.at(".id").id(entry["id"]),
    content: at.at(".content").string(entry["content"]),
    singleWord: at.at(".single_word").boolean(entry["single_word"], false),
    lstrip: at.at(".lstrip").boolean(entry["lstrip"], false),
    rstrip: at.at(".rstrip").boolean(entry["rstrip"], false),
    normalized: at.at(".normalized").boolean(entry["normalized"], !special),
    special,
  };
  if (token.content === "") at.invalid("the token is empty");
  return token;
}

function requireDifferent(tokens: readonly AddedToken[], place: JsonPlace): void {
  const contents = new Set<string>();
  const byId = new Map<number, string>();
  tokens.forEach(({ id, content }, i) => {
    const at = place.at(`[${i}]`);
    if (contents.has(content)) at.invalid(`token ${shown(content)} stands twice`);
    if (byId.has(id))
      at.invalid(`id ${id} belongs to two tokens, ${shown(byId.get(id))} and ${shown(content)}`);
    contents.add(content);
    byId.set(id, content);
  });
}

// The reference library takes the id of an added token from model.vocab, else numbers it upwards from the vocabulary's
// size, whatever the file says. A file that says something else would be read differently there: it is refused.
function requireReferenceIds(tokens: readonly AddedToken[], model: Model, place: JsonPlace): void {
  let nextId = modelSize(model);
  tokens.forEach(({ id, content }, i) => {
    const at = place.at(`[${i}]`);
    const expected = model.idOfToken.get(content) ?? nextId++;
    if (id !== expected) {
      at.invalid(
        `token ${shown(content)} has id ${id}, but the tokenizers library would number it ${expected}`,
        "enter the token in model.vocab at its own id",
      );
    }
    const other = model.tokens.at(id);
    if (other !== undefined && other !== content)
      at.invalid(`id ${id} belongs to two tokens, ${shown(other)} of model.vocab and ${shown(content)}`);
  });
}

// The reference library refuses tokens that it could not tell apart in normalized text.
function requireDifferentWhenNormalized(
  tokens: readonly AddedToken[],
  normalizers: readonly NormalizerStep[],
  place: JsonPlace,
): void {
  const firstOf = new Map<string, string>();
  tokens.forEach((token, i) => {
    if (!token.normalized) return;
    const content = normalizeText(token.content, normalizers);
    const other = firstOf.get(content);
    const hint = 'set "normalized": false for that token';
    if (content === "")
      place.at(`[${i}]`).invalid(`token ${shown(token.content)} is empty once normalized`, hint);
    if (other !== undefined)
      place
        .at(`[${i}]`)
        .invalid(`tokens ${shown(other)} and ${shown(token.content)} are equal once normalized`, hint);
    firstOf.set(content, token.content);
  });
}

// A token of white space that lies in what an earlier token stripped, and strips itself, makes the reference crash.
function refuseCrossedStripping(tokens: readonly AddedToken[], place: JsonPlace): void {
  if (!tokens.some((token) => token.rstrip)) return;
  const at = tokens.findIndex(({ content, lstrip }) => lstrip && /^\p{White_Space}+$/u.test(content));
  if (at >= 0) place.at(`[${at}].lstrip`).unsupported("lstrip of white space beside tokens with rstrip");
}
