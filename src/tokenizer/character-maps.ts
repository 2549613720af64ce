// Normalizers that look at one character at a time, or at what a pattern matches.

import { type CodePointSet, has } from "../text/code-point-set.ts";
import { codePointSet } from "../text/unicode.ts";
import { type AlignedText, AlignedTextBuilder, originalEnd, originalStart } from "./aligned-text.ts";
import type { SplitPattern } from "./definition.ts";
import { compileSplits, matchEnd } from "./splitter.ts";

/** Rust's `char::to_lowercase`, character by character: no final sigma. */
export function lowercase(text: AlignedText): AlignedText {
  return mapCharacters(text, (character) => character.toLowerCase());
}

/** @param property a name that `codePointSet` knows */
export function removeCharacters(text: AlignedText, property: string): AlignedText {
  const set = codePointSet(property)!;
  return mapCharacters(text, (character) => (has(set, character.codePointAt(0)!) ? "" : character));
}

/** The blocks that BERT takes for words of one character (tokenizers, src/normalizers/bert.rs, `is_chinese_char`). */
const IDEOGRAPHS: CodePointSet = {
  ranges: Int32Array.from(
    [
      [0x3400, 0x4dc0],
      [0x4e00, 0xa000],
      [0xf900, 0xfb00],
      [0x20000, 0x2a6e0],
      [0x2a700, 0x2b820],
      [0x2b920, 0x2ceb0],
      [0x2f800, 0x2fa20],
    ].flat(),
  ),
};

/** A space on both sides of every ideograph; the spaces lie over nothing of the original. */
export function spaceIdeographs(text: AlignedText): AlignedText {
  return mapCharacters(text, (character) =>
    has(IDEOGRAPHS, character.codePointAt(0)!) ? ` ${character} ` : character,
  );
}

// `change` gives what stands for a character; what it leaves as it is keeps its alignment.
function mapCharacters(text: AlignedText, change: (character: string) => string): AlignedText {
  const string = Buffer.from(text.bytes.buffer, text.bytes.byteOffset, text.bytes.byteLength).toString(
    "utf8",
  );
  let builder: AlignedTextBuilder | undefined;
  let at = 0;
  for (const character of string) {
    const next = at + Buffer.byteLength(character);
    const changed = change(character);
    if (changed !== character && builder === undefined) {
      builder = new AlignedTextBuilder();
      builder.copy(text, 0, at);
    }
    if (changed === character) builder?.copy(text, at, next);
    else builder!.add(Buffer.from(changed, "utf8"), originalStart(text, at), originalEnd(text, next));
    at = next;
  }
  return builder === undefined ? text : builder.build();
}

const automata = new Map<string, ReturnType<typeof compileSplits>[number]["automaton"]>();

/**
 * Replaces every match of a pattern, left to right.
 * @throws VocabError `pattern-unsupported`
 */
export function replaceMatches(text: AlignedText, pattern: SplitPattern, content: string): AlignedText {
  const automaton = automatonOf(pattern);
  const { bytes } = text;
  const replacement = Buffer.from(content, "utf8");
  let builder: AlignedTextBuilder | undefined;
  let done = 0;
  for (let at = 0; at < bytes.length; ) {
    const end = matchEnd(automaton, bytes, at, bytes.length);
    if (end <= at) {
      at++;
      while (at < bytes.length && (bytes[at]! & 0xc0) === 0x80) at++;
      continue;
    }
    builder ??= new AlignedTextBuilder();
    builder.copy(text, done, at);
    builder.add(replacement, originalStart(text, at), originalEnd(text, end));
    done = end;
    at = end;
  }
  if (builder === undefined) return text;
  builder.copy(text, done, bytes.length);
  return builder.build();
}

function automatonOf(pattern: SplitPattern): ReturnType<typeof compileSplits>[number]["automaton"] {
  const key = JSON.stringify(pattern);
  let automaton = automata.get(key);
  if (automaton === undefined) {
    [{ automaton }] = compileSplits([{ type: "split", pattern, behavior: "Isolated", invert: false }]) as [
      ReturnType<typeof compileSplits>[number],
    ];
    automata.set(key, automaton);
  }
  return automaton;
}
