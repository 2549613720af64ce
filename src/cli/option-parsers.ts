// Turns what was typed after an option into a value, or says what is expected there.

import { existsSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { InvalidArgumentError } from "commander";
import type { TextWordRule, WordRule } from "../text/words.ts";

const MAX_WORKERS = 256;

/** The cores of this machine, as far as `--workers` goes. */
export function defaultWorkers(): number {
  return Math.min(MAX_WORKERS, availableParallelism());
}

/** A parser of whole numbers from `min` to `max`, for commander. */
export function wholeNumber(min: number, max: number): (typed: string) => number {
  return (typed) => {
    const value = /^\d+$/.test(typed) ? Number(typed) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
  };
}

export const workerCount = wholeNumber(1, MAX_WORKERS);
export const seedNumber = wholeNumber(0, Number.MAX_SAFE_INTEGER);

const BYTE_SUFFIXES: Readonly<Record<string, number>> = { "": 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

/** One document stands in memory as a whole, in arrays whose offsets are 32-bit integers. */
const MAX_DOCUMENT_BYTES = 2 ** 30;

/** "64M" → 67108864 */
export function documentBytes(typed: string): number {
  const value = bytesOf(typed);
  if (value >= 1 && value <= MAX_DOCUMENT_BYTES) return value;
  throw new InvalidArgumentError("Expected bytes from 1 to 1G, such as 65536, 64M or 1G.");
}

/** Below this a table is on the disk more than in memory. */
const MIN_MEMORY_BYTES = 2 ** 26;
const MAX_MEMORY_BYTES = 2 ** 40;

/** "512M" → 536870912 */
export function memoryBytes(typed: string): number {
  const value = bytesOf(typed);
  if (value >= MIN_MEMORY_BYTES && value <= MAX_MEMORY_BYTES) return value;
  throw new InvalidArgumentError("Expected bytes from 64M to 1024G, such as 512M or 8G.");
}

/** A quarter of the memory of this machine, at most 2 GiB. */
export function defaultMemory(): number {
  return Math.max(MIN_MEMORY_BYTES, Math.min(2 ** 31, Math.floor(totalmem() / 4)));
}

// NaN for what is no number of bytes.
function bytesOf(typed: string): number {
  const [, digits, suffix] = /^(\d+)([KMG]?)(?:i?B)?$/i.exec(typed) ?? [];
  return digits === undefined ? Number.NaN : Number(digits) * BYTE_SUFFIXES[suffix!.toUpperCase()]!;
}

/** Adds the IDs of one more `--tokenizer`. "qwen3,llama3" → two; the path of a file may hold commas. */
export function tokenizerIds(typed: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), ...splitList(typed)];
}

// The longest run of parts that is an existing path, or else one part, again and again.
function splitList(typed: string): string[] {
  const parts = typed.split(",");
  const ids: string[] = [];
  for (let from = 0; from < parts.length; ) {
    let to = parts.length;
    while (to > from + 1 && !existsSync(parts.slice(from, to).join(","))) to--;
    ids.push(parts.slice(from, to).join(","));
    from = to;
  }
  return ids.map((id) => id.trim()).filter((id) => id !== "");
}

const TEXT_RULES: readonly string[] = ["whitespace", "uax29", "none"] satisfies WordRule[];

/** Any word rule. */
export function wordRule(typed: string): WordRule {
  if (typed === "gold" || isTextRule(typed)) return typed;
  throw new InvalidArgumentError("Allowed choices are whitespace, uax29, gold, none.");
}

/** A word rule of plain text, for commands that do not count the words of treebanks. */
export function textWordRule(typed: string): TextWordRule | "none" {
  if (isTextRule(typed)) return typed;
  throw new InvalidArgumentError(
    typed === "gold"
      ? "Gold words are counted by vocab analyze: use whitespace, uax29 or none."
      : "Allowed choices are whitespace, uax29, none.",
  );
}

function isTextRule(typed: string): typed is TextWordRule | "none" {
  return TEXT_RULES.includes(typed);
}

/** Adds the parts of one more list. "fa,ckb" → two */
export function commaList(typed: string, before: readonly string[] | undefined): string[] {
  const parts = typed.split(",").map((part) => part.trim());
  return [...(before ?? []), ...parts.filter((part) => part !== "")];
}
