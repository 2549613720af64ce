// What a tokenizer is, as plain data: the one shape that every file format is parsed into and every encoder is built from.

export interface TokenizerDefinition {
  readonly addedTokens: readonly AddedToken[];
  readonly normalizers: readonly NormalizerStep[];
  readonly preTokenizers: readonly PreTokenizerStep[];
  readonly model: BpeModel;
  readonly decoders: readonly DecoderStep[];
  /** Number of ids, added tokens included. */
  readonly vocabSize: number;
}

/** A token matched in the text before everything else. `normalized` ones are matched in the normalized text. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly singleWord: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  readonly normalized: boolean;
  readonly special: boolean;
}

export type UnicodeForm = "NFC" | "NFD" | "NFKC" | "NFKD";

export type NormalizerStep =
  | { readonly type: "unicode"; readonly form: UnicodeForm }
  | { readonly type: "replace"; readonly pattern: string; readonly content: string }
  | { readonly type: "prepend"; readonly text: string }
  | { readonly type: "strip"; readonly left: boolean; readonly right: boolean };

export type SplitBehavior = "Removed" | "Isolated" | "MergedWithPrevious" | "MergedWithNext" | "Contiguous";

/** What a split looks for: an Oniguruma pattern, or each character (or run of characters) with a Unicode property. */
export type SplitPattern = { readonly regex: string } | { readonly property: string; readonly run: boolean };

/** A step runs on every piece that the steps before it left. */
export type PreTokenizerStep =
  | {
      readonly type: "split";
      readonly pattern: SplitPattern;
      readonly behavior: SplitBehavior;
      readonly invert: boolean;
    }
  | { readonly type: "prefix-space" }
  | {
      readonly type: "metaspace";
      readonly replacement: string;
      readonly prepend: "always" | "first" | "never";
      readonly split: boolean;
    };

export interface BpeModel {
  /** The token of each id; added tokens that are not in the model's vocabulary are absent. */
  readonly tokens: readonly (string | undefined)[];
  readonly idOfToken: ReadonlyMap<string, number>;
  /** Left id, right id, product id, … in order of rank; a pair that stands twice counts at its last place. */
  readonly merges: Int32Array;
  /** Tokens are written in the byte-level alphabet (GPT-2), one character a byte. */
  readonly byteLevel: boolean;
  readonly byteFallback: boolean;
  readonly ignoreMerges: boolean;
  readonly fuseUnknown: boolean;
  readonly unknownId: number | undefined;
}

export type DecoderStep =
  | { readonly type: "byte-level" }
  | { readonly type: "byte-fallback" }
  | { readonly type: "fuse" }
  | { readonly type: "replace"; readonly pattern: string; readonly content: string }
  | { readonly type: "strip"; readonly content: string; readonly start: number; readonly stop: number }
  | { readonly type: "metaspace"; readonly replacement: string; readonly dropFirst: boolean };
