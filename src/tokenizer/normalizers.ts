// Applies the normalizers of a tokenizer to aligned text.

import { normalize } from "../text/normalize.ts";
import { codePointSet } from "../text/unicode.ts";
import { WHITE_SPACE } from "../text/words.ts";
import {
  type AlignedText,
  AlignedTextBuilder,
  originalEnd,
  originalStart,
  prepend,
  replaceAll,
} from "./aligned-text.ts";
import { lowercase, removeCharacters, replaceMatches, spaceIdeographs } from "./character-maps.ts";
import type { AddedToken, NormalizerStep, UnicodeForm } from "./definition.ts";
import { applyCharsmap } from "./precompiled.ts";
import { normalizeAsSentencePiece } from "./sentencepiece-normalizer.ts";

/** Applies one normalizer. `isSectionStart` is false for text that goes on from a cut, where nothing is prepended. */
export function applyNormalizer(
  text: AlignedText,
  step: NormalizerStep,
  isSectionStart: boolean,
): AlignedText {
  switch (step.type) {
    case "unicode":
      return applyUnicodeForm(text, step.form);
    case "replace":
      return replaceAll(text, Buffer.from(step.pattern, "utf8"), Buffer.from(step.content, "utf8"));
    case "replace-matches":
      return replaceMatches(text, step.pattern, step.content);
    case "remove":
      return removeCharacters(text, step.property);
    case "lowercase":
      return lowercase(text);
    case "space-ideographs":
      return spaceIdeographs(text);
    case "precompiled":
      return applyCharsmap(text, step.charsmap);
    case "sentencepiece":
      return normalizeAsSentencePiece(text, step, isSectionStart);
    case "prepend":
      return isSectionStart && text.bytes.length > 0 ? prepend(text, step.text) : text;
    case "strip":
      return strip(text, step.left, step.right);
  }
}

/** The text that an added token is looked for as. */
export function matchedContent(
  { content, normalized, verbatim }: AddedToken,
  normalizers: readonly NormalizerStep[],
): string {
  return normalized && verbatim !== true ? normalizeText(content, normalizers) : content;
}

/** `text` after all normalizers, without its alignment. */
export function normalizeText(text: string, steps: readonly NormalizerStep[]): string {
  let aligned: AlignedText = { bytes: Buffer.from(text, "utf8") };
  for (const step of steps) aligned = applyNormalizer(aligned, step, true);
  return Buffer.from(aligned.bytes).toString("utf8");
}

function strip(text: AlignedText, left: boolean, right: boolean): AlignedText {
  const string = Buffer.from(text.bytes).toString("utf8");
  const space = codePointSet("White_Space")!;
  const isSpace = (character: string) =>
    space.ranges.some(
      (_, i) =>
        i % 2 === 0 &&
        space.ranges[i]! <= character.codePointAt(0)! &&
        character.codePointAt(0)! < space.ranges[i + 1]!,
    );
  const characters = [...string];
  let start = 0;
  let end = characters.length;
  while (left && start < end && isSpace(characters[start]!)) start++;
  while (right && end > start && isSpace(characters[end - 1]!)) end--;
  if (start === 0 && end === characters.length) return text;
  const from = Buffer.byteLength(characters.slice(0, start).join(""));
  const builder = new AlignedTextBuilder();
  builder.copy(text, from, from + Buffer.byteLength(characters.slice(start, end).join("")));
  return builder.build();
}

// Normalizes between points where nothing can compose or reorder, so that a change stays aligned with its own characters.
function applyUnicodeForm(text: AlignedText, form: UnicodeForm): AlignedText {
  const string = Buffer.from(text.bytes.buffer, text.bytes.byteOffset, text.bytes.byteLength).toString(
    "utf8",
  );
  const whole = normalize(string, form);
  if (whole === string) return text;
  const builder = new AlignedTextBuilder();
  const groups = combiningGroups(string);
  let at = 0;
  for (const group of groups) {
    const length = Buffer.byteLength(group);
    // Long runs of marks take Node quadratic time, so they are not normalized twice.
    const normalized = groups.length === 1 ? whole : normalize(group, form);
    if (normalized === group) builder.copy(text, at, at + length);
    else
      builder.add(Buffer.from(normalized, "utf8"), originalStart(text, at), originalEnd(text, at + length));
    at += length;
  }
  return builder.build();
}

/**
 * A starter with all that may reorder around it or compose with it. Composition never reaches over a group's start. White
 * space composes with nothing: it is a group by itself, so that a word of marks behind it begins where it does.
 */
function combiningGroups(text: string): string[] {
  const groups: string[] = [];
  let isBehindSpace = true;
  for (const character of text) {
    if (!isBehindSpace && joinsPrevious(character)) groups[groups.length - 1] += character;
    else groups.push(character);
    isBehindSpace = WHITE_SPACE.includes(character);
  }
  return groups;
}

// Under NFKC, what a character decomposes to may join: the halfwidth "ﾞ" becomes U+3099, which composes with "カ".
function joinsPrevious(character: string): boolean {
  const joins = combiningTable();
  if (joins[character.codePointAt(0)!] === 1) return true;
  return character >= "\x80" && joins[normalize(character, "NFKD").codePointAt(0)!] === 1;
}

let table: Uint8Array | undefined;

function combiningTable(): Uint8Array {
  if (table !== undefined) return table;
  table = new Uint8Array(0x110000);
  for (const name of ["NfcMaybe", "NfcMark", "M"]) {
    const { ranges } = codePointSet(name)!;
    for (let i = 0; i < ranges.length; i += 2) table.fill(1, ranges[i]!, ranges[i + 1]!);
  }
  return table;
}
