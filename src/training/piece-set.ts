// A Unigram base with candidate pieces beside its own, some of them in use: what it makes of words, and of one piece
// without that piece. Candidates are numbered from 0; in the model their ids follow those of the base.

import type { UnigramModel } from "../tokenizer/definition.ts";
import { UnigramEncoder } from "../tokenizer/unigram-encoder.ts";

export interface Piece {
  /** As the model spells it. */
  readonly token: string;
  /** A character that the base has no piece for: it stays, whatever it saves. */
  readonly isCharacter: boolean;
  /** Asked for by name: it stays too. */
  readonly isRequired: boolean;
}

/** Words as the model has them, and how often each occurs. */
export interface WeightedWords {
  readonly texts: readonly Uint8Array[];
  readonly weights: ArrayLike<number>;
}

export interface WordUses {
  readonly tokens: number;
  /** By id of the model. */
  readonly uses: Float64Array;
}

export class PieceSet {
  readonly pieces: readonly Piece[];
  /** Of each candidate; only those in use count. */
  readonly scores: Float64Array;
  private readonly base: UnigramModel;
  private readonly inUse: Uint8Array;
  private readonly texts: readonly Uint8Array[];
  private readonly allScores: Float64Array;
  private encoder: UnigramEncoder | undefined;

  constructor(base: UnigramModel, pieces: readonly Piece[]) {
    this.base = base;
    this.pieces = pieces;
    this.inUse = new Uint8Array(pieces.length).fill(1);
    this.texts = pieces.map(({ token }) => Buffer.from(token, "utf8"));
    this.allScores = new Float64Array(base.tokens.length + pieces.length);
    this.allScores.set(base.scores);
    this.scores = this.allScores.subarray(base.tokens.length);
  }

  /** The candidates in use, in order. */
  get used(): number[] {
    return this.pieces.flatMap((_, k) => (this.inUse[k] === 1 ? [k] : []));
  }

  drop(candidates: readonly number[]): void {
    this.switch(candidates, 0);
  }

  restore(candidates: readonly number[]): void {
    this.switch(candidates, 1);
  }

  private switch(candidates: readonly number[], use: 0 | 1): void {
    for (const k of candidates) this.inUse[k] = use;
    if (candidates.length > 0) this.encoder = undefined;
  }

  /** Tokens of all words, and how often each id occurs. */
  encode({ texts, weights }: WeightedWords): WordUses {
    const encoder = this.ready();
    const uses = new Float64Array(this.allScores.length);
    let tokens = 0;
    texts.forEach((text, i) => {
      const count = encoder.encode(text, 0, text.length);
      const weight = weights[i]!;
      tokens += count * weight;
      for (let at = 0; at < count; at++) uses[encoder.ids[at]!]! += weight;
    });
    return { tokens, uses };
  }

  /** How the candidate's own text would be spelt without it: the number of tokens and the sum of their scores. */
  without(candidate: number): { readonly tokens: number; readonly score: number } {
    const encoder = this.ready();
    const text = this.texts[candidate]!;
    const own = this.scores[candidate]!;
    this.scores[candidate] = -Infinity;
    const tokens = encoder.encode(text, 0, text.length);
    this.scores[candidate] = own;
    let score = 0;
    for (let at = 0; at < tokens; at++) score += this.scoreOf(encoder.ids[at]!);
    return { tokens, score };
  }

  /** Whether the candidate's text is spelt by it alone. */
  isReachable(candidate: number): boolean {
    const encoder = this.ready();
    const text = this.texts[candidate]!;
    const id = this.base.tokens.length + candidate;
    return encoder.encode(text, 0, text.length) === 1 && encoder.ids[0] === id;
  }

  private scoreOf(id: number): number {
    return id === this.base.unknownId ? this.base.lowestScore : this.allScores[id]!;
  }

  private ready(): UnigramEncoder {
    this.encoder ??= new UnigramEncoder({
      ...this.base,
      tokens: [...this.base.tokens, ...this.pieces.map(({ token }) => token)],
      scores: this.allScores,
      pieces: [...this.base.pieces, ...this.used.map((k) => this.base.tokens.length + k)],
    });
    return this.encoder;
  }
}
