// Text on its way through the normalizers, as UTF-8 bytes that remember which bytes of the original they come from.

import { normalize } from "../text/normalize.ts";
import { codePointSet } from "../text/unicode.ts";
import type { NormalizerStep, UnicodeForm } from "./definition.ts";

/** `starts[i]`, `ends[i]`: the range of the original under byte i. Both absent while nothing has moved. */
export interface AlignedText {
  readonly bytes: Uint8Array;
  readonly starts?: Int32Array;
  readonly ends?: Int32Array;
}

/** Start in the original of the byte at `at`. */
export function originalStart(text: AlignedText, at: number): number {
  return text.starts === undefined ? at : text.starts[at]!;
}

/** End in the original of the byte before `at`. */
export function originalEnd(text: AlignedText, at: number): number {
  return text.ends === undefined ? at : text.ends[at - 1]!;
}

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
    case "prepend":
      return isSectionStart && text.bytes.length > 0 ? prepend(text, step.text) : text;
    case "strip":
      return strip(text, step.left, step.right);
  }
}

/** `text` after all normalizers, without its alignment. */
export function normalizeText(text: string, steps: readonly NormalizerStep[]): string {
  let aligned: AlignedText = { bytes: Buffer.from(text, "utf8") };
  for (const step of steps) aligned = applyNormalizer(aligned, step, true);
  return Buffer.from(aligned.bytes).toString("utf8");
}

class AlignedTextBuilder {
  private bytes: number[] = [];
  private starts: number[] = [];
  private ends: number[] = [];

  add(bytes: Uint8Array, start: number, end: number): void {
    for (const byte of bytes) {
      this.bytes.push(byte);
      this.starts.push(start);
      this.ends.push(end);
    }
  }

  copy(text: AlignedText, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      this.bytes.push(text.bytes[i]!);
      this.starts.push(originalStart(text, i));
      this.ends.push(originalEnd(text, i + 1));
    }
  }

  build(): AlignedText {
    return {
      bytes: Uint8Array.from(this.bytes),
      starts: Int32Array.from(this.starts),
      ends: Int32Array.from(this.ends),
    };
  }
}

/** `text` with `prefix` before it; the prefix lies over nothing of the original. */
export function prepend(text: AlignedText, prefix: string): AlignedText {
  const builder = new AlignedTextBuilder();
  const start = originalStart(text, 0);
  builder.add(Buffer.from(prefix, "utf8"), start, start);
  builder.copy(text, 0, text.bytes.length);
  return builder.build();
}

/** Replaces every occurrence of `pattern`, left to right. */
export function replaceAll(text: AlignedText, pattern: Buffer, content: Buffer): AlignedText {
  const haystack = Buffer.from(text.bytes.buffer, text.bytes.byteOffset, text.bytes.byteLength);
  let found = haystack.indexOf(pattern);
  if (found < 0) return text;
  const builder = new AlignedTextBuilder();
  let done = 0;
  while (found >= 0) {
    builder.copy(text, done, found);
    builder.add(content, originalStart(text, found), originalEnd(text, found + pattern.length));
    done = found + pattern.length;
    found = haystack.indexOf(pattern, done);
  }
  builder.copy(text, done, text.bytes.length);
  return builder.build();
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

/** A starter with all that may reorder around it or compose with it. Composition never reaches over a group's start. */
function combiningGroups(text: string): string[] {
  const groups: string[] = [];
  for (const character of text) {
    if (groups.length > 0 && joinsPrevious(character)) groups[groups.length - 1] += character;
    else groups.push(character);
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
