// G9: new tokens are tokens of the model. An added token is matched in the text before the model sees it, inside words and
// without regard to merges.

import type { BpeDefinition } from "../tokenizer/definition.ts";
import { shown } from "../tokenizer/json-reader.ts";
import { type Check, checkOf } from "./certificate.ts";

export function checkVocabularyPlace(
  base: BpeDefinition,
  expanded: BpeDefinition,
  newIds: readonly number[],
): Check {
  const old = new Set(base.addedTokens.map(({ content }) => content));
  const added = expanded.addedTokens.filter(({ content }) => !old.has(content));
  const examples = added.slice(0, 3).map(({ content, id }) => `${shown(content)} (id ${id})`);
  const list = added.length > 3 ? `${examples.join(", ")}, …` : examples.join(", ");
  const faults =
    added.length === 0 ? [] : [`added_tokens has ${added.length} tokens that the base has not: ${list}`];
  return checkOf(
    "G9",
    faults,
    `all ${newIds.length} new tokens stand in the model; added_tokens is as in the base`,
    {
      inModel: newIds.length,
      inAddedTokens: added.length,
    },
  );
}
