// Text made to break an expansion: new tokens beside each other, beside special tokens, white space, marks and emoji.

import { isUtf8 } from "node:buffer";
import { modelTokenBytes } from "../tokenizer/model-tokens.ts";
import { isByteLevel, type TrainableDefinition } from "../tokenizer/require-bpe.ts";
import { SPACE_SYMBOL } from "../tokenizer/safe-cuts.ts";

const GLUE: readonly string[] = [
  ..." .,!?-'\"()<>/_0123456789aAzé",
  ..." \t\n\r\u00a0\u200c\u200d\u0301\u0323\ufeff\u2028",
  ..."▁Ġ中あ한हมا",
  "  ",
  "\n\n",
  "'s",
  "<0xE1>",
  "👩\u200d👩\u200d👧",
  "🇮🇷",
  "the",
  " and",
];

const PIECES = 12;

/**
 * @param newIds ids that stand in about half of the places
 * @param seed the same seed gives the same text
 */
export function* generatedDocuments(
  definition: TrainableDefinition,
  newIds: readonly number[],
  count: number,
  seed: number,
): Generator<Uint8Array> {
  const random = uniform(seed);
  const pick = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)]!;
  const added = definition.addedTokens.map(({ content }) => content);
  for (let i = 0; i < count; i++) {
    let text = "";
    for (let piece = Math.floor(random() * PIECES); piece >= 0; piece--) {
      const kind = random();
      if (kind < 0.5 && newIds.length > 0) text += textOf(definition, pick(newIds));
      else if (kind < 0.55 && added.length > 0) text += pick(added);
      else text += pick(GLUE);
    }
    yield Buffer.from(text, "utf8");
  }
}

function textOf({ model }: TrainableDefinition, id: number): string {
  const bytes = modelTokenBytes(model, model.tokens.at(id)!);
  if (!isUtf8(bytes)) return "";
  const text = Buffer.from(bytes).toString("utf8");
  return isByteLevel(model) ? text : text.replaceAll(SPACE_SYMBOL, " ");
}

// mulberry32: the same sequence on every machine.
function uniform(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
