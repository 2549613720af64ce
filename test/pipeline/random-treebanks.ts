// Random treebanks in CoNLL-U, with the text and the words that they were made from: what a reader must find in them.

import { tokenLine } from "../corpus/treebank-lines.ts";
import type { SlowWords } from "../reference/analysis.ts";
import type { Random } from "../tokenizer/hostile-text.ts";
import { hardDocument } from "./hard-documents.ts";

export interface Treebank {
  /** The file. */
  readonly lines: string;
  readonly sentences: readonly TreebankSentence[];
}

export interface TreebankSentence {
  readonly text: string;
  readonly words: SlowWords;
  /** Where it begins in the file, in bytes. */
  readonly offset: number;
}

/** @param likes strings that should occur often */
export function randomTreebank(random: Random, sentences: number, likes: readonly string[] = []): Treebank {
  const lineEnd = random.pick(["\n", "\r\n"]);
  let file = random.pick(["", "\ufeff"]);
  let size = Buffer.byteLength(file);
  const made: TreebankSentence[] = [];
  for (let i = 0; i < sentences; i++) {
    const { text, words, lines } = randomSentence(random, likes);
    made.push({ text, words, offset: size });
    const between = lineEnd.repeat(random.pick([1, 1, 1, 2]));
    const written = lines.join(lineEnd) + (i === sentences - 1 ? "" : lineEnd + between);
    file += written;
    size += Buffer.byteLength(written);
  }
  return { lines: file, sentences: made };
}

interface MadeToken {
  readonly form: string;
  readonly spaceAfter: string;
}

function randomSentence(
  random: Random,
  likes: readonly string[],
): { readonly text: string; readonly words: SlowWords; readonly lines: readonly string[] } {
  const tokens = randomTokens(random, likes);
  const words: [number, number][] = [];
  let text = "";
  tokens.forEach(({ form, spaceAfter }, i) => {
    const start = Buffer.byteLength(text);
    words.push([start, start + Buffer.byteLength(form)]);
    text += form + (i === tokens.length - 1 ? "" : spaceAfter);
  });
  // Of a text with line ends there is no comment, and one with spaces at its ends is not the whole of it.
  const hasComment = !/[\r\n]|^[ \t]|[ \t]$/.test(text) && random.chance(0.6);
  const isForgetful = hasComment && random.chance(0.5) && tokens.every(isFindable);
  const comment = hasComment ? [`# text = ${text}`] : [];
  return { text, words, lines: ["# sent_id = x", ...comment, ...tokenLines(random, tokens, isForgetful)] };
}

// Whether the token is found by its characters, where only white space stands between tokens. JavaScript's \s has U+FEFF,
// which is none, and lacks U+0085.
function isFindable({ form, spaceAfter }: MadeToken): boolean {
  return !/^[\s\u0085]|[\s\u0085]$/.test(form) && spaceAfter.trim() === "";
}

// Hostile text cut at random places, between words and inside them.
function randomTokens(random: Random, likes: readonly string[]): MadeToken[] {
  const characters = [...hardDocument(random, likes).replace(/[\t\r\n]/g, " ")];
  const tokens: MadeToken[] = [];
  for (let at = 0; at < characters.length && tokens.length < 40; ) {
    const form = characters.slice(at, at + random.pick([1, 1, 2, 3, 4, 5, 6, 30])).join("");
    at += [...form].length;
    tokens.push({ form, spaceAfter: random.pick(["", " ", " ", " ", "\u00a0", "  ", "\n", "\t|\\"]) });
  }
  return tokens.length > 1 && tokens.every(({ form }) => form === "_")
    ? tokens.slice(0, 1)
    : tokensOrOne(tokens);
}

function tokensOrOne(tokens: MadeToken[]): MadeToken[] {
  return tokens.length > 0 ? tokens : [{ form: "x", spaceAfter: "" }];
}

/** @param forgetful MISC says nothing of the spaces, or something else: the comment has them */
function tokenLines(random: Random, tokens: readonly MadeToken[], forgetful: boolean): string[] {
  const lines: string[] = [];
  let id = 1;
  for (const { form, spaceAfter } of tokens) {
    const misc = forgetful ? random.pick(["_", "SpaceAfter=No", "X=1"]) : miscOf(random, spaceAfter);
    if (random.chance(0.1)) {
      const length = random.integer(1, 3);
      lines.push(tokenLine(`${id}-${id + length - 1}`, form, misc));
      for (let i = 0; i < length; i++) lines.push(tokenLine(id++, random.pick(["de", "le", "_"])));
    } else lines.push(tokenLine(id++, form, misc));
    if (random.chance(0.05)) lines.push(tokenLine(`${id - 1}.1`, "nobody"));
  }
  return lines;
}

function miscOf(random: Random, space: string): string {
  if (space === " " && random.chance(0.8)) return random.pick(["_", "Gloss=x"]);
  if (space === "" && random.chance(0.8)) return random.pick(["SpaceAfter=No", "A=b|SpaceAfter=No"]);
  const escapes: Readonly<Record<string, string>> = {
    " ": "\\s",
    "\n": "\\n",
    "\t": "\\t",
    "|": "\\p",
    "\\": "\\\\",
  };
  return `SpacesAfter=${[...space].map((character) => escapes[character] ?? character).join("")}`;
}
