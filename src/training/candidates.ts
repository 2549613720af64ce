// What training learns: tokens that the base lacks, in learned order, and the merges that make them. Sweep evaluates its
// prefixes, expansion puts one of them into a vocabulary. The JSON file is documented in docs/candidates.md.

/** One learned token. Its id is `firstId` plus its index. */
export interface Candidate {
  /** As the model spells it: in the byte-level alphabet (GPT-2), or in characters with `▁` for a space. */
  readonly token: string;
  /** The bytes of text that it stands for, in hexadecimal; a space is 20, whatever the model writes for it. */
  readonly bytes: string;
  /** Those bytes as text; absent where they are not whole characters. */
  readonly text?: string;
  /**
   * "stone": ends or begins inside a character, and is there only because other candidates build on it.
   * "character": a single character that the base spells in byte tokens or does not know; no merge makes it.
   */
  readonly kind: "token" | "stone" | "character";
  /**
   * Base ids: the leaves of its merge tree, in order; of a character its byte tokens. Of a Unigram piece what the base makes
   * of it, the unknown token for characters that it does not know.
   */
  readonly constituents: readonly number[];
  /** Occurrences in the (weighted) training text at the moment when it was learned; of a Unigram piece in the end. */
  readonly count: number;
  /** Of a Unigram piece: its log probability, the same number in single precision. */
  readonly score?: number;
}

export interface LearnedTokens {
  /** Number of ids of the base: its highest id plus one. */
  readonly firstId: number;
  readonly candidates: readonly Candidate[];
  /**
   * Left id, right id, product id, in order of rank, all behind the merges of the base. No pair stands twice, neither here
   * nor in the base. A product below `firstId` is a token of the base that no merge of it made from this pair. Where the
   * base lists all splits of a piece, so does this. Empty for Unigram.
   */
  readonly merges: readonly (readonly [left: number, right: number, product: number])[];
}

/**
 * The first `count` candidates alone, without the last of them while those are stones, which nothing among them needs. Of
 * the merges those before the first that makes a later candidate, and of these the ones whose parts exist.
 */
export function prefixOf(learned: LearnedTokens, count: number): LearnedTokens {
  const kept = prefixLength(learned, count);
  const end = learned.firstId + kept;
  const stop = learned.merges.findIndex(([, , product]) => product >= end);
  const merges = (stop < 0 ? learned.merges : learned.merges.slice(0, stop)).filter(
    ([left, right]) => left < end && right < end,
  );
  return { firstId: learned.firstId, candidates: learned.candidates.slice(0, kept), merges };
}

/** How many candidates `prefixOf` keeps. */
export function prefixLength({ candidates }: LearnedTokens, count: number): number {
  let kept = Math.min(count, candidates.length);
  while (kept > 0 && kept < candidates.length && candidates[kept - 1]!.kind === "stone") kept--;
  return kept;
}
