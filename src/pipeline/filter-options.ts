// What is left out of a corpus, or changed in it, before it is counted: the options, and what a result says of them.

import type { FilterRules, SampleRule, ScriptRule } from "../counting/filter-rules.ts";
import { VocabError } from "../errors.ts";
import { ORTHOGRAPHIES, type Orthography } from "../text/orthography.ts";
import { scriptProperties } from "../training/script-data.ts";

export interface FilterOptions {
  /** Leave out documents, or lines of documents, that occurred before. Default: none. */
  readonly dedup?: "line" | "document" | undefined;
  /** "10000": so many documents; "5%": each with this probability. Default: all. */
  readonly sample?: string | undefined;
  /** "Arab" or "Arab:0.8": keep documents of whose letters at least half, or that share, is of the script. Without it: whatever the script. */
  readonly script?: string | undefined;
  /** Unicode normalization form of the documents. Default "none". */
  readonly normalize?: "NFC" | "NFKC" | "none" | undefined;
}

/** Beside the language's own spelling: the letters of an orthography in place of others. */
export interface OrthographyOptions {
  /** "fa": Persian yeh and kaf in place of the Arabic ones. Default: as the text has them. */
  readonly orthography?: Orthography | undefined;
}

const DEFAULT_SHARE = 0.5;
/** A sample is chosen in memory, by some 50 bytes a document. */
const MAX_SAMPLE = 10_000_000;

/**
 * The rules that the options ask for; undefined when they ask for none.
 * @throws VocabError `filter-option` (usage)
 */
export function filterRules(
  options: FilterOptions & OrthographyOptions,
  seed: number,
): FilterRules | undefined {
  const { dedup, normalize, orthography, sample, script } = options;
  if (orthography !== undefined && !ORTHOGRAPHIES.includes(orthography))
    throw invalidOption(`--orthography ${orthography}`, `known: ${ORTHOGRAPHIES.join(", ")}`);
  const form = normalize === "none" ? undefined : normalize;
  if ([dedup, form, orthography, sample, script].every((option) => option === undefined)) return undefined;
  return {
    normalize: form,
    orthography,
    script: script === undefined ? undefined : parseScript(script),
    dedup,
    sample: sample === undefined ? undefined : parseSample(sample),
    seed,
  };
}

/** "Arab:0.8" */
function parseScript(typed: string): ScriptRule {
  const [, code, share] = /^([A-Z][a-z]{3})(?::(0?\.\d+|0|1(?:\.0+)?))?$/.exec(typed) ?? [];
  const properties = code === undefined ? [] : scriptProperties(code);
  if (code === undefined || properties.length === 0)
    throw invalidOption(`--script ${typed}`, "an ISO 15924 code, with a share if need be: Arab, or Arab:0.8");
  return { code, properties, share: share === undefined ? DEFAULT_SHARE : Number(share) };
}

/** "10000" or "5%" */
function parseSample(typed: string): SampleRule {
  const [, number, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(typed) ?? [];
  const value = Number(number);
  if (percent === "%" && value > 0 && value <= 100) return { kind: "share", share: value / 100 };
  if (percent === "" && Number.isSafeInteger(value) && value >= 1 && value <= MAX_SAMPLE)
    return { kind: "count", documents: value };
  throw invalidOption(
    `--sample ${typed}`,
    `a number of documents up to ${MAX_SAMPLE}, or a share such as 5%`,
  );
}

function invalidOption(what: string, hint: string): VocabError {
  return new VocabError("filter-option", `${what}: not understood`, { kind: "usage", hint });
}

/**
 * For text that is taken as it is.
 * @throws VocabError `cannot-filter` (usage)
 */
export function refuseFilter(
  rules: FilterRules | undefined,
  why: string,
  hint = "name files with --corpus",
): void {
  if (rules === undefined) return;
  throw new VocabError("cannot-filter", `--dedup, --sample, --script, --normalize and the like: ${why}`, {
    kind: "usage",
    hint,
  });
}
