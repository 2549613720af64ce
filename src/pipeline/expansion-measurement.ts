// What an expansion changes: one text under the base and under the expanded tokenizer.

import type { BeforeAndAfter } from "../artifacts/model-card.ts";
import type { Language } from "../text/languages.ts";
import type { LoadedTokenizer } from "../tokenizer/load-tokenizer.ts";
import { CorpusMeasurement } from "./corpus-measurement.ts";
import type { KeptText, TextOrigin } from "./kept-text.ts";

export interface MeasuredExpansion {
  readonly figures: BeforeAndAfter;
  /** Occurrences of each id under the expanded tokenizer. */
  readonly usesOfId: Float64Array;
}

/** @param index of the language in the text */
export function measureExpansion(
  text: KeptText,
  index: number,
  origin: TextOrigin,
  language: Language,
  [base, expanded]: readonly [LoadedTokenizer, LoadedTokenizer],
): MeasuredExpansion {
  const words = { rule: language.wordRule, locale: language.tag };
  const measurement = new CorpusMeasurement([base, expanded], words, 0);
  for (const block of text.blocksOf(index)) measurement.addBlock(block);
  if (measurement.needsDocuments) for (const bytes of text.documentsOf(index)) measurement.addDocument(bytes);
  const figures = measurement.finish([]);
  const [before, after] = figures.tokenizers.map((item) => item.figures);
  const pair = (name: "fertility" | "floor" | "bytesPerToken") => {
    const values = [before![name], after![name]] as const;
    return values.includes(undefined) ? undefined : (values as readonly [number, number]);
  };
  return {
    figures: {
      ...origin,
      bytes: figures.text.bytes,
      tokens: [before!.tokens, after!.tokens],
      ...(before!.unknownTokens === 0
        ? {}
        : { unknownTokens: [before!.unknownTokens, after!.unknownTokens] as const }),
      fertility: pair("fertility"),
      floor: pair("floor"),
      bytesPerToken: pair("bytesPerToken"),
    },
    usesOfId: measurement.usesOfIds(expanded),
  };
}
