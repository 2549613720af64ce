// Adds to the lists and objects of a JSON text in the style in which they are written, so that a diff shows the
// additions alone.

import { forEachChild, type JsonChild, lastChild } from "../tokenizer/json-text.ts";

/** `text.slice(start, end)` becomes `insert`. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly insert: string;
}

/** Makes all edits, which must not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, insert } of [...edits].sort((a, b) => a.start - b.start)) {
    parts.push(text.slice(at, start), insert);
    at = end;
  }
  parts.push(text.slice(at));
  return parts.join("");
}

/** Writes a string as the file does: `\u0120` where a file that has escapes holds nothing but ASCII, else `Ġ`. */
export function stringWriter(text: string): (value: string) => string {
  const escapes = !/[\u0080-\uffff]/.test(text) && /\\u[0-9a-fA-F]{4}/.test(text);
  if (!escapes) return JSON.stringify;
  return (value) =>
    JSON.stringify(value).replace(
      /[\u0080-\uffff]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
}

/** Adds members with numbers for values at the end of the object at `start`. */
export function addNumbers(
  text: string,
  start: number,
  members: readonly (readonly [key: string, value: number])[],
  write: (value: string) => string,
): TextEdit {
  const last = lastChild(text, start);
  const colon = last === undefined ? ": " : text.slice(last.key!.end, last.start);
  const items = members.map(([key, value]) => `${write(key)}${colon}${value}`);
  return addItems(text, start, last, items);
}

/**
 * Adds pairs at the end of the list at `start`, as the last one there is written: `["a", "b"]` over one line or several,
 * or `"a b"`. Into an empty list they go as `["a", "b"]`.
 * @throws RangeError when a part holds a space and pairs are written with one between them
 */
export function addPairs(
  text: string,
  start: number,
  pairs: readonly (readonly [left: string, right: string])[],
  write: (value: string) => string,
): TextEdit {
  const last = lastChild(text, start);
  const format = pairFormat(text, last, write);
  return addItems(
    text,
    start,
    last,
    pairs.map(([left, right]) => format(left, right)),
  );
}

/** Adds pieces with their scores at the end of the list at `start`: `["piece", -1.5]`, spaced as the last one there. */
export function addScored(
  text: string,
  start: number,
  pieces: readonly (readonly [piece: string, score: number])[],
  write: (value: string) => string,
): TextEdit {
  const last = lastChild(text, start);
  const { open, between, close } = last === undefined ? SPACED : spacing(text, last);
  const items = pieces.map(([piece, score]) => `${open}${write(piece)}${between}${decimal(score)}${close}`);
  return addItems(text, start, last, items);
}

// Converters write 0.0, never 0.
function decimal(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** What stands around the two parts of a pair. */
const SPACED = { open: "[", between: ", ", close: "]" };

function spacing(text: string, pair: JsonChild): typeof SPACED {
  const parts: JsonChild[] = [];
  forEachChild(text, pair.start, (part) => void parts.push(part));
  const [left, right] = parts as [JsonChild, JsonChild];
  return {
    open: text.slice(pair.start, left.start),
    between: text.slice(left.end, right.start),
    close: text.slice(right.end, pair.end),
  };
}

function pairFormat(
  text: string,
  last: JsonChild | undefined,
  write: (value: string) => string,
): (left: string, right: string) => string {
  if (last === undefined) return (left, right) => `[${write(left)}, ${write(right)}]`;
  if (text[last.start] === '"')
    return (left, right) => {
      if (left.includes(" ") || right.includes(" "))
        throw new RangeError(`not to be written as one string: ${JSON.stringify([left, right])}`);
      return write(`${left} ${right}`);
    };
  const { open, between, close } = spacing(text, last);
  return (a, b) => `${open}${write(a)}${between}${write(b)}${close}`;
}

// Items follow the last one after the white space that stands before it.
function addItems(
  text: string,
  start: number,
  last: JsonChild | undefined,
  items: readonly string[],
): TextEdit {
  if (items.length === 0) return { start, end: start, insert: "" };
  if (last === undefined) return { start: start + 1, end: start + 1, insert: items.join(", ") };
  const first = last.key?.start ?? last.start;
  let from = first;
  while (/\s/.test(text[from - 1]!)) from--;
  const space = text.slice(from, first);
  return { start: last.end, end: last.end, insert: items.map((item) => `,${space}${item}`).join("") };
}
