// The slow twin of the added-token matcher: tries every token at every position of a string.

import type { AddedToken } from "../../src/tokenizer/definition.ts";

/** A stretch of the text and the id of the added token that stands there, or -1. Offsets count code points. */
export type SlowSection = readonly [start: number, end: number, id: number];

const SPACE = /^[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/u;
const WORD = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\u200c\u200d]$/u;

/**
 * Leftmost token, the longest of those that start there; a `singleWord` token beside a word character is skipped with
 * its text. `lstrip` and `rstrip` swallow the whitespace around: "a <x> b" → "a", " <x> ", "b".
 */
export function sectionsSlowly(text: string, tokens: readonly AddedToken[]): SlowSection[] {
  const characters = [...text];
  const sections: SlowSection[] = [];
  let done = 0;
  for (let at = 0; at < characters.length; ) {
    const token = longestAt(characters, at, tokens);
    if (token === undefined) {
      at++;
      continue;
    }
    let start = at;
    let end = at + [...token.content].length;
    at = end;
    const besideWord = WORD.test(characters[start - 1] ?? "") || WORD.test(characters[end] ?? "");
    if (token.singleWord && besideWord) continue;
    if (token.lstrip) while (start > 0 && SPACE.test(characters[start - 1]!)) start--;
    start = token.lstrip ? Math.max(start, done) : start;
    if (token.rstrip) while (SPACE.test(characters[end] ?? "")) end++;
    if (done < start) sections.push([done, start, -1]);
    sections.push([start, end, token.id]);
    done = end;
  }
  if (done < characters.length) sections.push([done, characters.length, -1]);
  return sections;
}

function longestAt(
  characters: readonly string[],
  at: number,
  tokens: readonly AddedToken[],
): AddedToken | undefined {
  const rest = characters.slice(at).join("");
  const found = tokens.filter((token) => rest.startsWith(token.content));
  return found.sort((a, b) => b.content.length - a.content.length)[0];
}
