// What an expansion changes: one text under the base and under the expanded tokenizer.

import type { BeforeAndAfter } from "../artifacts/model-card.ts";
import type { WordOptions } from "../metrics/segment-words.ts";
import type { LoadedTokenizer } from "../tokenizer/load-tokenizer.ts";
import { CorpusMeasurement } from "./corpus-measurement.ts";
import type { RunText } from "./run-text.ts";

export interface MeasuredExpansion {
  readonly figures: BeforeAndAfter;
  /** Occurrences of each id under the expanded tokenizer. */
  readonly usesOfId: Float64Array;
}

/** @param words rule "none" leaves fertility out */
export function measureExpansion(
  text: RunText,
  [base, expanded]: readonly [LoadedTokenizer, LoadedTokenizer],
  words: WordOptions,
): MeasuredExpansion {
  const measurement = new CorpusMeasurement([base, expanded], words, 0);
  for (const block of text.blocks) measurement.addBlock(block);
  if (measurement.needsDocuments) text.eachDocument((bytes) => measurement.addDocument(bytes));
  const figures = measurement.finish([]);
  const [before, after] = figures.tokenizers.map((item) => item.figures);
  return {
    figures: {
      ...text.about,
      bytes: figures.text.bytes,
      tokens: [before!.tokens, after!.tokens],
      ...(before!.fertility === undefined || after!.fertility === undefined
        ? {}
        : { fertility: [before!.fertility, after!.fertility] as const }),
      ...(before!.floor === undefined || after!.floor === undefined
        ? {}
        : { floor: [before!.floor, after!.floor] as const }),
      bytesPerToken: [before!.bytesPerToken ?? 0, after!.bytesPerToken ?? 0],
    },
    usesOfId: measurement.usesOfIds(expanded),
  };
}
