// G5: text comes back from its ids wherever it did under the base.

import { bytesOfByteLevelToken } from "../text/byte-alphabet.ts";
import { byteFallbackToken } from "../tokenizer/model-tokens.ts";
import { isByteLevel, type TrainableDefinition } from "../tokenizer/require-bpe.ts";
import { type Check, checkOf } from "./certificate.ts";
import { sameJson } from "./json-values.ts";
import type { TextComparison } from "./text-comparison.ts";
import { nameOfId } from "./token-names.ts";

/** What the library's decoder takes for a byte: its parser of the digits allows a sign. */
const BYTE_TOKEN = /^<0x(?:[0-9A-Fa-f]{2}|\+[0-9A-Fa-f])>$/;

export function checkRoundTrip(
  base: TrainableDefinition,
  expanded: TrainableDefinition,
  newIds: readonly number[],
  texts: readonly TextComparison[],
): Check {
  const lost = texts.flatMap(({ name, brokenRoundTrip }) =>
    brokenRoundTrip === undefined ? [] : [`in ${name}, ${brokenRoundTrip}`],
  );
  const decoder = sameJson(base.decoders, expanded.decoders) ? [] : ["the decoder is not that of the base"];
  const spellings = newIds.flatMap((id) => spellingFault(expanded, id));
  const joined = joinedByteTokens(expanded, new Set(newIds));
  const changed = texts.reduce((sum, text) => sum + text.changed, 0);
  return checkOf(
    "G5",
    [...spellings, ...joined, ...decoder, ...lost],
    `the decoder is that of the base, no new token is spelt like a byte token, and all ${changed} documents whose ids changed still come back`,
    { changedDocuments: changed, textsLost: lost.length, spelling: spellings.length + joined.length },
  );
}

function spellingFault(definition: TrainableDefinition, id: number): string[] {
  const { model } = definition;
  const token = model.tokens.at(id)!;
  if (isByteLevel(model) && bytesOfByteLevelToken(token) === undefined)
    return [`token ${nameOfId(definition, id)} has characters outside the byte-level alphabet`];
  if (!BYTE_TOKEN.test(token) || isByteLevel(model)) return [];
  return [`token ${nameOfId(definition, id)} is spelt like a byte token, and would be decoded as a byte`];
}

// Byte tokens joined, "<0xE1><0x8D>", would be decoded as these very letters.
function joinedByteTokens(definition: TrainableDefinition, newIds: ReadonlySet<number>): string[] {
  const { model } = definition;
  if (model.type !== "bpe" || model.byteLevel || !model.byteFallback) return [];
  const byteIds = new Set(
    Array.from({ length: 256 }, (_, byte) => model.idOfToken.get(byteFallbackToken(byte))),
  );
  const faults: string[] = [];
  for (let at = 0; at < model.merges.length; at += 3) {
    const product = model.merges[at + 2]!;
    if (newIds.has(product) && (byteIds.has(model.merges[at]) || byteIds.has(model.merges[at + 1])))
      faults.push(
        `merges[${at / 3}] joins byte tokens: ${nameOfId(definition, product)} would be decoded as its letters`,
      );
  }
  return faults;
}
