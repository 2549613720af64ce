// What should be known of an evaluation, as sentences.

import type { EvaluatedModel, EvaluationResult } from "./evaluation-result.ts";

/** Fewer documents say little about others like them. */
const FEW_DOCUMENTS = 30;

export function evaluationFindings({
  corpus,
  models,
  differences,
}: Pick<EvaluationResult, "corpus" | "models" | "differences">): string[] {
  return [
    ...differences.map(differenceFinding),
    ...models.flatMap(unknownFinding),
    ...unequal(models, "window", (window) => `${window} tokens in a window`),
    ...unequal(models, "dtype", (dtype) => dtype),
    ...(corpus.documents < FEW_DOCUMENTS
      ? [`${corpus.documents} documents are too few for an interval: other text may say otherwise`]
      : []),
  ];
}

function differenceFinding({
  model,
  baseline,
  bitsPerByte,
  ratio,
  interval,
}: EvaluationResult["differences"][number]): string {
  const isClear = interval === undefined || interval.low > 0 || interval.high < 0;
  if (bitsPerByte === 0) return `${model} needs as many bits as ${baseline}`;
  if (!isClear) return `${model} and ${baseline} cannot be told apart on this text`;
  const share = ratio === undefined ? "" : ` (${Math.abs(100 * (ratio - 1)).toFixed(1)} %)`;
  return `${model} needs ${bitsPerByte > 0 ? "more" : "fewer"} bits than ${baseline}: ${Math.abs(bitsPerByte).toFixed(4)} per byte${share}`;
}

function unknownFinding({ model, unknownTokens, tokens }: EvaluatedModel): string[] {
  if (unknownTokens === 0) return [];
  return [
    `${model}: ${unknownTokens} of ${tokens} tokens stand for text that its tokenizer does not know: their bits say nothing of that text, and the figure is too low`,
  ];
}

function unequal<K extends "window" | "dtype">(
  models: readonly EvaluatedModel[],
  key: K,
  name: (value: EvaluatedModel[K]) => string,
): string[] {
  const values = [...new Set(models.map((model) => model[key]))];
  if (values.length < 2) return [];
  const list = models.map((model) => `${model.model} ${name(model[key])}`).join(", ");
  return [`the models were not read alike: ${list}`];
}
