// What was left out of a corpus, and how its spelling was changed, as results say it.

import {
  addOutcomes,
  type FilterOutcome,
  type FilterRules,
  type SampleRule,
  type TextAmount,
} from "../counting/filter-rules.ts";
import type { Orthography } from "../text/orthography.ts";

/** What a result says of the filter of its corpus; only what was asked for is there. */
export interface CorpusFilter {
  readonly normalize?: "NFC" | "NFKC" | undefined;
  readonly orthography?: Orthography | undefined;
  readonly script?: { readonly code: string; readonly share: number } | undefined;
  readonly dedup?: "line" | "document" | undefined;
  readonly sample?: { readonly documents: number } | { readonly share: number } | undefined;
  /** Of the sample. */
  readonly seed?: number | undefined;
  /** All documents, left out or not; bytes as changed. */
  readonly read: TextAmount;
  /** Documents that were changed. */
  readonly changed?: number | undefined;
  readonly leftOut: LeftOut;
}

/** Each document once, by the first of these that it fails. */
export interface LeftOut {
  readonly otherScript?: TextAmount | undefined;
  /** Lines: where lines are compared. */
  readonly duplicates?: (TextAmount & { readonly lines?: number | undefined }) | undefined;
  readonly unsampled?: TextAmount | undefined;
}

export function describeFilter(
  rules: FilterRules | undefined,
  outcome: FilterOutcome | undefined,
): CorpusFilter | undefined {
  if (rules === undefined || outcome === undefined) return undefined;
  const { normalize, orthography, script, dedup, sample, seed } = rules;
  const { read, changed, otherScript, duplicates, unsampled } = outcome;
  const { lines, ...amount } = duplicates;
  return {
    normalize,
    orthography,
    script: script === undefined ? undefined : { code: script.code, share: script.share },
    dedup,
    sample: sample === undefined ? undefined : describeSample(sample),
    seed: sample === undefined ? undefined : seed,
    read,
    changed: normalize === undefined && orthography === undefined ? undefined : changed,
    leftOut: {
      otherScript: script === undefined ? undefined : otherScript,
      duplicates: dedup === undefined ? undefined : dedup === "line" ? { ...amount, lines } : amount,
      unsampled: sample === undefined ? undefined : unsampled,
    },
  };
}

function describeSample(sample: SampleRule): NonNullable<CorpusFilter["sample"]> {
  return sample.kind === "share" ? { share: sample.share } : { documents: sample.documents };
}

/** Of several corpora that were filtered alike, as one. */
export function addFilters(filters: readonly CorpusFilter[]): CorpusFilter | undefined {
  const [first] = filters;
  if (first === undefined) return undefined;
  const nothing = { documents: 0, bytes: 0 };
  const sum = addOutcomes(
    filters.map(({ read, changed = 0, leftOut }) => ({
      read,
      changed,
      otherScript: leftOut.otherScript ?? nothing,
      // Counts without duplicates are never added up.
      duplicates: { ...nothing, lines: 0 },
      unsampled: leftOut.unsampled ?? nothing,
    })),
  );
  return {
    ...first,
    read: sum.read,
    changed: first.changed === undefined ? undefined : sum.changed,
    leftOut: {
      otherScript: first.leftOut.otherScript && sum.otherScript,
      unsampled: first.leftOut.unsampled && sum.unsampled,
    },
  };
}
