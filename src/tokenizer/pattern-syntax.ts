// Reads the regular expressions of pre-tokenizers (Oniguruma's Ruby syntax, as the reference library runs it) into a
// tree. Only what an automaton can decide exactly is accepted; everything else is refused by name.

import { VocabError } from "../errors.ts";
import {
  type CodePointSet,
  complement,
  fromCodePoints,
  fromRanges,
  intersect,
  union,
} from "../text/code-point-set.ts";
import { codePointSet, regexProperty } from "../text/unicode.ts";

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
/** Groups nest at most this deep, so that no pattern can exhaust the stack. */
const MAX_DEPTH = 100;

/**
 * Parses a pattern. Positions in errors are UTF-16 offsets in `source`.
 * @throws VocabError `pattern-unsupported` naming the construct.
 */
export function parsePattern(source: string): PatternNode {
  const parser = new PatternParser(source);
  const node = parser.choice(false, 0);
  if (!parser.done()) parser.refuse("an unmatched )");
  return node;
}

/** ASCII letters that fold together with a letter outside ASCII (Unicode CaseFolding, simple folds). */
const EXTRA_FOLDS: Readonly<Record<string, number>> = { s: 0x17f, k: 0x212a };
/** Two letters that Oniguruma also folds with one ligature or ß; such a literal would need multi-character folds. */
const MULTI_FOLDS = ["ss", "st", "ff", "fi", "fl", "sz"];

const SINGLE_ESCAPES: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, a: 7, e: 27 };

class PatternParser {
  private position = 0;
  private readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  done(): boolean {
    return this.position >= this.source.length;
  }

  refuse(what: string): never {
    throw new VocabError(
      "pattern-unsupported",
      `pattern ${JSON.stringify(this.source)}: ${what} at offset ${this.position} is not supported`,
      {
        hint: "vocab refuses what it cannot reproduce exactly; report the tokenizer so that the construct can be added",
      },
    );
  }

  choice(ignoreCase: boolean, depth: number): PatternNode {
    if (depth > MAX_DEPTH) this.refuse("nesting deeper than 100 groups");
    const options = [this.sequence(ignoreCase, depth)];
    while (this.take("|")) options.push(this.sequence(ignoreCase, depth));
    return options.length === 1 ? options[0]! : { type: "choice", options };
  }

  private sequence(ignoreCase: boolean, depth: number): PatternNode {
    const items: PatternNode[] = [];
    const start = this.position;
    while (!this.done() && !this.at("|") && !this.at(")")) {
      let item = this.atom(ignoreCase, depth);
      while (this.atQuantifier()) item = this.quantified(item);
      items.push(item);
    }
    if (ignoreCase) this.checkFolds(start);
    return items.length === 1 ? items[0]! : { type: "sequence", items };
  }

  private checkFolds(start: number): void {
    const text = this.source.slice(start, this.position).toLowerCase();
    if (MULTI_FOLDS.some((pair) => text.includes(pair)))
      this.refuse("a case-insensitive literal with a multi-character fold");
  }

  private atom(ignoreCase: boolean, depth: number): PatternNode {
    if (this.take("(")) return this.group(ignoreCase, depth + 1);
    if (this.take("[")) {
      if (ignoreCase) this.refuse("a character class in a case-insensitive group");
      return { type: "class", set: this.bracket(depth + 1) };
    }
    if (this.take("$")) return { type: "look", set: fromCodePoints([10]), negative: false, orEnd: true };
    if (this.take(".")) return { type: "class", set: complement(fromCodePoints([10])) };
    if (this.at("^")) this.refuse("the anchor ^");
    if (this.at("\\")) return { type: "class", set: this.escape(ignoreCase) };
    return { type: "class", set: this.fold(this.codePoint(), ignoreCase) };
  }

  private group(ignoreCase: boolean, depth: number): PatternNode {
    let node: PatternNode;
    if (this.take("?:")) node = this.choice(ignoreCase, depth);
    else if (this.take("?i:")) node = this.choice(true, depth);
    else if (this.take("?=")) node = this.lookahead(false, depth);
    else if (this.take("?!")) node = this.lookahead(true, depth);
    else if (this.at("?"))
      return this.refuse(`the group (${this.source.slice(this.position, this.position + 3)}`);
    else node = this.choice(ignoreCase, depth);
    if (!this.take(")")) this.refuse("a missing )");
    return node;
  }

  private lookahead(negative: boolean, depth: number): PatternNode {
    const inner = this.choice(false, depth);
    if (inner.type !== "class") return this.refuse("a lookahead over more than one character");
    return { type: "look", set: inner.set, negative, orEnd: negative };
  }

  private atQuantifier(): boolean {
    return (
      this.at("*") ||
      this.at("+") ||
      this.at("?") ||
      (this.at("{") && /^\{\d*,?\d*\}/.test(this.source.slice(this.position)))
    );
  }

  private quantified(item: PatternNode): PatternNode {
    if (item.type === "look") this.refuse("a repeated lookahead");
    if (this.at("{")) return this.interval(item);
    const symbol = this.source[this.position++];
    const min = symbol === "+" ? 1 : 0;
    const max = symbol === "?" ? 1 : Infinity;
    const mode = this.take("?") ? "lazy" : this.take("+") ? "possessive" : "greedy";
    return { type: "repeat", item, min, max, mode };
  }

  // In Ruby syntax `{n,m}+` is not possessive: the + repeats the interval, which the caller's loop does by itself.
  private interval(item: PatternNode): PatternNode {
    const [text, low, comma, high] = /^\{(\d*)(,?)(\d*)\}/.exec(this.source.slice(this.position))!;
    if (low === "" && high === "") this.refuse("the interval {}");
    this.position += text.length;
    const min = low === "" ? 0 : Number(low);
    const max = comma === "" ? min : high === "" ? Infinity : Number(high);
    if (min > MAX_REPEAT || (max !== Infinity && max > MAX_REPEAT))
      this.refuse(`a repeat count above ${MAX_REPEAT}`);
    if (max < min) this.refuse("an interval whose end is below its start");
    if (comma === "" && this.at("?")) this.refuse("the interval {n}?");
    return { type: "repeat", item, min, max, mode: this.take("?") ? "lazy" : "greedy" };
  }

  // After "[": alternatives joined by &&, each a union of ranges, escapes and nested brackets.
  private bracket(depth: number): CodePointSet {
    if (depth > MAX_DEPTH) this.refuse("nesting deeper than 100 classes");
    const negative = this.take("^");
    let result: CodePointSet | undefined;
    for (;;) {
      const part = this.bracketUnion(depth);
      result = result === undefined ? part : intersect(result, part);
      if (!this.take("&&")) break;
    }
    if (!this.take("]")) this.refuse("a missing ]");
    return negative ? complement(result) : result;
  }

  private bracketUnion(depth: number): CodePointSet {
    let set = fromRanges([]);
    while (!this.at("]") && !this.at("&&")) {
      if (this.done()) this.refuse("a missing ]");
      if (this.at("[:")) this.refuse("a POSIX bracket");
      set = union(set, this.take("[") ? this.bracket(depth + 1) : this.bracketItem());
    }
    return set;
  }

  private bracketItem(): CodePointSet {
    const isEscape = this.at("\\");
    const first = isEscape ? this.escape(false) : fromCodePoints([this.codePoint()]);
    const isSingle = first.ranges.length === 2 && first.ranges[1]! - first.ranges[0]! === 1;
    if (!isSingle || !this.at("-") || this.source[this.position + 1] === "]") return first;
    this.take("-");
    const last = this.at("\\") ? this.escape(false) : fromCodePoints([this.codePoint()]);
    if (last.ranges.length !== 2 || last.ranges[1]! - last.ranges[0]! !== 1)
      this.refuse("a range that ends in a class");
    if (last.ranges[0]! < first.ranges[0]!) this.refuse("a range that runs backwards");
    return fromRanges([[first.ranges[0]!, last.ranges[1]!]]);
  }

  private escape(ignoreCase: boolean): CodePointSet {
    this.position++;
    const letter = this.source[this.position] ?? "";
    if (letter === "p" || letter === "P") return this.property();
    if (letter === "x" || letter === "u") return this.fold(this.hexEscape(letter), ignoreCase);
    const shorthand = shorthandClass(letter);
    if (shorthand !== undefined) {
      this.position++;
      return shorthand;
    }
    if (letter in SINGLE_ESCAPES) {
      this.position++;
      return fromCodePoints([SINGLE_ESCAPES[letter]!]);
    }
    if (letter === "" || /[A-Za-z0-9]/.test(letter)) this.refuse(`the escape \\${letter}`);
    return this.fold(this.codePoint(), ignoreCase);
  }

  private hexEscape(letter: string): number {
    const rest = this.source.slice(this.position + 1);
    const match =
      letter === "u"
        ? /^([0-9A-Fa-f]{4})/.exec(rest)
        : /^(?:\{([0-9A-Fa-f]{1,6})\}|([0-7][0-9A-Fa-f]))/.exec(rest);
    if (match === null) return this.refuse(`the escape \\${letter}`);
    this.position += 1 + match[0].length;
    const value = Number.parseInt(match[1] ?? match[2]!, 16);
    if (value > 0x10ffff) this.refuse("a code point above U+10FFFF");
    return value;
  }

  private property(): CodePointSet {
    const match = /^[pP]\{(\^?)([^}]*)\}/.exec(this.source.slice(this.position));
    if (match === null) return this.refuse("a property without {}");
    const set = regexProperty(match[2]!);
    if (set === undefined) return this.refuse(`the property \\p{${match[2]}}`);
    const negative = (this.source[this.position] === "P") !== (match[1] === "^");
    this.position += match[0].length;
    return negative ? complement(set) : set;
  }

  private fold(codePoint: number, ignoreCase: boolean): CodePointSet {
    if (!ignoreCase) return fromCodePoints([codePoint]);
    const char = String.fromCodePoint(codePoint);
    if (codePoint >= 0x80) this.refuse(`the case-insensitive literal ${char}`);
    const lower = char.toLowerCase();
    const folded = [lower.codePointAt(0)!, char.toUpperCase().codePointAt(0)!];
    if (lower in EXTRA_FOLDS) folded.push(EXTRA_FOLDS[lower]!);
    return fromCodePoints(folded);
  }

  private codePoint(): number {
    const value = this.source.codePointAt(this.position);
    if (value === undefined) return this.refuse("the end");
    this.position += value > 0xffff ? 2 : 1;
    return value;
  }

  private at(text: string): boolean {
    return this.source.startsWith(text, this.position);
  }

  private take(text: string): boolean {
    if (!this.at(text)) return false;
    this.position += text.length;
    return true;
  }
}

function shorthandClass(letter: string): CodePointSet | undefined {
  if (letter === "s" || letter === "S") {
    const space = codePointSet("White_Space")!;
    return letter === "s" ? space : complement(space);
  }
  if (letter === "d" || letter === "D") {
    const digits = codePointSet("Nd")!;
    return letter === "d" ? digits : complement(digits);
  }
  return undefined;
}

/** All sets of code points that a pattern tells apart. */
export function patternSets(node: PatternNode): CodePointSet[] {
  if (node.type === "class" || node.type === "look") return [node.set];
  if (node.type === "repeat") return patternSets(node.item);
  return (node.type === "sequence" ? node.items : node.options).flatMap(patternSets);
}
