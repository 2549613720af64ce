// From bits of documents to bits per byte: of each model, and of each against the first.

import { type BitsFigures, bitsIntervals } from "../metrics/bits-interval.ts";
import type { LoadedTokenizer } from "../tokenizer/load-tokenizer.ts";
import type { Difference, EvaluatedModel } from "./evaluation-result.ts";
import type { EncodedDocuments, EvaluationText } from "./evaluation-text.ts";
import type { ModelBits } from "./model-bits.ts";

/** One model, its tokenizer, and how that divides the text. */
export interface ScoredModel {
  readonly scored: ModelBits;
  readonly loaded: LoadedTokenizer;
  readonly encoded: EncodedDocuments;
}

/** @param seed of the bootstrap */
export function evaluationFigures(
  models: readonly ScoredModel[],
  text: EvaluationText,
  seed: number,
): { readonly models: EvaluatedModel[]; readonly differences: Difference[] } {
  const { bytes } = text.corpus;
  const [first, ...others] = models.map(({ scored: { bits } }) => bits);
  const minusFirst = others.map((bits) => bits.map((value, d) => value - first![d]!));
  const intervals = bitsIntervals(
    [first!, ...others, ...minusFirst].map((bits) => sampled(bits, text, bytes)),
    Float64Array.from(text.sample, (document) => text.bytes[document]!),
    seed,
  );
  const described = models.map((model, m) => describeModel(model, bytes, intervals[m]));
  const differences = minusFirst.map((bits, k) => ({
    model: described[k + 1]!.model,
    baseline: described[0]!.model,
    bitsPerByte: total(bits) / bytes,
    ratio: described[0]!.bits > 0 ? described[k + 1]!.bits / described[0]!.bits : undefined,
    interval: intervals[models.length + k],
  }));
  return { models: described, differences };
}

function sampled(bits: Float64Array, { sample }: EvaluationText, bytes: number): BitsFigures {
  return {
    bits: Float64Array.from(sample, (document) => bits[document]!),
    exact: total(bits) / bytes,
  };
}

function describeModel(
  { scored, loaded, encoded }: ScoredModel,
  bytes: number,
  interval: EvaluatedModel["bitsPerByteInterval"],
): EvaluatedModel {
  const { type, architecture, parameters, rows, startToken, window, stride, dtype, device } = scored.facts;
  const tokens = encoded.tokens.reduce((sum, count) => sum + count, 0);
  const bits = total(scored.bits);
  return {
    model: scored.model,
    type,
    architecture,
    parameters,
    rows,
    tokenizer: {
      file: loaded.source,
      sha256: loaded.sha256,
      vocabSize: loaded.tokenizer.definition.vocabSize,
    },
    tokens,
    bytesPerToken: tokens > 0 ? bytes / tokens : undefined,
    unknownTokens: encoded.unknownTokens,
    bits,
    bitsPerByte: bits / bytes,
    bitsPerByteInterval: interval,
    bitsPerToken: tokens > 0 ? bits / tokens : undefined,
    startToken,
    window,
    stride,
    dtype,
    device,
  };
}

function total(bits: Float64Array): number {
  return bits.reduce((sum, value) => sum + value, 0);
}
