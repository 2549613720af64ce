// From what was added up to the figures of a result. A figure that cannot be computed is undefined, never 0.

import { isUtf8 } from "node:buffer";
import { modelTokenBytes } from "../tokenizer/parse-model.ts";
import type { TextTotals } from "./segment-measurer.ts";
import type { TokenizerTally } from "./tokenizer-tally.ts";

export type FloorRule = "pre-tokens" | "pieces";

/** See CONTRACT section 3, or docs/results.md, for the definition of each. */
export interface TokenizerFigures {
  readonly tokens: number;
  readonly fertility: number | undefined;
  readonly bytesPerToken: number | undefined;
  readonly charactersPerToken: number | undefined;
  readonly continuedWordShare: number | undefined;
  readonly singleTokenWordShare: number | undefined;
  readonly floor: number | undefined;
  readonly floorRule: FloorRule;
  readonly headroom: number | undefined;
  readonly partialCharacterTokenShare: number | undefined;
  readonly unknownTokens: number;
  readonly vocabularyUsed: number;
  readonly renyiEfficiency: number | undefined;
}

/** @param words undefined where words are not counted */
export function computeFigures(
  tally: TokenizerTally,
  text: Omit<TextTotals, "words">,
  words: number | undefined,
  floorRule: FloorRule,
): TokenizerFigures {
  const { tokens } = tally;
  const units = floorRule === "pieces" ? tally.pieces : tally.preTokens;
  const fertility = ratio(tokens, words);
  const floor = ratio(units, words);
  return {
    tokens,
    fertility,
    bytesPerToken: ratio(text.bytes, tokens),
    charactersPerToken: ratio(text.characters, tokens),
    continuedWordShare: words === undefined ? undefined : ratio(tally.continuedWords, words),
    singleTokenWordShare: words === undefined ? undefined : ratio(tally.singleTokenWords, words),
    floor,
    floorRule,
    headroom:
      floor === undefined || fertility === undefined || fertility === 0 ? undefined : 1 - floor / fertility,
    ...idFigures(tally),
  };
}

function ratio(value: number, by: number | undefined): number | undefined {
  return by === undefined || by === 0 ? undefined : value / by;
}

function idFigures(
  tally: TokenizerTally,
): Pick<
  TokenizerFigures,
  "partialCharacterTokenShare" | "unknownTokens" | "vocabularyUsed" | "renyiEfficiency"
> {
  const { model, added } = tally.idUses();
  const { definition } = tally.tokenizer;
  let partial = 0;
  const uses = new Map(added);
  for (let id = 0; id < model.length; id++) {
    const times = model[id]!;
    if (times === 0) continue;
    uses.set(id, (uses.get(id) ?? 0) + times);
    if (
      id !== definition.model.unknownId &&
      !isUtf8(modelTokenBytes(definition.model, definition.model.tokens[id]!))
    )
      partial += times;
  }
  const used = [...uses].filter(([, times]) => times > 0).sort(([a], [b]) => a - b);
  return {
    partialCharacterTokenShare: ratio(partial, tally.tokens),
    unknownTokens: definition.model.unknownId === undefined ? 0 : model[definition.model.unknownId]!,
    vocabularyUsed: used.length,
    renyiEfficiency: renyiEfficiency(
      used.map(([, times]) => times),
      definition.vocabSize,
    ),
  };
}

/** The order α of the entropy that predicts translation quality best (Zouhar et al. 2023, "Tokenization and the Noiseless Channel"). */
const RENYI_ORDER = 2.5;

/** H_α / log₂ |V| over the unigram distribution of ids; undefined for an empty text or a vocabulary of one. */
export function renyiEfficiency(uses: readonly number[], vocabSize: number): number | undefined {
  const total = uses.reduce((sum, times) => sum + times, 0);
  if (total === 0 || vocabSize < 2) return undefined;
  const power = uses.reduce((sum, times) => sum + (times / total) ** RENYI_ORDER, 0);
  return Math.log2(power) / (1 - RENYI_ORDER) / Math.log2(vocabSize);
}
