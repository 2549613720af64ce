// Reads a tiktoken rank file (`*.tiktoken`, Llama's tokenizer.model): a line `<base64 of the token's bytes> <rank>`.
// The rank is both the priority of the merge and the token id.

import { decodeBase64 } from "./base64.ts";
import { invalidFile, MAX_TOKENS, unsupportedFile } from "./file-place.ts";
import { findTwins } from "./find-twins.ts";

export interface RankedToken {
  readonly bytes: Uint8Array;
  readonly rank: number;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const DIGIT_0 = 0x30;
const MAX_RANK = 0x7fffffff;

/**
 * The tokens in order of rank; ranks may leave gaps (p50k leaves out 50,256). Lines end at LF or CRLF, and blank lines
 * may stand at the end.
 * @throws VocabError `tokenizer-invalid` naming the line
 */
export function readTiktokenRanks(bytes: Uint8Array, file: string): readonly RankedToken[] {
  const tokens = readLines(bytes, file);
  if (tokens.length === 0) throw invalidFile(file, "the whole file", "no ranks");
  requireDifferent(tokens, file);
  const ordered = inOrderOfRank(tokens, file);
  requireSingleBytes(ordered, file);
  return ordered;
}

/** The model falls back to single bytes, so each must have a rank. */
export function requireSingleBytes(tokens: readonly RankedToken[], file: string): void {
  const isThere = new Uint8Array(256);
  for (const { bytes } of tokens) if (bytes.length === 1) isThere[bytes[0]!] = 1;
  const missing = isThere.indexOf(0);
  if (missing < 0) return;
  const name = `0x${missing.toString(16).padStart(2, "0")}`;
  throw invalidFile(
    file,
    "the whole file",
    `the byte ${name} has no rank; all 256 single bytes must have one`,
  );
}

function readLines(bytes: Uint8Array, file: string): RankedToken[] {
  // One array holds the bytes of all tokens.
  const pool = new Uint8Array(Math.ceil(bytes.length / 4) * 3);
  const tokens: RankedToken[] = [];
  const end = contentEnd(bytes);
  let used = 0;
  for (let start = 0; start < end; ) {
    const space = endOfToken(bytes, start, end);
    const lineEnd = endOfLine(bytes, space, end);
    const tokenEnd = decodeBase64(bytes, start, space, pool, used);
    const rank = parseRank(bytes, space + 1, lineEnd);
    if (tokenEnd <= used || rank === undefined)
      throw invalidFile(file, `line ${tokens.length + 1}`, lineFault(bytes, start, space, tokenEnd - used));
    if (tokens.length === MAX_TOKENS)
      throw unsupportedFile(file, `line ${tokens.length + 1}`, `a vocabulary above ${MAX_TOKENS} tokens`);
    tokens.push({ bytes: pool.subarray(used, tokenEnd), rank });
    used = tokenEnd;
    start = bytes[lineEnd] === CARRIAGE_RETURN ? lineEnd + 2 : lineEnd + 1;
  }
  return tokens;
}

function lineFault(bytes: Uint8Array, start: number, space: number, size: number): string {
  if (bytes[space] !== SPACE) return "no space between token and rank";
  if (space === start) return "no token before the space";
  if (size < 0) return "the token is not base64";
  return `the rank is not an integer from 0 to ${MAX_RANK}`;
}

/** Index of the first space of the line, or of its end. */
function endOfToken(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== SPACE && bytes[at] !== LINE_FEED) at++;
  return at;
}

/** Where blank lines at the end begin. */
function contentEnd(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === LINE_FEED || bytes[end - 1] === CARRIAGE_RETURN)) end--;
  return end;
}

/** Index of the LF or CRLF that ends the line, or `end`. */
function endOfLine(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== LINE_FEED) at++;
  return at > start && at < end && bytes[at - 1] === CARRIAGE_RETURN ? at - 1 : at;
}

function parseRank(bytes: Uint8Array, start: number, end: number): number | undefined {
  if (start >= end) return undefined;
  let rank = 0;
  for (let at = start; at < end; at++) {
    const digit = bytes[at]! - DIGIT_0;
    if (digit < 0 || digit > 9) return undefined;
    rank = rank * 10 + digit;
    if (rank > MAX_RANK) return undefined;
  }
  return rank;
}

function requireDifferent(tokens: readonly RankedToken[], file: string): void {
  const twins = findTwins(tokens.map(({ bytes }) => bytes));
  if (twins === undefined) return;
  throw invalidFile(file, `line ${twins.second + 1}`, `the token of line ${twins.first + 1} again`);
}

function inOrderOfRank(tokens: readonly RankedToken[], file: string): readonly RankedToken[] {
  if (tokens.every(({ rank }, i) => i === 0 || rank > tokens[i - 1]!.rank)) return tokens;
  const lines = tokens.map((_, i) => i).sort((a, b) => tokens[a]!.rank - tokens[b]!.rank || a - b);
  for (let i = 1; i < lines.length; i++) {
    const [before, line] = [lines[i - 1]!, lines[i]!];
    const { rank } = tokens[line]!;
    if (tokens[before]!.rank === rank)
      throw invalidFile(file, `line ${line + 1}`, `rank ${rank} is that of line ${before + 1} already`);
  }
  return lines.map((line) => tokens[line]!);
}
