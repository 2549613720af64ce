// G1 of a Unigram model: the pieces of the base score what they did, and no new one is out of reach. What a new piece may
// change in other text no proof tells: G6 does.

import type { UnigramModel } from "../tokenizer/definition.ts";
import { shown } from "../tokenizer/json-reader.ts";
import { isUnigram } from "../tokenizer/require-bpe.ts";
import { UnigramEncoder } from "../tokenizer/unigram-encoder.ts";
import { everyKind, type Figures } from "./certificate.ts";
import { sameJson } from "./json-values.ts";
import type { Subject } from "./subject.ts";
import { nameOfId } from "./token-names.ts";

export interface PieceFindings {
  readonly faults: readonly string[];
  readonly figures: Figures;
}

/**
 * Undefined where neither is a Unigram model.
 * @param newIds ids of the model whose tokens the base has nowhere
 */
export function checkPieces(
  base: Subject,
  expanded: Subject,
  newIds: readonly number[],
): PieceFindings | undefined {
  if (!isUnigram(base.definition) && !isUnigram(expanded.definition)) return undefined;
  if (!isUnigram(base.definition) || !isUnigram(expanded.definition)) return { faults: [MIXED], figures: {} };
  const rescored = rescoredPieces(base.definition.model, expanded.definition.model);
  const unreachable = unreachablePieces(expanded, expanded.definition.model, newIds);
  return {
    faults: everyKind(
      rescored,
      modelFaults(base, expanded),
      scaleFaults(base, expanded, newIds),
      unreachable,
    ),
    figures: { newPieces: newIds.length, rescored: rescored.length, unreachable: unreachable.length },
  };
}

const MIXED = "one is a Unigram model and the other is not: no text is divided as before";

// Bit by bit: Object.is tells 0 from -0.
function rescoredPieces(base: UnigramModel, model: UnigramModel): string[] {
  const inText = new Set(model.pieces);
  return base.pieces.flatMap((id) => {
    const name = `piece ${shown(base.tokens.at(id))} of id ${id}`;
    if (model.tokens.at(id) !== base.tokens.at(id)) return [];
    if (!inText.has(id)) return [`${name} is of a type that no text is divided into`];
    const [score, before] = [model.scores[id]!, base.scores[id]!];
    return Object.is(score, before) ? [] : [`${name} scores ${score}, in the base ${before}`];
  });
}

// What stands before the model, and what it does without a piece.
function modelFaults({ definition: base }: Subject, { definition: expanded }: Subject): string[] {
  const unknownIds = [base.model, expanded.model].map(({ unknownId }) => unknownId);
  const conditions: readonly (readonly [holds: boolean, fault: string])[] = [
    [sameJson(base.normalizers, expanded.normalizers), "the normalizer is another"],
    [sameJson(base.preTokenizers, expanded.preTokenizers), "the pre-tokenizer is another"],
    [unknownIds[0] === unknownIds[1], `unk_id is ${unknownIds[1]}, in the base ${unknownIds[0]}`],
    [base.model.byteFallback === expanded.model.byteFallback, "byte_fallback was changed"],
  ];
  return conditions.filter(([holds]) => !holds).map(([, fault]) => fault);
}

// An unknown character scores below the lowest piece, so that no new piece may be lower.
function scaleFaults(base: Subject, expanded: Subject, newIds: readonly number[]): string[] {
  const [before, model] = [base, expanded].map(({ definition }) => definition.model as UnigramModel);
  const named = (id: number) => `${nameOfId(expanded.definition, id)} scores ${model!.scores[id]}`;
  const { lowestScore } = before!;
  const low = newIds.find((id) => model!.scores[id]! < lowestScore);
  return [
    ...(low === undefined
      ? []
      : [`${named(low)}, below every piece of the base: unknown characters score less than they did`]),
  ];
}

// At the level of the model: "لام" inside a word never stands alone in a text.
function unreachablePieces(expanded: Subject, model: UnigramModel, newIds: readonly number[]): string[] {
  const encoder = new UnigramEncoder(model);
  return newIds.flatMap((id) => {
    const text = Buffer.from(model.tokens.at(id)!, "utf8");
    const count = encoder.encode(text, 0, text.length);
    if (count === 1 && encoder.ids[0] === id) return [];
    const parts = [...encoder.ids.subarray(0, Math.min(count, NAMED_PARTS))];
    const list = parts.map((part) => nameOfId(expanded.definition, part)).join(" + ");
    return [
      `piece ${nameOfId(expanded.definition, id)} is unreachable: its text becomes ${list}${count > NAMED_PARTS ? " + …" : ""}`,
    ];
  });
}

const NAMED_PARTS = 6;
