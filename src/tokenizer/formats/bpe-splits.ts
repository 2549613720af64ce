// Merges of formats that list tokens and not merges. Two neighbours whose spelling together is a token are merged,
// those of the best token first, and of equals the leftmost (tiktoken, src/lib.rs; SentencePiece, src/bpe_model.cc).

import { VocabError } from "../../errors.ts";

export interface RankedSpelling {
  readonly id: number;
  readonly spelling: string;
  readonly rank: number;
}

export interface SplitMerges {
  /** Left id, right id, product id, … in order of rank. */
  readonly merges: Int32Array;
  /** The rank of each. */
  readonly ranks: Int32Array;
}

/** More merges than any vocabulary has: a hostile file could ask for a hundred million. */
const MAX_MERGES = 2 ** 24;

/**
 * All splits of all products into two parts.
 * @param products in order of rank; their spellings are of symbols with one UTF-16 unit, or of whole characters
 * @param idOfPart what may be merged
 * @throws VocabError `tokenizer-unsupported` when there are too many
 */
export function allSplits(
  products: readonly RankedSpelling[],
  idOfPart: ReadonlyMap<string, number>,
  file: string,
): SplitMerges {
  let merges = new Int32Array(3 * 65_536);
  let ranks = new Int32Array(65_536);
  let count = 0;
  for (const { id, spelling, rank } of products) {
    for (let at = 1; at < spelling.length; at++) {
      const left = idOfPart.get(spelling.slice(0, at));
      if (left === undefined) continue;
      const right = idOfPart.get(spelling.slice(at));
      if (right === undefined) continue;
      if (count === ranks.length) {
        if (count >= MAX_MERGES) throw tooMany(file);
        merges = doubled(merges);
        ranks = doubled(ranks);
      }
      merges[3 * count] = left;
      merges[3 * count + 1] = right;
      merges[3 * count + 2] = id;
      ranks[count++] = rank;
    }
  }
  return { merges: merges.slice(0, 3 * count), ranks: ranks.slice(0, count) };
}

function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}

function tooMany(file: string): VocabError {
  return new VocabError(
    "tokenizer-unsupported",
    `${file}: more than ${MAX_MERGES} ways to merge its tokens`,
    {
      hint: "is this a tokenizer? its tokens are many and long",
    },
  );
}
