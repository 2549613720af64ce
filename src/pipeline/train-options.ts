// What `train`, `sweep` and `expand` are asked for alike: languages, text, and what may become a token.

import { VocabError } from "../errors.ts";
import type { Language } from "../text/languages.ts";
import type { TokenizerId } from "../tokenizer/load-tokenizer.ts";
import type { TrainableModel } from "../tokenizer/require-bpe.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import { constraintsFor } from "../training/language-constraints.ts";
import { scriptProperties } from "../training/script-data.ts";
import type { TokenConstraints } from "../training/token-constraints.ts";
import type { TrainingTextOptions } from "./training-text.ts";

export interface ConstraintOptions {
  /** ISO 15924 codes of the scripts that tokens may have, or "any". Default: those of the languages. */
  readonly scripts?: readonly string[] | undefined;
  /** Numbers may stand in tokens. Default false. */
  readonly digits?: boolean | undefined;
  /** Punctuation and symbols may stand in tokens. Default false. */
  readonly punctuation?: boolean | undefined;
  /** A pair is joined when it occurs so often, or more. Default 2. */
  readonly minCount?: number | undefined;
  /** Longest token in bytes. Default 64; without a base 65535. */
  readonly maxBytes?: number | undefined;
  /** Characters that the base spells in byte tokens become tokens. Default true. */
  readonly coverCharacters?: boolean | undefined;
  /** Words that become tokens first. */
  readonly include?: readonly string[] | undefined;
  /** Words that no token may spell. */
  readonly exclude?: readonly string[] | undefined;
  /** How often learned merges may fire in the protected text. Default 0. */
  readonly protectBudget?: number | undefined;
}

export interface LearningOptions
  extends ConstraintOptions,
    Omit<TrainingTextOptions, "anyScript" | "needsDocuments" | "onProgress"> {
  /** BCP 47 tags. */
  readonly langs: readonly string[];
  /** A known name, a path, or "none". */
  readonly base: TokenizerId;
  /** With base "none": the tokenizer whose pre-tokens are taken, or a regular expression. Default: GPT-2's. */
  readonly preTokenizer?: string | undefined;
  /** Globs of text in which learned merges may not fire (but for `protectBudget`). */
  readonly protect?: readonly string[] | undefined;
  /** How several languages share the budget: "parity" lets the worst-off gain first. Default "size". */
  readonly balance?: "parity" | "size" | undefined;
  readonly onProgress?: ((progress: TrainProgress) => void) | undefined;
}

export type TrainProgress =
  /** Stored bytes read, and in all. */
  | { readonly phase: "counting"; readonly bytes: number; readonly totalBytes: number }
  | { readonly phase: "learning"; readonly learned: number; readonly add: number }
  | { readonly phase: "evaluating" };

/** @throws VocabError `unknown-script`, `out-of-range` (usage) */
export function resolveConstraints(
  options: ConstraintOptions,
  languages: readonly Language[],
  base: Tokenizer<TrainableModel> | undefined,
): TokenConstraints {
  requireRange("--min-count", options.minCount, 1, Number.MAX_SAFE_INTEGER);
  requireRange("--max-bytes", options.maxBytes, 1, 65_535);
  requireRange("--protect-budget", options.protectBudget, 0, Number.MAX_SAFE_INTEGER);
  const { scripts, ...rest } = base === undefined ? FROM_NOTHING : defaultsFor(languages, base);
  const wanted = options.scripts === undefined ? scripts : namedScripts(options.scripts);
  const { digits, punctuation, minCount, maxBytes, coverCharacters, include, exclude, protectBudget } =
    options;
  const given = { digits, punctuation, minCount, maxBytes, include, exclude, protectBudget };
  return {
    ...(wanted === undefined ? {} : { scripts: wanted }),
    ...rest,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    ...(coverCharacters === false ? { coverCharacters } : {}),
  };
}

/** A plain trainer of BPE: anything may be joined. */
const FROM_NOTHING: TokenConstraints = { minCount: 2, stones: "free" };

function defaultsFor(languages: readonly Language[], base: Tokenizer<TrainableModel>): TokenConstraints {
  const all = languages.map((language) => constraintsFor(language, base));
  const scripts = all.every((constraints) => constraints.scripts !== undefined)
    ? { scripts: [...new Set(all.flatMap((constraints) => constraints.scripts!))] }
    : {};
  const { scripts: _, ...first } = all[0]!;
  const letters = all.map(({ withoutCharacters = "" }) => withoutCharacters);
  return { ...scripts, ...first, withoutCharacters: letters.includes("") ? "" : letters[0]! };
}

function namedScripts(scripts: readonly string[]): readonly string[] | undefined {
  if (scripts.length === 1 && scripts[0]!.toLowerCase() === "any") return undefined;
  return scripts.map((typed) => {
    const script = typed.slice(0, 1).toUpperCase() + typed.slice(1).toLowerCase();
    if (scriptProperties(script).length > 0) return script;
    throw new VocabError("unknown-script", `unknown script: ${typed}`, {
      kind: "usage",
      hint: 'codes of ISO 15924, such as Arab or Latn, or "any"',
    });
  });
}

function requireRange(option: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= min && value <= max)) return;
  throw new VocabError("out-of-range", `${option} ${value}: expected a whole number from ${min} to ${max}`, {
    kind: "usage",
  });
}

/** @throws VocabError `add-out-of-range` (usage) */
export function requireCount(option: string, value: number, min: number): void {
  if (Number.isSafeInteger(value) && value >= min && value <= MAX_ADD) return;
  throw new VocabError(
    "add-out-of-range",
    `${option} ${value}: expected a whole number from ${min} to ${MAX_ADD}`,
    {
      kind: "usage",
      hint: "8000 is a usual size for one language",
    },
  );
}

/** Ids are kept in 26 bits (training/merge-index.ts); no vocabulary comes near. */
const MAX_ADD = 10_000_000;
