// Reads the regular expressions of pre-tokenizers (Oniguruma's Ruby syntax, as the reference library runs it) into a
// tree. Only what an automaton can decide exactly is accepted; everything else is refused by name.

import {
  type CodePointSet,
  complement,
  fromCodePoints,
  fromRanges,
  intersect,
  isEmpty,
  union,
} from "../text/code-point-set.ts";
import type { RegexSyntax } from "./definition.ts";
import { readBracket, readEscape } from "./pattern-brackets.ts";
import { PatternCursor } from "./pattern-cursor.ts";

export type PatternNode =
  | { readonly type: "class"; readonly set: CodePointSet }
  | { readonly type: "sequence"; readonly items: readonly PatternNode[] }
  | { readonly type: "choice"; readonly options: readonly PatternNode[] }
  | {
      readonly type: "repeat";
      readonly item: PatternNode;
      readonly min: number;
      readonly max: number;
      readonly mode: RepeatMode;
    }
  | {
      readonly type: "look";
      readonly set: CodePointSet;
      readonly negative: boolean;
      readonly orEnd: boolean;
    };

export type RepeatMode = "greedy" | "lazy" | "possessive";

/** Repeats are unrolled; a count above this is a mistake or an attack, not a pre-tokenizer. */
const MAX_REPEAT = 1000;

/**
 * Parses a pattern. Positions in errors are UTF-16 offsets in `source`.
 * @throws VocabError `pattern-unsupported` naming the construct.
 */
export function parsePattern(source: string, syntax: RegexSyntax = "oniguruma"): PatternNode {
  const cursor = new PatternCursor(source);
  const node = new PatternParser(cursor, syntax).choice(false, 0);
  if (!cursor.done()) cursor.refuse("an unmatched )");
  return node;
}

/** All sets of code points that a pattern tells apart. */
export function patternSets(node: PatternNode): CodePointSet[] {
  if (node.type === "class" || node.type === "look") return [node.set];
  if (node.type === "repeat") return patternSets(node.item);
  return (node.type === "sequence" ? node.items : node.options).flatMap(patternSets);
}

/** ASCII letters that fold together with a letter outside ASCII (Unicode CaseFolding, simple folds). */
const EXTRA_FOLDS: Readonly<Record<string, number>> = { s: 0x17f, k: 0x212a };
/** Two letters that Oniguruma also folds with one ligature or ß; such a literal would need multi-character folds. */
const MULTI_FOLDS = ["ss", "st", "ff", "fi", "fl"];
const ASCII = fromRanges([[0, 0x80]]);
const LINE_END = fromCodePoints([10]);
const NOTHING = fromCodePoints([]);

class PatternParser {
  private readonly cursor: PatternCursor;
  /** Oniguruma reads Ruby's syntax. */
  private readonly isRuby: boolean;
  /** The last case-insensitive literal, for MULTI_FOLDS, which reach across groups. */
  private lastFolded = "";

  constructor(cursor: PatternCursor, syntax: RegexSyntax) {
    this.cursor = cursor;
    this.isRuby = syntax === "oniguruma";
  }

  choice(ignoreCase: boolean, depth: number): PatternNode {
    this.cursor.checkDepth(depth);
    const options = [this.sequence(ignoreCase, depth)];
    while (this.cursor.take("|")) {
      this.lastFolded = "";
      options.push(this.sequence(ignoreCase, depth));
    }
    return options.length === 1 ? options[0]! : { type: "choice", options };
  }

  private sequence(ignoreCase: boolean, depth: number): PatternNode {
    const items: PatternNode[] = [];
    while (!this.cursor.done() && !this.cursor.at("|") && !this.cursor.at(")")) {
      if (this.atQuantifier()) this.cursor.refuse("a quantifier of nothing");
      let item = this.atom(ignoreCase, depth);
      while (this.atQuantifier()) item = this.quantified(item);
      items.push(item);
    }
    return items.length === 1 ? items[0]! : { type: "sequence", items };
  }

  private atom(ignoreCase: boolean, depth: number): PatternNode {
    const cursor = this.cursor;
    if (cursor.take("(")) return this.group(ignoreCase, depth + 1);
    if (cursor.take("$"))
      return { type: "look", set: this.isRuby ? LINE_END : NOTHING, negative: false, orEnd: true };
    if (cursor.take(".")) return { type: "class", set: complement(LINE_END) };
    if (cursor.at("^")) cursor.refuse("the anchor ^");
    if (cursor.take("[")) {
      const set = readBracket(cursor, depth + 1);
      return { type: "class", set: ignoreCase ? this.foldClass(set) : set };
    }
    const item = cursor.at("\\") ? readEscape(cursor) : cursor.codePoint();
    if (typeof item !== "number") return { type: "class", set: item };
    return { type: "class", set: ignoreCase ? this.foldLiteral(item) : fromCodePoints([item]) };
  }

  private group(ignoreCase: boolean, depth: number): PatternNode {
    const cursor = this.cursor;
    let node: PatternNode;
    if (cursor.take("?:")) node = this.choice(ignoreCase, depth);
    else if (cursor.take("?i:")) node = this.choice(true, depth);
    else if (cursor.take("?=")) node = this.lookahead(false, depth);
    else if (cursor.take("?!")) node = this.lookahead(true, depth);
    else if (cursor.at("?")) return cursor.refuse(`the group (${cursor.rest().slice(0, 3)}`);
    else node = this.choice(ignoreCase, depth);
    if (!cursor.take(")")) cursor.refuse("a missing )");
    return node;
  }

  private lookahead(negative: boolean, depth: number): PatternNode {
    const inner = this.choice(false, depth);
    if (inner.type !== "class") return this.cursor.refuse("a lookahead over more than one character");
    return { type: "look", set: inner.set, negative, orEnd: negative };
  }

  private atQuantifier(): boolean {
    const cursor = this.cursor;
    if (cursor.at("*") || cursor.at("+") || cursor.at("?")) return true;
    return cursor.at("{") && /^\{\d*,?\d*\}/.test(cursor.rest());
  }

  // What an empty round of a repeat does differs between engines, so an item must take at least one character.
  private quantified(item: PatternNode): PatternNode {
    const cursor = this.cursor;
    if (canBeEmpty(item)) cursor.refuse("repeating what can match the empty text");
    if (cursor.at("{")) return this.interval(item);
    const min = cursor.at("+") ? 1 : 0;
    const max = cursor.at("?") ? 1 : Infinity;
    cursor.codePoint();
    const mode = cursor.take("?") ? "lazy" : cursor.take("+") ? "possessive" : "greedy";
    return { type: "repeat", item, min, max, mode };
  }

  // In Ruby syntax `{n,m}+` is not possessive: the + repeats the interval, which the caller's loop does by itself.
  private interval(item: PatternNode): PatternNode {
    const cursor = this.cursor;
    const [text, low, comma, high] = /^\{(\d*)(,?)(\d*)\}/.exec(cursor.rest())!;
    if (low === "" && high === "") cursor.refuse("the interval {}");
    const min = low === "" ? 0 : Number(low);
    const max = comma === "" ? min : high === "" ? Infinity : Number(high);
    if (min > MAX_REPEAT || (max !== Infinity && max > MAX_REPEAT))
      cursor.refuse(`a repeat count above ${MAX_REPEAT}`);
    if (max < min) cursor.refuse("an interval whose end is below its start");
    cursor.take(text);
    if (this.isRuby && comma === "" && cursor.at("?")) cursor.refuse("the interval {n}?");
    const mode = cursor.take("?") ? "lazy" : !this.isRuby && cursor.take("+") ? "possessive" : "greedy";
    return { type: "repeat", item, min, max, mode };
  }

  private foldLiteral(codePoint: number): CodePointSet {
    const character = String.fromCodePoint(codePoint).toLowerCase();
    if (codePoint >= 0x80) this.cursor.refuse(`the case-insensitive literal ${character}`);
    if (MULTI_FOLDS.includes(this.lastFolded + character))
      this.cursor.refuse("a case-insensitive literal with a multi-character fold");
    this.lastFolded = character;
    return foldAscii(codePoint);
  }

  private foldClass(set: CodePointSet): CodePointSet {
    if (!isEmpty(intersect(set, complement(ASCII))))
      this.cursor.refuse("a case-insensitive character class beyond ASCII");
    const members = Array.from({ length: 0x80 }, (_, codePoint) => fromCodePoints([codePoint]));
    return union(
      ...members.filter((one) => !isEmpty(intersect(one, set))).map((one) => foldAscii(one.ranges[0]!)),
    );
  }
}

function foldAscii(codePoint: number): CodePointSet {
  const lower = String.fromCodePoint(codePoint).toLowerCase();
  const folded = [lower.codePointAt(0)!, lower.toUpperCase().codePointAt(0)!];
  if (lower in EXTRA_FOLDS) folded.push(EXTRA_FOLDS[lower]!);
  return fromCodePoints(folded);
}

function canBeEmpty(node: PatternNode): boolean {
  switch (node.type) {
    case "class":
      return false;
    case "look":
      return true;
    case "sequence":
      return node.items.every(canBeEmpty);
    case "choice":
      return node.options.some(canBeEmpty);
    case "repeat":
      return node.min === 0 || canBeEmpty(node.item);
  }
}
