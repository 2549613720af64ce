// What may be left out of a corpus or changed in it before it is counted, as plain data that goes to the workers, and what
// that came to.

import type { Orthography } from "../text/orthography.ts";

export interface FilterRules {
  readonly normalize?: "NFC" | "NFKC" | undefined;
  readonly orthography?: Orthography | undefined;
  /** Keep documents of whose letters at least this share belongs to the script. */
  readonly script?: ScriptRule | undefined;
  readonly dedup?: "line" | "document" | undefined;
  readonly sample?: SampleRule | undefined;
  readonly seed: number;
}

export interface ScriptRule {
  /** ISO 15924. */
  readonly code: string;
  /** "sc=Arab": the scripts of Unicode behind the code. */
  readonly properties: readonly string[];
  readonly share: number;
}

/**
 * `share`: those whose seeded hash is below it. `count`: that many, those with the smallest seeded hashes; `last` is the
 * last of them, once they have been found.
 */
export type SampleRule =
  | { readonly kind: "share"; readonly share: number }
  | { readonly kind: "count"; readonly documents: number; readonly last?: DocumentRank | undefined };

/** Orders documents by seeded hash; equal texts, by their place. */
export interface DocumentRank {
  readonly hash: number;
  readonly file: number;
  readonly offset: number;
}

export function compareRanks(a: DocumentRank, b: DocumentRank): number {
  return a.hash - b.hash || a.file - b.file || a.offset - b.offset;
}

export interface TextAmount {
  readonly documents: number;
  readonly bytes: number;
}

/** How much was left out, and why: each document once, by the first rule that it fails. All bytes are those behind the changes. */
export interface FilterOutcome {
  /** All documents, kept or not. */
  readonly read: TextAmount;
  /** Documents that normalization or orthography changed. */
  readonly changed: number;
  readonly otherScript: TextAmount;
  /** With `dedup` by line, bytes are also those of the lines taken out of documents that stay. */
  readonly duplicates: TextAmount & { readonly lines: number };
  readonly unsampled: TextAmount;
}

export function addOutcomes(outcomes: readonly FilterOutcome[]): FilterOutcome {
  const sum = (of: (outcome: FilterOutcome) => TextAmount): TextAmount => ({
    documents: outcomes.reduce((total, outcome) => total + of(outcome).documents, 0),
    bytes: outcomes.reduce((total, outcome) => total + of(outcome).bytes, 0),
  });
  return {
    read: sum(({ read }) => read),
    changed: outcomes.reduce((total, { changed }) => total + changed, 0),
    otherScript: sum(({ otherScript }) => otherScript),
    duplicates: {
      ...sum(({ duplicates }) => duplicates),
      lines: outcomes.reduce((total, { duplicates }) => total + duplicates.lines, 0),
    },
    unsampled: sum(({ unsampled }) => unsampled),
  };
}
