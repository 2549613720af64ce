// G9: new tokens are tokens of the model. An added token is matched in the text before the model sees it, inside words and
// without regard to merges.

import { shown } from "../tokenizer/json-reader.ts";
import type { TrainableDefinition } from "../tokenizer/require-bpe.ts";
import { type Check, checkOf } from "./certificate.ts";
import { nameOfId } from "./token-names.ts";

export function checkVocabularyPlace(
  base: TrainableDefinition,
  expanded: TrainableDefinition,
  newIds: readonly number[],
): Check {
  const old = new Set(base.addedTokens.map(({ content }) => content));
  const added = expanded.addedTokens.filter(({ content }) => !old.has(content));
  const examples = added.slice(0, 3).map(({ content, id }) => `${shown(content)} (id ${id})`);
  const list = added.length > 3 ? `${examples.join(", ")}, …` : examples.join(", ");
  const userDefined = userDefinedPieces(expanded, newIds);
  const faults = [
    ...(added.length === 0 ? [] : [`added_tokens has ${added.length} tokens that the base has not: ${list}`]),
    ...userDefined.map(
      (id) => `piece ${nameOfId(expanded, id)} is user-defined: it is taken whatever it scores`,
    ),
  ];
  return checkOf(
    "G9",
    faults,
    `all ${newIds.length} new tokens stand in the model; added_tokens is as in the base`,
    {
      inModel: newIds.length,
      inAddedTokens: added.length + userDefined.length,
    },
  );
}

function userDefinedPieces({ model }: TrainableDefinition, newIds: readonly number[]): readonly number[] {
  const userDefined = model.type === "unigram" ? model.sentencePiece?.userDefined : undefined;
  return newIds.filter((id) => userDefined?.has(id) === true);
}
