// What may become a token, as plain data; constraint-check.ts applies it, language-constraints.ts has the defaults.

/** Every field has a default that forbids nothing, except where it says otherwise. */
export interface TokenConstraints {
  /**
   * ISO 15924 codes: a token has characters of one of these scripts alone, besides letters and marks that all scripts
   * share (Common and Inherited), ZWNJ, ZWJ, and one space at its start. Absent: all text.
   */
  readonly scripts?: readonly string[];
  /** Whether numbers may stand in tokens. Matters with `scripts` only. Default false. */
  readonly digits?: boolean;
  /** Whether punctuation and symbols may stand in tokens. Matters with `scripts` only. Default false. */
  readonly punctuation?: boolean;
  /** Characters refused though their script is allowed, for example a letter that stands for a space in other formats. */
  readonly withoutCharacters?: string;
  /** Longest token in bytes of text, at most 2047. Default 2047. */
  readonly maxBytes?: number;
  /** A pair is joined when it occurs so often, or more. Default 2; 1 joins everything. */
  readonly minCount?: number;
  /**
   * Whether tokens may begin or end inside a character. Default: "ways", which learns one only together with the token
   * that it leads to. "free" is what plain BPE trainers do.
   */
  readonly stones?: "ways" | "free" | "never";
  /** Characters of `scripts` that the base spells in byte tokens may become tokens of their own. Default false. */
  readonly coverCharacters?: boolean;
  /** Words that become tokens first, in this order, whatever their characters and counts. */
  readonly include?: readonly string[];
  /** Words that no token may spell, with or without a space before them. */
  readonly exclude?: readonly string[];
  /** Merges that may fire in the protected text, all learned tokens together. Default 0. */
  readonly protectBudget?: number;
}
