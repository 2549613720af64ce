// G7: no new token crosses a border of pre-tokens; where there is no pre-tokenizer, the border before a run of "▁".

import type { NormalizerStep } from "../tokenizer/definition.ts";
import { shown } from "../tokenizer/json-reader.ts";
import { modelTokenBytes } from "../tokenizer/model-tokens.ts";
import { normalizeText } from "../tokenizer/normalizers.ts";
import { isByteLevel, type TrainableModel } from "../tokenizer/require-bpe.ts";
import { hasPreTokenizer, SPACE_SYMBOL } from "../tokenizer/safe-cuts.ts";
import { PieceList } from "../tokenizer/splitter.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import { type Check, checkOf } from "./certificate.ts";
import { isWhole, nameOfId } from "./token-names.ts";

/** What may stand around a token that is cut when it stands alone: a letter, a mark, punctuation, a digit, a line end. */
const NEIGHBOURS: readonly string[] = ["", "a", " ", "\u0301", ".", "1", "\n"];

export function checkPreTokenBorders(expanded: Tokenizer<TrainableModel>, newIds: readonly number[]): Check {
  const { definition } = expanded;
  const hasBorders = hasPreTokenizer(definition);
  // A part of a character stands inside a token that is checked here.
  const whole = newIds.filter((id) => isWhole(definition, id));
  const faults = whole.flatMap((id) => {
    const token = definition.model.tokens.at(id)!;
    const fault =
      normalizedFault(expanded, token) ?? (hasBorders ? cutFault(expanded, token) : pieceFault(token));
    return fault === undefined ? [] : [`token ${nameOfId(definition, id)} ${fault}`];
  });
  const rule = hasBorders ? "pre-tokens" : "pieces";
  const border = hasBorders ? "lies within one pre-token" : `has "${SPACE_SYMBOL}" at its start only`;
  return checkOf("G7", faults, `each of ${whole.length} new tokens of whole characters ${border}`, {
    floorRule: rule,
    tokens: whole.length,
    crossing: faults.length,
  });
}

function pieceFault(token: string): string | undefined {
  const inside = token.replace(/^▁+/, "").indexOf(SPACE_SYMBOL);
  return inside < 0 ? undefined : `has "${SPACE_SYMBOL}" inside`;
}

// What maps characters to others; `▁` is what other steps make of spaces.
function normalizedFault({ definition }: Tokenizer<TrainableModel>, token: string): string | undefined {
  const { model, normalizers } = definition;
  const steps = normalizers.flatMap((step): NormalizerStep[] => {
    if (step.type === "sentencepiece") return [{ ...step, addsPrefix: false, removesExtraSpaces: false }];
    return step.type === "unicode" || step.type === "precompiled" ? [step] : [];
  });
  const spaced = (text: string) => (isByteLevel(model) ? text : text.replaceAll(SPACE_SYMBOL, " "));
  const text = spaced(Buffer.from(modelTokenBytes(model, token)).toString("utf8"));
  const normalized = spaced(normalizeText(text, steps));
  return normalized === text ? undefined : `is never met: the normalizer turns it into ${shown(normalized)}`;
}

function cutFault(expanded: Tokenizer<TrainableModel>, token: string): string | undefined {
  const { definition } = expanded;
  const text = Buffer.from(modelTokenBytes(definition.model, token)).toString("utf8");
  const cutBefore = definition.preTokenizers.find((step) => step.type === "metaspace" && step.split);
  if (cutBefore?.type === "metaspace" && token.includes(cutBefore.replacement, 1))
    return `has ${shown(cutBefore.replacement)} inside, before which the pre-tokenizer cuts`;
  const alone = preTokens(expanded, text);
  if (alone.length === 1) return undefined;
  const isHeld = NEIGHBOURS.some((before) =>
    NEIGHBOURS.some((behind) => isWithinOne(expanded, before, text, behind)),
  );
  return isHeld ? undefined : `is cut by the pre-tokenizer into ${alone.map(shown).join(" and ")}`;
}

function isWithinOne(expanded: Tokenizer, before: string, text: string, behind: string): boolean {
  const bytes = Buffer.from(before + text + behind, "utf8");
  const start = Buffer.byteLength(before);
  const end = start + Buffer.byteLength(text);
  const pieces = split(expanded, bytes);
  for (let i = 0; i < pieces.length; i += 2)
    if (pieces.offsets[i]! <= start && end <= pieces.offsets[i + 1]!) return true;
  return false;
}

function preTokens(expanded: Tokenizer, text: string): string[] {
  const bytes = Buffer.from(text, "utf8");
  const { offsets, length } = split(expanded, bytes);
  return Array.from({ length: length / 2 }, (_, i) =>
    bytes.subarray(offsets[2 * i]!, offsets[2 * i + 1]!).toString("utf8"),
  );
}

function split(expanded: Tokenizer, bytes: Uint8Array): PieceList {
  const pieces = new PieceList();
  expanded.splitter.split(bytes, 0, bytes.length, pieces);
  return pieces;
}
