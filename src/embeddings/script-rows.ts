// The base rows whose norm is taken as usual for a script: those of its tokens that are letters of it throughout.

import { type CodePointSet, has, union } from "../text/code-point-set.ts";
import { codePointSet } from "../text/unicode.ts";
import { modelTokenBytes } from "../tokenizer/model-tokens.ts";
import type { TrainableDefinition } from "../tokenizer/require-bpe.ts";
import { scriptProperties } from "../training/script-data.ts";

/** The plan repeats the ids in every row, so they are few. A median of 101 of n values is near that of all n. */
const MAX_ROWS = 101;

/**
 * At most 101 ids, evenly spaced over all that qualify, in order: tokens whose text, without one leading space, is at least
 * two characters of the scripts (marks and joiners among them).
 * @param scripts ISO 15924 codes: "Arab"
 */
export function scriptRows(definition: TrainableDefinition, scripts: readonly string[]): number[] {
  const letters = union(...scripts.flatMap(scriptProperties).map((property) => codePointSet(property)!));
  const added = new Set(definition.addedTokens.map(({ id }) => id));
  const ids = [...definition.model.tokens].flatMap((token, id) =>
    token !== undefined && !added.has(id) && isOfScript(textOf(definition, token), letters) ? [id] : [],
  );
  if (ids.length <= MAX_ROWS) return ids;
  return Array.from({ length: MAX_ROWS }, (_, i) => ids[Math.floor((i * ids.length) / MAX_ROWS)]!);
}

function textOf({ model }: TrainableDefinition, token: string): string {
  return Buffer.from(modelTokenBytes(model, token)).toString("utf8").replace(/^[ ▁]/u, "");
}

function isOfScript(text: string, letters: CodePointSet): boolean {
  const points = Array.from(text, (character) => character.codePointAt(0)!);
  const marks = codePointSet("M")!;
  const isJoiner = (point: number) => point === 0x200c || point === 0x200d;
  return (
    points.length >= 2 &&
    points.every((point) => has(letters, point) || has(marks, point) || isJoiner(point)) &&
    points.some((point) => has(letters, point))
  );
}
