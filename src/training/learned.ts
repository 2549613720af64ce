// What a training run reports besides the tokens: why it stopped, what it met on the way.

import type { LearnedTokens } from "./candidates.ts";
import type { TokenConstraints } from "./token-constraints.ts";

/** "budget": as many tokens as were asked for. "pairs": no pair that is allowed occurs `minCount` times any more. */
export type StopReason = "budget" | "pairs";

export interface Learned extends LearnedTokens {
  readonly stopped: StopReason;
  /** The reason as a sentence: "stopped after 812: no pair occurs twice". */
  readonly stopDetail: string;
  /** Candidates that begin or end inside a character. */
  readonly stones: number;
  /** Tokens of the base that new merges make, in order: their embeddings may never have been trained. */
  readonly revived: readonly RevivedToken[];
  /** Words of `include` that did not become tokens, with the reason. */
  readonly notIncluded: readonly { readonly word: string; readonly reason: string }[];
  /** Pairs that were common enough but not allowed, by reason. */
  readonly refused: Readonly<Record<string, number>>;
  /** Merges that fire in the protected text. */
  readonly protectedMerges: number;
  /** Of each language: tokens of its text under the base and with all candidates. */
  readonly languages: readonly { readonly tokensBefore: number; readonly tokensAfter: number }[];
}

export interface RevivedToken {
  readonly id: number;
  readonly token: string;
  /** Occurrences when it was revived. */
  readonly count: number;
}

export interface LearnOptions {
  /** New ids, at most. */
  readonly add: number;
  /** Default: anything. */
  readonly constraints?: TokenConstraints;
  /**
   * How several languages share the budget. "size" (default): the pair that occurs most often in all text together.
   * "parity": the pair most frequent in the language that has the most tokens per pre-token so far.
   */
  readonly balance?: "size" | "parity";
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((learned: number) => void) | undefined;
}
