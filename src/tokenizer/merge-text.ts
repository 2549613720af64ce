// Reads the merges of a tokenizer.json from its text, without making an object of each: half a million small arrays cost
// a second and 100 MB. What is not written as expected is left to JSON.parse and its error messages.

import { bracketEnd, closingQuote, skipSpace, stringAt } from "./json-text.ts";

/** The text of a tokenizer.json without its merges, and where they stand in the original. */
export interface CutMerges {
  /** The same JSON with an empty list in their place. */
  readonly rest: string;
  readonly start: number;
  readonly end: number;
}

const QUOTE = 0x22;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const COMMA = 0x2c;

/**
 * Cuts out the one list with the key "merges". An unescaped `"merges": [` cannot stand inside a string, and no token with
 * that name has a list for its id. Undefined when there is none, or several.
 */
export function cutMerges(text: string): CutMerges | undefined {
  const found = [...text.matchAll(/(?<!\\)"merges"\s*:\s*\[/g)];
  if (found.length !== 1) return undefined;
  const start = found[0]!.index + found[0]![0].length - 1;
  const end = bracketEnd(text, start);
  return end < 0 ? undefined : { rest: `${text.slice(0, start)}[]${text.slice(end)}`, start, end };
}

/** Takes the two parts of a merge; false refuses it. */
export type TakeMerge = (left: string, right: string) => boolean;

/**
 * Calls `take` with each merge of the list `text[start, end)`, written `["a", "b"]` or `"a b"`. Returns false at the first
 * that is written otherwise or refused: the caller then has to look for what is wrong.
 */
export function readMerges(text: string, start: number, end: number, take: TakeMerge): boolean {
  const stop = end - 1;
  let at = skipSpace(text, start + 1);
  while (at < stop) {
    at = text.charCodeAt(at) === OPEN ? readPair(text, at, take) : readLine(text, at, take);
    if (at < 0) return false;
    at = skipSpace(text, at);
    if (at === stop) return true;
    if (text.charCodeAt(at) !== COMMA) return false;
    at = skipSpace(text, at + 1);
    if (at >= stop) return false;
  }
  return true;
}

// Both return the index behind the merge, or -1.
function readPair(text: string, at: number, take: TakeMerge): number {
  const left = skipSpace(text, at + 1);
  if (text.charCodeAt(left) !== QUOTE) return -1;
  const leftEnd = closingQuote(text, left);
  const comma = skipSpace(text, leftEnd + 1);
  const right = skipSpace(text, comma + 1);
  if (text.charCodeAt(comma) !== COMMA || text.charCodeAt(right) !== QUOTE) return -1;
  const rightEnd = closingQuote(text, right);
  const close = skipSpace(text, rightEnd + 1);
  if (text.charCodeAt(close) !== CLOSE) return -1;
  return take(part(text, left, leftEnd), part(text, right, rightEnd)) ? close + 1 : -1;
}

function readLine(text: string, at: number, take: TakeMerge): number {
  if (text.charCodeAt(at) !== QUOTE) return -1;
  const close = closingQuote(text, at);
  const line = part(text, at, close);
  const space = line.indexOf(" ");
  if (space <= 0 || space === line.length - 1 || line.indexOf(" ", space + 1) >= 0) return -1;
  if (line.startsWith("#version")) return -1;
  return take(line.slice(0, space), line.slice(space + 1)) ? close + 1 : -1;
}

function part(text: string, open: number, close: number): string {
  return stringAt(text, { start: open, end: close + 1 });
}
