// Lets words hold combining marks: `\p{L}` becomes `[\p{L}\p{M}]` in the branch of the pre-tokenizer's pattern that
// matches words. Without it Llama 3 cuts a Hindi word at every vowel sign, and no token can reach over a cut.

import { VocabError } from "../errors.ts";
import { findValue, forEachChild, type JsonChild, type JsonSpan, stringAt } from "../tokenizer/json-text.ts";
import { GPT2_PATTERN } from "../tokenizer/parse-pre-tokenizer.ts";
import { applyEdits, stringWriter, type TextEdit } from "./json-edits.ts";

const LETTERS = "\\p{L}";
const LETTERS_AND_MARKS = "[\\p{L}\\p{M}]";

/** Where the known patterns match words: what stands before the letters' class, the class alone, what stands behind. */
interface Family {
  readonly before: string;
  readonly behind: string;
}

/** A pattern is relaxed only if it is one of these, character by character. */
const FAMILIES: readonly Family[] = [
  splitPattern(GPT2_PATTERN, " ?"),
  ...["\\p{N}{1,3}", "\\p{N}"].map((digits) =>
    splitPattern(
      `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`,
      "[^\\r\\n\\p{L}\\p{N}]?",
    ),
  ),
  // cl100k as tiktoken has it.
  splitPattern(
    "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}+| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+|\\s++$|\\s*[\\r\\n]|\\s+(?!\\S)|\\s",
    "[^\\r\\n\\p{L}\\p{N}]?+",
  ),
];

/** o200k, Qwen 3.5, DeepSeek V3 and others: their words hold marks already. */
const HAS_MARKS = /\[[^\]]*\\p\{L[^\]]*\\p\{M\}[^\]]*\]/;

/**
 * @param text of a tokenizer.json
 * @returns the text with that one change
 * @throws VocabError `cannot-relax` when the pattern is not known, or lets words hold marks already
 */
export function relaxPreTokenizer(text: string): string {
  const place = findValue(text, ["pre_tokenizer"]);
  const found = place === undefined ? [] : patternsIn(text, place);
  const edits = found.flatMap(({ span, pattern, write }): TextEdit[] => {
    const relaxed = relaxPattern(pattern);
    return relaxed === undefined ? [] : [{ ...span, insert: write(relaxed) }];
  });
  if (edits.length === 1) return applyEdits(text, edits);
  throw cannotRelax(found.map(({ pattern }) => pattern));
}

/** The pattern with marks in its words; undefined when it is not a known one. */
export function relaxPattern(pattern: string): string | undefined {
  const family = FAMILIES.find(({ before, behind }) => pattern === before + LETTERS + behind);
  return family && family.before + LETTERS_AND_MARKS + family.behind;
}

// `opening`: what the word branch has before its letters.
function splitPattern(pattern: string, opening: string): Family {
  const at = pattern.indexOf(opening + LETTERS) + opening.length;
  return { before: pattern.slice(0, at), behind: pattern.slice(at + LETTERS.length) };
}

/** A pattern in the file, and how it is written with another one in its place. */
interface FoundPattern {
  readonly span: JsonSpan;
  readonly pattern: string;
  readonly write: (pattern: string) => string;
}

// All strings with the key "Regex" below a place, and ByteLevel steps that split by their own pattern.
function patternsIn(text: string, place: JsonSpan): FoundPattern[] {
  const found: FoundPattern[] = [];
  const visit = (span: JsonSpan): void => {
    if (text[span.start] !== "{" && text[span.start] !== "[") return;
    const ownPattern = byteLevelPattern(text, span);
    if (ownPattern !== undefined) found.push(ownPattern);
    forEachChild(text, span.start, (child) => {
      if (isRegex(text, child))
        found.push({ span: spanOf(child), pattern: stringAt(text, child), write: stringWriter(text) });
      else visit(child);
    });
  };
  visit(place);
  return found;
}

function isRegex(text: string, { key, start }: JsonChild): boolean {
  return key !== undefined && text[start] === '"' && stringAt(text, key) === "Regex";
}

function spanOf({ start, end }: JsonSpan): JsonSpan {
  return { start, end };
}

// ByteLevel with "use_regex" splits by a pattern that is not in the file: a Split before it takes its place.
function byteLevelPattern(text: string, span: JsonSpan): FoundPattern | undefined {
  if (text[span.start] !== "{") return undefined;
  const step = JSON.parse(text.slice(span.start, span.end)) as Readonly<Record<string, unknown>>;
  if (step["type"] !== "ByteLevel" || step["use_regex"] === false) return undefined;
  // A space put before the text must be there before the text is split.
  if (step["add_prefix_space"] !== false) return undefined;
  const write = (Regex: string) =>
    JSON.stringify({
      type: "Sequence",
      pretokenizers: [
        { type: "Split", pattern: { Regex }, behavior: "Isolated", invert: false },
        { ...step, use_regex: false },
      ],
    });
  return { span: spanOf(span), pattern: GPT2_PATTERN, write };
}

function cannotRelax(patterns: readonly string[]): VocabError {
  const hasMarks = patterns.some((pattern) => HAS_MARKS.test(pattern));
  return new VocabError(
    "cannot-relax",
    hasMarks
      ? "the words of this pre-tokenizer hold combining marks already"
      : "the pre-tokenizer of this base is not one whose word branch is known (GPT-2, cl100k, Llama 3, Qwen)",
    { kind: "usage", hint: "leave --relax-pre-tokenizer out" },
  );
}
