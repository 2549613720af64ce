// From what a user types to a known tokenizer: names in any spelling, models that share a tokenizer, hub ids, and what
// may have been meant.

import { editDistance } from "../text/language-suggestions.ts";
import type { KnownTokenizer, TokenizerAlias } from "./families/known-tokenizer.ts";
import { KNOWN_TOKENIZERS, TOKENIZER_ALIASES } from "./known-tokenizers.ts";
import { MODEL_SIZES } from "./model-sizes.ts";

const MOST_SUGGESTIONS = 4;
const MOST_EDITS = 2;

type Named = KnownTokenizer | TokenizerAlias;

/**
 * The tokenizer or alias with this id or name, whatever the case, spaces, hyphens and underscores: "Llama-3" → llama3.
 * Dots count: llama3.1 is another one than llama31.
 */
export function findKnown(typed: string): Named | undefined {
  const wanted = plainName(typed);
  if (wanted === "") return undefined;
  return allNamed().find(({ id, name }) => plainName(id) === wanted || plainName(name) === wanted);
}

export function isAlias(entry: Named): entry is TokenizerAlias {
  return "sameAs" in entry;
}

/** The known tokenizer that an alias stands for. */
export function targetOf({ sameAs }: TokenizerAlias): KnownTokenizer {
  return KNOWN_TOKENIZERS.find(({ id }) => id === sameAs)!;
}

/** Ids that may have been meant, best first: by hub id, model, family, how the name begins, then by spelling. */
export function suggestKnown(typed: string): string[] {
  const steps = [byHubId, byModel, byFamily, byBeginning, bySpelling];
  const found = steps.map((step) => step(typed)).find((ids) => ids.length > 0) ?? [];
  return found.slice(0, MOST_SUGGESTIONS);
}

function byHubId(typed: string): string[] {
  const wanted = typed.toLowerCase();
  return allNamed()
    .filter(({ hubId }) => hubId !== undefined)
    .filter(({ hubId }) => [hubId!, lastPart(hubId!)].some((known) => known.toLowerCase() === wanted))
    .map(({ id }) => id);
}

function byModel(typed: string): string[] {
  const wanted = plainName(lastPart(typed));
  return MODEL_SIZES.filter(({ name }) => plainName(name) === wanted).map(({ tokenizer }) => tokenizer);
}

function byFamily(typed: string): string[] {
  const wanted = plainName(typed);
  return KNOWN_TOKENIZERS.filter(({ family }) => plainName(family) === wanted).map(({ id }) => id);
}

// "Qwen3-8B" begins with "qwen3", "Llama-3.1-8B-Instruct" with "llama-3.1", where a part of the name ends; the longest wins.
function byBeginning(typed: string): string[] {
  const parts = lastPart(typed).split(/[\s_-]+/);
  const beginnings = parts.map((_, i) => plainName(parts.slice(0, parts.length - i).join("")));
  for (const beginning of beginnings) {
    const entry = findKnown(beginning);
    if (entry !== undefined) return [entry.id];
  }
  return [];
}

// Tokenizers before models that share one.
function bySpelling(typed: string): string[] {
  const near = nearest(typed, KNOWN_TOKENIZERS);
  return near.length > 0 ? near : nearest(typed, TOKENIZER_ALIASES);
}

function nearest(typed: string, entries: readonly Named[]): string[] {
  const wanted = plainName(typed);
  const distances = entries
    .filter(({ id }) => Math.abs(plainName(id).length - wanted.length) <= MOST_EDITS)
    .map(({ id }) => ({ id, edits: editDistance(wanted, plainName(id)) }));
  const least = Math.min(MOST_EDITS, ...distances.map(({ edits }) => edits));
  return distances.filter(({ edits }) => edits <= least).map(({ id }) => id);
}

function allNamed(): readonly Named[] {
  return [...KNOWN_TOKENIZERS, ...TOKENIZER_ALIASES];
}

function plainName(text: string): string {
  return text.toLowerCase().replace(/[\s_-]+/g, "");
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
