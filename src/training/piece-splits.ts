// Tokenizer files converted from SentencePiece and tiktoken list every split of a piece into two others as a merge. New
// pieces are listed the same way, so that the file says of them what the other formats would. Only the split that was
// learned ever fires: between borders of tokens a text has one encoding, and when the piece is made that is its two parts.

import type { BpeModel } from "../tokenizer/definition.ts";
import type { Candidate } from "./candidates.ts";
import type { Merge } from "./learner.ts";

/** Pieces looked at; each has its splits listed or the file is of the other kind. */
const SAMPLE = 2000;

/** Whether the base's merges list all splits of its pieces: true of most of a sample (a file may leave out a few). */
export function listsAllSplits(model: BpeModel): boolean {
  const listed = new Map<number, number>();
  for (let i = 2; i < model.merges.length; i += 3)
    listed.set(model.merges[i]!, (listed.get(model.merges[i]!) ?? 0) + 1);
  const products = [...listed.keys()];
  const step = Math.max(1, Math.floor(products.length / SAMPLE));
  let several = 0;
  let complete = 0;
  for (let i = 0; i < products.length; i += step) {
    const id = products[i]!;
    const possible = splitsOf(model.tokens.at(id)!, (part) => model.idOfToken.get(part)).length;
    if (possible < 2) continue;
    several++;
    if (listed.get(id) === possible) complete++;
  }
  return several > 0 && complete > 0.9 * several;
}

/** The learned merges with all other splits of each product beside the one that was learned. */
export function withAllSplits(
  model: BpeModel,
  firstId: number,
  candidates: readonly Candidate[],
  merges: readonly Merge[],
): readonly Merge[] {
  const learned = new Map(candidates.map(({ token }, k) => [token, firstId + k]));
  const idOf = (part: string) => learned.get(part) ?? model.idOfToken.get(part);
  return merges.flatMap((merge): readonly Merge[] => {
    const product = merge[2];
    if (product < firstId) return [merge];
    return splitsOf(candidates[product - firstId]!.token, idOf).map(([left, right]) => [
      left,
      right,
      product,
    ]);
  });
}

// As the converters order them: the longest left part first.
function splitsOf(
  token: string,
  idOf: (part: string) => number | undefined,
): readonly (readonly [left: number, right: number])[] {
  const splits: (readonly [number, number])[] = [];
  for (let at = token.length - 1; at > 0; at--) {
    const unit = token.charCodeAt(at);
    // Not inside a surrogate pair.
    if (unit >= 0xdc00 && unit < 0xe000) continue;
    const left = idOf(token.slice(0, at));
    const right = left === undefined ? undefined : idOf(token.slice(at));
    if (left !== undefined && right !== undefined) splits.push([left, right]);
  }
  return splits;
}
