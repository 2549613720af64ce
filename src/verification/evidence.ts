// What a verification is given: two tokenizer files, and whatever else is there to look at.

import type { VocabularyFile } from "../expansion/vocabulary-file.ts";
import type { OtherFormat } from "./formats-agree.ts";
import type { Budgets } from "./panel-budget.ts";

/** A tokenizer file and where it came from. */
export interface TokenizerFile {
  /** `npm:package@version/path`, or the path as typed. */
  readonly source: string;
  readonly file: VocabularyFile;
}

/** Text that both tokenizers encode, document by document. Read once. */
export interface TextSource {
  /** "en", "code", "held-out": the name in the certificate and in budgets. */
  readonly name: string;
  /** `npm:package@version/path`, or the paths as typed. */
  readonly source: string;
  /** Each a document in well-formed UTF-8. */
  readonly documents: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** What is known of the text that the tokens were learned from. */
export interface TrainingEvidence {
  /** Times that each id occurs when all of it is encoded with the expanded tokenizer, by id; for G4. */
  readonly usesOfId?: ArrayLike<number>;
  /** How its documents and those of the held-out text overlap; for G11. */
  readonly overlap?: DocumentOverlap;
}

/** Documents are the same when the SHA-256 of their bytes is. */
export interface DocumentOverlap {
  readonly trainingDocuments: number;
  readonly heldOutDocuments: number;
  /** Different documents that stand in both. */
  readonly shared: number;
  /** SHA-256 of one of them, in hexadecimal. */
  readonly example?: string;
}

/** The two tokenizers and what goes with them. */
export interface Evidence {
  readonly base: TokenizerFile;
  readonly expanded: TokenizerFile;
  /** A SentencePiece model beside both tokenizer.json files; for G8. */
  readonly otherFormat?: OtherFormat;
  /** embedding-plan.json, parsed; for G10. */
  readonly plan?: unknown;
  /** Other files of the expanded folder, parsed, by name: tokenizer_config.json, added_tokens.json, …; for G1. */
  readonly siblings?: Readonly<Record<string, unknown>>;
  readonly training?: TrainingEvidence;
  /** Text like that the tokens are for, not trained on; confirms G3 and G5. */
  readonly heldOut?: TextSource;
  /** Text that should not change; for G6 and G13. Default: that of default-panel.ts. */
  readonly panel?: readonly TextSource[];
  /** BCP 47 tags of the languages that the tokens are for, which the default panel leaves out. Default: none. */
  readonly languages?: readonly string[];
}

export interface VerifyOptions {
  /** How much of a panel text may change. Default: nothing of "en" and "code", all of the others. */
  readonly budgets?: Budgets;
  /** Documents of generated text that confirm G3 and G5. Default 2000. */
  readonly generated?: number;
  /** Seed of the generated text. Default 0. */
  readonly seed?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((step: VerifyStep) => void) | undefined;
}

/** What is being done, for a progress line. */
export interface VerifyStep {
  readonly step: "loading" | "structure" | "text";
  /** The text that is being encoded, and its documents so far. */
  readonly text?: string;
  readonly documents?: number;
}
