// What a tokenizer is, as plain data: the one shape that every file format is parsed into and every encoder is built from.

import type { Charsmap } from "./formats/charsmap.ts";

export interface TokenizerDefinition<M extends Model = Model> {
  readonly addedTokens: readonly AddedToken[];
  readonly normalizers: readonly NormalizerStep[];
  readonly preTokenizers: readonly PreTokenizerStep[];
  readonly model: M;
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
  /** It is looked for in the normalized text as it is spelt: a user-defined piece of SentencePiece. */
  readonly verbatim?: true;
  readonly special: boolean;
}

export type UnicodeForm = "NFC" | "NFD" | "NFKC" | "NFKD";

export type NormalizerStep =
  | { readonly type: "unicode"; readonly form: UnicodeForm }
  | { readonly type: "replace"; readonly pattern: string; readonly content: string }
  | { readonly type: "replace-matches"; readonly pattern: SplitPattern; readonly content: string }
  | { readonly type: "remove"; readonly property: string }
  | { readonly type: "lowercase" }
  | { readonly type: "space-ideographs" }
  | { readonly type: "prepend"; readonly text: string }
  | { readonly type: "strip"; readonly left: boolean; readonly right: boolean }
  | { readonly type: "precompiled"; readonly charsmap: Charsmap }
  | SentencePieceNormalizer;

/** What SentencePiece does to text before its model (src/normalizer.cc): map characters, mark spaces with `▁`. */
export interface SentencePieceNormalizer {
  readonly type: "sentencepiece";
  /** Undefined where characters stay as they are. */
  readonly charsmap: Charsmap | undefined;
  /** User-defined pieces, which stay as they are. */
  readonly keeps: readonly string[];
  /** A `▁` is put before the text. */
  readonly addsPrefix: boolean;
  /** Spaces at both ends go, and runs become one. */
  readonly removesExtraSpaces: boolean;
}

export type SplitBehavior = "Removed" | "Isolated" | "MergedWithPrevious" | "MergedWithNext" | "Contiguous";

/** Oniguruma's (tokenizer.json), the default, or that of Rust's fancy-regex (tiktoken). */
export type RegexSyntax = "oniguruma" | "rust";

/**
 * What a split looks for: an Oniguruma pattern, each character (or run of characters) with a Unicode property, or `words`:
 * runs of word characters and runs of what is neither that nor white space, as Rust's regex crate has them.
 */
export type SplitPattern =
  | { readonly regex: string; readonly syntax?: RegexSyntax }
  | { readonly property: string; readonly run: boolean }
  | { readonly words: true };

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

export type Model = BpeModel | UnigramModel | WordPieceModel;

/** A tokenizer whose model is BPE: what training and expansion work on. */
export type BpeDefinition = TokenizerDefinition<BpeModel>;

/** Tokens by id: an array, or what `packVocabulary` (packed-vocabulary.ts) makes of one. */
export interface TokenList extends Iterable<string | undefined> {
  readonly length: number;
  /** Undefined where the id, an integer from 0 on, has no token. */
  at(id: number): string | undefined;
}

export interface Vocabulary {
  /** The token of each id; added tokens that are not in the model's vocabulary are absent. */
  readonly tokens: TokenList;
  readonly idOfToken: ReadonlyMap<string, number>;
}

export interface BpeModel extends Vocabulary {
  readonly type: "bpe";
  /** Left id, right id, product id, … in order of rank; a pair that stands twice counts at its last place. */
  readonly merges: Int32Array;
  /**
   * The rank of each merge, never falling, where several may share one: of pairs of equal rank the leftmost is merged
   * first (SentencePiece, tiktoken). Absent where every merge has a rank of its own (tokenizer.json).
   */
  readonly ranks?: Int32Array;
  /** Tokens are written in the byte-level alphabet (GPT-2), one character a byte. */
  readonly byteLevel: boolean;
  readonly byteFallback: boolean;
  readonly ignoreMerges: boolean;
  readonly fuseUnknown: boolean;
  readonly unknownId: number | undefined;
}

/** Kudo 2018: the path of pieces with the highest sum of scores. */
export interface UnigramModel extends Vocabulary {
  readonly type: "unigram";
  /** Log probability of each id. Of an unknown character: `lowestScore` less 10. */
  readonly scores: Float64Array;
  readonly lowestScore: number;
  /** The ids that text can be divided into; control, unknown and byte pieces of SentencePiece are not. */
  readonly pieces: readonly number[];
  readonly byteFallback: boolean;
  readonly unknownId: number;
  /** SentencePiece itself adds up in single precision, and its user-defined pieces always win. */
  readonly sentencePiece?: { readonly userDefined: ReadonlySet<number> } | undefined;
}

/** Schuster and Nakajima 2012, as in BERT: the longest token of the vocabulary, again and again from the left. */
export interface WordPieceModel extends Vocabulary {
  readonly type: "wordpiece";
  /** Before tokens that do not begin a word: "##". */
  readonly continuingPrefix: string;
  /** A longer word is one unknown token. In Unicode code points. */
  readonly maxWordCharacters: number;
  readonly unknownId: number;
}

export type DecoderStep =
  | { readonly type: "byte-level" }
  | { readonly type: "byte-fallback" }
  | { readonly type: "fuse" }
  | { readonly type: "replace"; readonly pattern: string; readonly content: string }
  | { readonly type: "strip"; readonly content: string; readonly start: number; readonly stop: number }
  | { readonly type: "metaspace"; readonly replacement: string; readonly dropFirst: boolean }
  | { readonly type: "wordpiece"; readonly prefix: string; readonly cleanUp: boolean }
  | SentencePieceDecoder;

/** How SentencePiece puts pieces together (src/sentencepiece_processor.cc, Decode). It stands alone. */
export interface SentencePieceDecoder {
  readonly type: "sentencepiece";
  /** Ids that stand for no text. */
  readonly controls: ReadonlySet<number>;
  readonly unknownId: number | undefined;
  readonly unknownSurface: string;
  /** A `▁` that begins the text is dropped. */
  readonly dropsFirstSpace: boolean;
  /** And so are those behind it. */
  readonly dropsAllFirstSpaces: boolean;
}
