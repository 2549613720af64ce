// Finds places in the text of a JSON file, so that it can be read in part, or changed with all the rest kept as it is
// written. The text must be valid JSON, or the places are meaningless; -1 says that something was not found.

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** A value in the text: `text.slice(start, end)`. */
export interface JsonSpan {
  readonly start: number;
  readonly end: number;
}

/** A member of an object with the place of its key, quotes included; an element of a list has no key. */
export interface JsonChild extends JsonSpan {
  readonly key: JsonSpan | undefined;
}

/** Index of the next character that is not JSON's white space. */
export function skipSpace(text: string, from: number): number {
  let at = from;
  for (;;) {
    const unit = text.charCodeAt(at);
    if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return at;
    at++;
  }
}

/** Index of the quote that closes the string opened at `open`, or -1. */
export function closingQuote(text: string, open: number): number {
  let at = text.indexOf('"', open + 1);
  while (at > 0 && isEscaped(text, at)) at = text.indexOf('"', at + 1);
  return at;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
  return slashes % 2 === 1;
}

/** Index behind the bracket that closes the list or object opened at `start`, or -1. */
export function bracketEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at >= 0 && at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) {
      at = closingQuote(text, at);
      if (at < 0) return -1;
    } else if (unit === OPEN_LIST || unit === OPEN_OBJECT) depth++;
    else if ((unit === CLOSE_LIST || unit === CLOSE_OBJECT) && --depth === 0) return at + 1;
  }
  return -1;
}

/** The value of a member by its path of keys; of a key that stands twice the last, as JSON.parse has it. */
export function findValue(text: string, path: readonly string[]): JsonSpan | undefined {
  let start = skipSpace(text, 0);
  let found: JsonSpan | undefined = { start, end: text.trimEnd().length };
  for (const name of path) {
    found = undefined;
    if (text.charCodeAt(start) !== OPEN_OBJECT) return undefined;
    forEachChild(text, start, (child) => {
      if (stringAt(text, child.key!) === name) found = { start: child.start, end: child.end };
    });
    if (found === undefined) return undefined;
    start = (found as JsonSpan).start;
  }
  return found;
}

/** The last member or element of the object or list at `start`, if it has any. */
export function lastChild(text: string, start: number): JsonChild | undefined {
  let last: JsonChild | undefined;
  forEachChild(text, start, (child) => {
    last = child;
  });
  return last;
}

/** Calls `visit` with each member or element of the object or list at `start`. */
export function forEachChild(text: string, start: number, visit: (child: JsonChild) => void): void {
  const isObject = text.charCodeAt(start) === OPEN_OBJECT;
  const close = isObject ? CLOSE_OBJECT : CLOSE_LIST;
  let at = skipSpace(text, start + 1);
  while (at < text.length && text.charCodeAt(at) !== close) {
    const key = isObject ? { start: at, end: closingQuote(text, at) + 1 } : undefined;
    const value = key === undefined ? at : skipSpace(text, skipSpace(text, key.end) + 1);
    const end = valueEnd(text, value);
    visit({ key, start: value, end });
    at = skipSpace(text, end);
    if (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1);
  }
}

/** The string whose quotes are at both ends of the span. */
export function stringAt(text: string, { start, end }: JsonSpan): string {
  const raw = text.slice(start + 1, end - 1);
  return raw.includes("\\") ? (JSON.parse(`"${raw}"`) as string) : raw;
}

function valueEnd(text: string, start: number): number {
  const unit = text.charCodeAt(start);
  if (unit === QUOTE) return closingQuote(text, start) + 1;
  if (unit === OPEN_LIST || unit === OPEN_OBJECT) return bracketEnd(text, start);
  let at = start;
  while (at < text.length && !/[\s,\]}]/.test(text[at]!)) at++;
  return at;
}
